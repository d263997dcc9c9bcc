"""What everybody sees of a question: its number, subject and clock always; its words unless hidden or withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.periods import local
from portal.questions.clock import Clock, clock_of
from portal.questions.models import (
    AboutKind,
    Question,
    QuestionTurn,
    TurnKind,
    WithheldReason,
    WithholdingState,
)
from portal.questions.subjects import Place, place_of
from portal.staff.models import Role


class QuestionState(StrEnum):
    """How far a question is, as the public reads it."""

    WAITING = "waiting"
    LATE = "late"
    ANSWERED = "answered"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class PublicTurn:
    """What somebody said. ``words`` is None while nobody looked at them (``hidden``) and when they are withheld.

    ``salt`` (hexadecimal) opens the seal that stands in the log; it is there whenever sealed words are.
    """

    number: int
    kind: TurnKind
    said_at: datetime
    words: str | None
    nickname: str
    function: Role | None
    withheld: WithheldReason | None
    leaf_index: int
    salt: str | None

    @property
    def hidden(self) -> bool:
        """Whether somebody has yet to look at it."""
        return self.words is None and self.withheld is None

    @property
    def said_on(self) -> date:
        """The day; the time of day is not shown."""
        return local(self.said_at).date()


@dataclass(frozen=True)
class PublicQuestion:
    """A question as anybody may see it. ``clock`` is there while something waits for an answer."""

    id: int
    question_no: str
    about_kind: AboutKind
    about_no: str
    about_name: str
    place: Place
    organisation_uscc: str
    organisation_name: str
    asked_at: datetime
    due_on: date
    answered_on: date | None
    working_days_taken: int | None
    state: QuestionState
    clock: Clock | None
    turns: Sequence[PublicTurn]

    @property
    def first(self) -> PublicTurn:
        """The question itself."""
        return self.turns[0]

    @property
    def updated_at(self) -> datetime:
        """When something was said last."""
        return self.turns[-1].said_at

    @property
    def asked_on(self) -> date:
        """The day on which it was asked."""
        return local(self.asked_at).date()

    @property
    def answered_late(self) -> bool:
        """Whether the first answer came after its last day."""
        return self.answered_on is not None and self.answered_on > self.due_on


def public_question(question: Question, day: date) -> PublicQuestion:
    """A question as the public sees it on a day."""
    withheld = {
        one.turn_number: one.reason for one in question.withholdings if one.state is WithholdingState.UPHELD
    }
    return PublicQuestion(
        id=question.id,
        question_no=question.question_no,
        about_kind=question.about_kind,
        about_no=question.about_no,
        about_name=question.about_name,
        place=place_of(question.about_kind, question.about_no),
        organisation_uscc=question.organisation.uscc,
        organisation_name=question.organisation.name,
        asked_at=question.asked_at,
        due_on=question.due_on,
        answered_on=question.answered_on,
        working_days_taken=question.working_days_taken,
        state=state_of(question, day),
        clock=clock_of(question.waiting_due_on, day) if question.waiting_due_on else None,
        turns=[_public_turn(question, turn, withheld, day) for turn in question.turns],
    )


def state_of(question: Question, day: date) -> QuestionState:
    """How far a question is on a day."""
    if question.waiting_due_on is not None:
        return QuestionState.LATE if question.waiting_due_on < day else QuestionState.WAITING
    return QuestionState.ANSWERED if question.answered_on else QuestionState.WITHHELD


def is_hidden(question: Question, turn_number: int, day: date) -> bool:
    """Whether the words of a turn wait for somebody to look at them."""
    through = question.hidden_through_on
    return turn_number == question.waiting_turn and through is not None and day <= through


def _public_turn(
    question: Question, turn: QuestionTurn, withheld: Mapping[int, WithheldReason], day: date
) -> PublicTurn:
    shown = turn.number not in withheld and not is_hidden(question, turn.number, day)
    return PublicTurn(
        number=turn.number,
        kind=turn.kind,
        said_at=turn.said_at,
        words=turn.words if shown else None,
        nickname=turn.nickname if shown else "",
        function=turn.function,
        withheld=withheld.get(turn.number),
        leaf_index=turn.leaf_index,
        salt=turn.salt.hex() if shown and turn.salt else None,
    )
