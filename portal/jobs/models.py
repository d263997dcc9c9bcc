"""Pieces of long work, and how far each is."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, BigId, Instant, words


class JobState(StrEnum):
    """How far a piece of work is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVE = (JobState.WAITING, JobState.RUNNING)


class Job(Base):
    """One piece of work. ``content_key`` says what it makes: of equal ones only one is under way at a time.

    ``beat_at`` is when the worker was last heard of; ``step`` is what the work has done for good already, so that it
    is not done twice when it is taken up again.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    content_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[JobState] = mapped_column(words(JobState))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    step: Mapped[str] = mapped_column(String(40), default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_wanted: Mapped[bool] = mapped_column(default=False)
    message: Mapped[str] = mapped_column(Text, default="")
    result_name: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime] = mapped_column(Instant)
    beat_at: Mapped[datetime | None] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    started_done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index(
            "uq_job_live",
            "content_key",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'running')"),
            postgresql_where=text("state IN ('waiting', 'running')"),
        ),
    )

    @property
    def seconds_left(self) -> int | None:
        """How long it will still take at the speed it had so far; None while that cannot be told."""
        if self.state is not JobState.RUNNING or self.started_at is None or self.beat_at is None:
            return None
        taken, made = (self.beat_at - self.started_at).total_seconds(), self.done - self.started_done
        if made <= 0 or taken < 1:
            return None
        return max(1, round((self.total - self.done) * taken / made))

    @property
    def live(self) -> bool:
        """Whether it is waiting or under way."""
        return self.state in LIVE
