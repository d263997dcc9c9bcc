"""What citizens ask in public about an entry, a bill, a fund and the like, and what they are told.

A question is a conversation of turns: the question, an answer, perhaps one more question about the answer. Turns are
never changed or deleted; each has its leaf in the log (``leaves.py``). How far the conversation is, its question says.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, index_of_some
from portal.db import words as words_of
from portal.registry.models import Organisation
from portal.staff.models import Role, StaffMember

APPEND_ONLY_TABLES = ("question_turn",)


class AboutKind(StrEnum):
    """What a question may be about."""

    ENTRY = "entry"
    BILL = "bill"
    ORGANISATION = "organisation"
    FUND = "fund"
    STATION = "station"
    PROJECT = "project"
    CAMPAIGN = "campaign"


class TurnKind(StrEnum):
    """Who speaks: the citizen who asks, or the organisation that answers."""

    ASKED = "asked"
    FOLLOW_UP = "follow_up"
    ANSWERED = "answered"


class WithheldReason(StrEnum):
    """Why words are not shown. There is no other reason: an awkward question is answered."""

    PRIVACY = "privacy"
    INSULT = "insult"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off_topic"


class WithholdingState(StrEnum):
    """What became of the wish to withhold words."""

    PROPOSED = "proposed"
    UPHELD = "upheld"
    REFUSED = "refused"


class Question(Base):
    """One question. The public sees its number, its subject and its clock from the first second.

    ``due_on`` and ``answered_on`` are of the first turn, for the figures; ``waiting_turn`` is the number of the turn
    that waits for an answer now, ``waiting_due_on`` its last day. The words of that turn are hidden through
    ``hidden_through_on`` unless staff looked at them before (None: they are shown). ``code_hash`` is the SHA-256 of the
    code that only the asker knows.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_no: Mapped[str] = mapped_column(String(20), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    about_kind: Mapped[AboutKind] = mapped_column(words_of(AboutKind))
    about_no: Mapped[str] = mapped_column(String(60))
    about_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date]
    answered_on: Mapped[date | None]
    working_days_taken: Mapped[int | None]
    withheld: Mapped[WithheldReason | None] = mapped_column(words_of(WithheldReason))
    waiting_turn: Mapped[int | None]
    waiting_due_on: Mapped[date | None]
    hidden_through_on: Mapped[date | None]
    code_hash: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    words_hash: Mapped[str] = mapped_column(String(64))

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    turns: Mapped[list["QuestionTurn"]] = relationship(order_by="QuestionTurn.number", viewonly=True)
    withholdings: Mapped[list["Withholding"]] = relationship(order_by="Withholding.id", viewonly=True)

    __table_args__ = (
        CheckConstraint("(waiting_turn IS NULL) = (waiting_due_on IS NULL)", name="waiting_has_a_day"),
        CheckConstraint("waiting_turn IS NOT NULL OR hidden_through_on IS NULL", name="hidden_while_waiting"),
        CheckConstraint(
            "(answered_on IS NULL) = (working_days_taken IS NULL)", name="answered_in_so_many_days"
        ),
        CheckConstraint("withheld IS NULL OR answered_on IS NULL", name="withheld_or_answered"),
        Index("ix_question_about", "about_kind", "about_no", "id"),
        Index("ix_question_organisation", "organisation_id", "id"),
        Index("ix_question_words", "words_hash", "asked_at"),
        index_of_some("ix_question_waiting", "waiting_due_on", "organisation_id"),
    )


class QuestionTurn(Base):
    """What somebody said, for good. ``salt`` opens the seal of what a citizen said in the log; answers need none.

    ``nickname`` is what the asker wants to be called in public; ``function`` as whom a member of staff answers.
    """

    __tablename__ = "question_turn"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    kind: Mapped[TurnKind] = mapped_column(words_of(TurnKind))
    words: Mapped[str] = mapped_column(Text)
    nickname: Mapped[str] = mapped_column(String(20), default="")
    said_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None]
    salt: Mapped[bytes | None]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    function: Mapped[Role | None] = mapped_column(words_of(Role))
    leaf_index: Mapped[int] = mapped_column(BigInteger, unique=True)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)

    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("words <> ''", name="says_something"),
        CheckConstraint(
            "(kind = 'answered') = (by_id IS NOT NULL) AND (kind = 'answered') = (function IS NOT NULL)",
            name="answered_by_somebody",
        ),
        CheckConstraint(
            "(kind = 'answered') = (salt IS NULL) AND (kind = 'answered') = (due_on IS NULL)",
            name="asked_is_sealed",
        ),
    )


class Withholding(Base):
    """Somebody wants the words of a turn not to be shown; a second person upholds or refuses it.

    ``note`` tells the second person, auditors and the bureau what the matter is, and is not public.
    """

    __tablename__ = "question_withholding"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    turn_number: Mapped[int]
    reason: Mapped[WithheldReason] = mapped_column(words_of(WithheldReason))
    note: Mapped[str] = mapped_column(String(500))
    state: Mapped[WithholdingState] = mapped_column(
        words_of(WithholdingState), default=WithholdingState.PROPOSED
    )
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    leaf_index: Mapped[int | None] = mapped_column(BigInteger, unique=True)

    question: Mapped[Question] = relationship(viewonly=True)
    proposed_by: Mapped[StaffMember] = relationship(foreign_keys="Withholding.proposed_by_id", viewonly=True)

    __table_args__ = (
        CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name="decided_has_a_time"),
        CheckConstraint("(state = 'upheld') = (leaf_index IS NOT NULL)", name="upheld_has_leaf"),
        CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="decided_by_another"
        ),
        Index(
            "uq_question_withholding_open",
            "question_id",
            unique=True,
            sqlite_where=text("state = 'proposed'"),
            postgresql_where=text("state = 'proposed'"),
        ),
    )


class QuestionCounter(Base):
    """The last number that was given out in a year.

    ``lost_leaves`` are leaves of questions whose rows were lost when an older copy of the books was put back.
    """

    __tablename__ = "question_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)
    lost_leaves: Mapped[int] = mapped_column(default=0)


class AskingCount(Base):
    """How often somebody behind an address asked in a stretch of time; ``key`` is a keyed hash of both.

    Nobody can tell the address from it, nor whether two stretches belong to the same one. Old rows are deleted.
    """

    __tablename__ = "question_asking_count"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    last_day: Mapped[date] = mapped_column(index=True)
    asked: Mapped[int] = mapped_column(default=0)
