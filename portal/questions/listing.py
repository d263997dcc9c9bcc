"""Which questions there are: for everybody, and for those who have to answer them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.disclosure.filters import MOST, SWITCHES, BadFilter
from portal.i18n import gettext as _
from portal.periods import today
from portal.questions.asking import by_number
from portal.questions.models import AboutKind, Question, Withholding, WithholdingState
from portal.questions.public import PublicQuestion, QuestionState, public_question
from portal.questions.subjects import LONGEST_NUMBER
from portal.refusals import Sentence
from portal.registry.models import Organisation
from portal.staff.models import StaffMember

PAGE, DESK_PAGE = 20, 50
WORDS = frozenset({"state", "organisation", "kind", "number", "after", "limit"})


@dataclass(frozen=True)
class QuestionQuery:
    """A selection of questions; ``after`` is the id of the last one of the page before."""

    state: QuestionState | None = None
    organisation: str = ""
    kind: AboutKind | None = None
    number: str = ""
    after: int | None = None
    limit: int = PAGE


@dataclass(frozen=True)
class QuestionPage:
    """Questions, newest first, and the cursor of the next page."""

    questions: Sequence[PublicQuestion]
    following: int | None


def read_query(given: Mapping[str, Sequence[str]]) -> QuestionQuery:
    """Read a selection from an address.

    Raises:
        BadFilter: naming every unknown word and bad value.
    """
    errors: dict[str, Sentence] = {
        word: _("不认识的参数“%(word)s”。", word=word[:60]) for word in given if word not in WORDS | SWITCHES
    }
    first = {word: values[0].strip() for word, values in given.items() if values and word in WORDS}
    for word, allowed in (("state", set(QuestionState)), ("kind", set(AboutKind))):
        if first.get(word, "") not in ("", *allowed):
            errors[word] = _("请用这几个词：%(words)s。", words="、".join(sorted(allowed)))
    for word, most in (("after", 2**62), ("limit", MOST)):
        value = first.get(word, "")
        if value and not (value.isascii() and value.isdigit() and 1 <= int(value[:20]) <= most):
            errors[word] = _("请用 1 至 %(most)d 之间的整数。", most=most)
    for word in ("organisation", "number"):
        if len(first.get(word, "")) > LONGEST_NUMBER or "\x00" in first.get(word, ""):
            errors[word] = _("太长了，或者含有无法查找的字符。")
    if errors:
        raise BadFilter(errors)
    return QuestionQuery(
        state=QuestionState(first["state"]) if first.get("state") else None,
        organisation=first.get("organisation", "").upper(),
        kind=AboutKind(first["kind"]) if first.get("kind") else None,
        number=first.get("number", ""),
        after=int(first["after"]) if first.get("after") else None,
        limit=int(first.get("limit") or PAGE),
    )


def page(session: Session, query: QuestionQuery) -> QuestionPage:
    """Questions of a selection, newest first."""
    day = today()
    wanted = _selected(select(Question), query, day).order_by(Question.id.desc())
    if query.after is not None:
        wanted = wanted.where(Question.id < query.after)
    rows = session.scalars(_whole(wanted.limit(query.limit + 1))).unique().all()
    shown = rows[: query.limit]
    following = shown[-1].id if len(rows) > query.limit else None
    return QuestionPage([public_question(one, day) for one in shown], following)


def one(session: Session, question_no: str) -> PublicQuestion:
    """The question with a number, as the public sees it.

    Raises:
        NotFound: there is none.
    """
    return public_question(by_number(session, question_no), today())


def count_about(session: Session, kind: AboutKind, number: str) -> int:
    """How many questions there are about one thing, withheld ones as well."""
    query = select(func.count(Question.id)).where(Question.about_kind == kind, Question.about_no == number)
    return session.scalar(query) or 0


def asked_organisations(session: Session) -> list[tuple[str, str]]:
    """Code and name of the organisations that were asked something, by name."""
    query = select(Organisation.uscc, Organisation.name).where(
        Organisation.id.in_(select(Question.organisation_id))
    )
    return [(uscc, name) for uscc, name in session.execute(query.order_by(Organisation.name))]


def desk_page(
    session: Session, by: StaffMember, *, limit: int = DESK_PAGE, before: int | None = None
) -> list[Question]:
    """Questions within reach: those that wait, the most urgent first; then the others, the newest first."""
    waiting = session.scalars(
        _whole(_waiting(select(Question), by).order_by(Question.waiting_due_on, Question.id))
    ).unique()
    others = _within(select(Question), by).where(Question.waiting_turn.is_(None)).order_by(Question.id.desc())
    if before is not None:
        return list(session.scalars(_whole(others.where(Question.id < before).limit(limit))).unique())
    return [*waiting, *session.scalars(_whole(others.limit(limit))).unique()]


def to_answer(session: Session, by: StaffMember, *, limit: int) -> Sequence[Question]:
    """What waits for an answer, the most urgent first."""
    query = _waiting(select(Question), by).order_by(Question.waiting_due_on, Question.id).limit(limit)
    return session.scalars(_whole(query)).unique().all()


def count_to_answer(session: Session, by: StaffMember) -> int:
    """How many questions wait for an answer."""
    return session.scalar(_waiting(select(func.count(Question.id)), by)) or 0


def count_late(session: Session, by: StaffMember) -> int:
    """How many of them wait over their last day."""
    query = _waiting(select(func.count(Question.id)), by).where(Question.waiting_due_on < today())
    return session.scalar(query) or 0


def to_decide(session: Session, by: StaffMember, *, limit: int) -> Sequence[Withholding]:
    """Words that somebody wants withheld, oldest first."""
    query = _undecided(select(Withholding), by).order_by(Withholding.id).limit(limit)
    return session.scalars(query.options(joinedload(Withholding.question))).all()


def count_to_decide(session: Session, by: StaffMember) -> int:
    """How many wishes to withhold words wait for a second person."""
    return session.scalar(_undecided(select(func.count(Withholding.id)), by)) or 0


def _selected(wanted: Select[Any], query: QuestionQuery, day: date) -> Select[Any]:
    waiting = Question.waiting_due_on
    if query.state is QuestionState.WAITING:
        wanted = wanted.where(waiting.is_not(None))
    elif query.state is QuestionState.LATE:
        wanted = wanted.where(waiting < day)
    elif query.state is QuestionState.ANSWERED:
        wanted = wanted.where(Question.answered_on.is_not(None))
    elif query.state is QuestionState.WITHHELD:
        wanted = wanted.where(Question.withheld.is_not(None))
    if query.organisation:
        owner = select(Organisation.id).where(Organisation.uscc == query.organisation).scalar_subquery()
        wanted = wanted.where(Question.organisation_id == owner)
    if query.kind is not None:
        wanted = wanted.where(Question.about_kind == query.kind)
    if query.number:
        wanted = wanted.where(Question.about_no.in_({query.number, query.number.upper()}))
    return wanted


def _whole(query: Select[Any]) -> Select[Any]:
    return query.options(
        joinedload(Question.organisation), selectinload(Question.turns), selectinload(Question.withholdings)
    )


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(Question.organisation_id == by.scope.organisation_id)
    return query


def _waiting(query: Select[Any], by: StaffMember) -> Select[Any]:
    return _within(query, by).where(Question.waiting_due_on.is_not(None))


def _undecided(query: Select[Any], by: StaffMember) -> Select[Any]:
    query = query.join(Question, Question.id == Withholding.question_id)
    return _within(query, by).where(Withholding.state == WithholdingState.PROPOSED)
