"""People who work at the desk, their sessions, what they did, and what they approved."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.staff.scope import Scope

APPEND_ONLY_TABLES = ("audit_event", "approval")


class Role(StrEnum):
    """What a person may do; the table of routes is ``access.py``."""

    STATION_CLERK = "station_clerk"
    FEDERATION_CLERK = "federation_clerk"
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    BUREAU = "bureau"


class Decision(StrEnum):
    """What a reviewer decided."""

    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"


class Outcome(StrEnum):
    """How an audited action ended."""

    DONE = "done"
    REFUSED = "refused"


class StaffMember(Base):
    """An account of one person. Accounts are deactivated, never deleted or shared."""

    __tablename__ = "staff_member"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(String(40), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    role: Mapped[Role] = mapped_column(words(Role))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    credentials_changed_at: Mapped[datetime] = mapped_column(Instant)
    credentials_changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    totp_secret_encrypted: Mapped[str | None] = mapped_column(String(200))
    totp_confirmed: Mapped[bool] = mapped_column(default=False)
    totp_last_step: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (
        CheckConstraint(
            "role <> 'station_clerk' OR station_id IS NOT NULL", name="station_clerk_has_station"
        ),
        CheckConstraint(
            "station_id IS NULL OR organisation_id IS NOT NULL", name="station_within_organisation"
        ),
    )

    @property
    def scope(self) -> Scope:
        """How far this person's work reaches."""
        return Scope(self.organisation_id, self.station_id)


class StaffSession(Base):
    """A login. Only the hash of its token is kept, so a stolen database opens no session."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    device: Mapped[str] = mapped_column(String(120), default="")


class LoginThrottle(Base):
    """Failed logins of one account name or network, kept in the database so that all workers count together."""

    __tablename__ = "login_throttle"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[datetime] = mapped_column(Instant)
    locked_until: Mapped[datetime | None] = mapped_column(Instant)


class AuditEvent(Base):
    """One action of a person, for good."""

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40), default="")
    subject_id: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[Outcome] = mapped_column(words(Outcome), default=Outcome.DONE)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    staff: Mapped[StaffMember | None] = relationship(viewonly=True, lazy="joined")

    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)


class Approval(Base):
    """A second person's decision on exactly one version of a document."""

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int]
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    checker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    decision: Mapped[Decision] = mapped_column(words(Decision))
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (
        CheckConstraint("maker_id <> checker_id", name="checker_is_not_maker"),
        Index("ix_approval_subject", "subject_kind", "subject_id"),
    )
