"""Keep a fund's committee and its decisions: entered by one person, confirmed by another."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.committees.models import CommitteeDecision, CommitteeMember
from portal.db import take_row, take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.money import MAX_FEN
from portal.periods import now, today
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import Fund
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember

SUBJECT = "committee_decision"

PAGE = 50


@dataclass(frozen=True)
class MemberDetails:
    """Who sits in a committee, as what, and since when."""

    name: str
    office: str
    since: date


@dataclass(frozen=True)
class DecisionDetails:
    """A decision as its minutes have it; the amount is the most that may be paid out under it, in fen."""

    number: str
    decided_on: date
    present: int
    votes_for: int
    votes_against: int
    abstained: int
    decided: str
    amount_fen: int
    interested: int = 0
    interest_note: str = ""

    def content_hash(self) -> str:
        """SHA-256 of what is stated, to tell a repeated submission from another decision."""
        stated = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(stated.encode()).hexdigest()


def find_fund(session: Session, code: str, by: StaffMember) -> Fund:
    """A fund within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    fund = lookups.fund_by_code(session, code)
    if not by.scope.permits(fund.organisation_id, None):
        raise NotFound(_l("没有找到这个基金。"))
    return fund


def seat(fund_code: str, details: MemberDetails, by: StaffMember) -> CommitteeMember:
    """Write down that somebody sits in a fund's committee.

    Raises:
        Invalid: a field is empty, or the day lies ahead.
        Conflict: the same person sits in it already.
    """
    errors: dict[str, Sentence] = {}
    if not 2 <= len(details.name.strip()) <= 60:
        errors["name"] = _l("请填写姓名。")
    if not 2 <= len(details.office.strip()) <= 60:
        errors["office"] = _l("请填写职务，例如“主任”“居民代表”。")
    if details.since > today():
        errors["since"] = _l("日期不能晚于今天。")
    if errors:
        raise Invalid(errors)
    with writing() as session:
        fund = find_fund(session, fund_code, by)
        take_turn(session, f"committee:{fund.id}")
        if any(one.name == details.name.strip() for one in members(session, fund.id)):
            raise Conflict(_l("%(name)s已经是这个管委会的成员。", name=details.name.strip()))
        member = CommitteeMember(
            fund_id=fund.id,
            name=details.name.strip(),
            office=details.office.strip(),
            since=details.since,
            made_by_id=by.id,
            made_at=now(),
        )
        session.add(member)
        session.flush()
        audit.record(
            session, staff=by, action="committee.member_added", subject_kind="fund", subject_id=fund.id
        )
        return member


def unseat(member_id: int, until: date, by: StaffMember) -> CommitteeMember:
    """Write down that somebody left a committee; the row stays.

    Raises:
        NotFound: there is no such member, or none for this person.
        Invalid: the day lies ahead or before the first.
        Conflict: they left already.
    """
    with writing() as session:
        member = session.get(CommitteeMember, member_id, with_for_update=True)
        if member is None or not by.scope.permits(member.fund.organisation_id, None):
            raise NotFound(_l("没有找到这位成员。"))
        if member.until is not None:
            raise Conflict(_l("这位成员已经登记离任。"))
        if not member.since <= until <= today():
            raise Invalid({"until": _l("离任日期要在任职之后，且不能晚于今天。")})
        member.until = until
        audit.record(
            session,
            staff=by,
            action="committee.member_ended",
            subject_kind="fund",
            subject_id=member.fund_id,
        )
        return member


def members(
    session: Session, fund_id: int, *, on: date | None = None, all_time: bool = False
) -> Sequence[CommitteeMember]:
    """Who sits in a fund's committee, now or on a day, or ever did."""
    query = select(CommitteeMember).where(CommitteeMember.fund_id == fund_id)
    if not all_time:
        day = on or today()
        query = query.where(
            CommitteeMember.since <= day, CommitteeMember.until.is_(None) | (CommitteeMember.until >= day)
        )
    return session.scalars(query.order_by(CommitteeMember.since, CommitteeMember.id)).all()


def enter(
    fund_code: str, details: DecisionDetails, by: StaffMember, idempotency_key: str
) -> CommitteeDecision:
    """Enter a decision; another person confirms it against the minutes before it can be used.

    Raises:
        Invalid: a field breaks a rule; the errors name each.
        Conflict: the key was used for another decision.
    """
    with writing() as session:
        take_turn(session, f"committee-decision:{idempotency_key}")
        earlier: CommitteeDecision | None = session.scalar(
            select(CommitteeDecision).where(CommitteeDecision.idempotency_key == idempotency_key)
        )
        if earlier is not None:
            if earlier.content_hash != details.content_hash() or earlier.maker_id != by.id:
                raise Conflict(_l("这张表单已经提交过另一份内容。请打开新的表单重新填写。"))
            return earlier
        fund = find_fund(session, fund_code, by)
        take_turn(session, f"committee:{fund.id}")
        _check(session, details, fund)
        decision = CommitteeDecision(
            **{
                **asdict(details),
                "number": details.number.strip(),
                "decided": details.decided.strip(),
                "interest_note": details.interest_note.strip(),
            },
            fund_id=fund.id,
            organisation_id=fund.organisation_id,
            content_hash=details.content_hash(),
            idempotency_key=idempotency_key,
            maker_id=by.id,
            made_at=now(),
            submitted_at=now(),
            state=DocumentState.PENDING,
        )
        session.add(decision)
        session.flush()
        _note(session, decision, by, "entered")
        return decision


def approve(decision_id: int, by: StaffMember, version: int) -> CommitteeDecision:
    """Confirm a decision as its minutes have it; from now on payouts may be made under it."""
    with writing() as session:
        decision = find(session, decision_id, by, lock=True)
        _decide(session, decision, by, version, Decision.APPROVED)
        decision.state = DocumentState.POSTED
        _note(session, decision, by, "confirmed")
        return decision


def return_to_maker(decision_id: int, by: StaffMember, version: int, reason: str) -> CommitteeDecision:
    """Refuse a decision that is not what the minutes say; it may be entered anew."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明与会议记录不符的地方。")})
    with writing() as session:
        decision = find(session, decision_id, by, lock=True)
        _decide(session, decision, by, version, Decision.RETURNED, reason.strip())
        decision.state = DocumentState.RETURNED
        _free_number(decision)
        _note(session, decision, by, "returned")
        return decision


def withdraw(decision_id: int, by: StaffMember, version: int) -> CommitteeDecision:
    """Take back a decision that nobody confirmed yet."""
    with writing() as session:
        decision = find(session, decision_id, by, lock=True)
        decision.require_state(DocumentState.PENDING, DocumentState.RETURNED)
        decision.require_version(version)
        if decision.state is DocumentState.PENDING:
            _free_number(decision)
        decision.state = DocumentState.WITHDRAWN
        _note(session, decision, by, "withdrawn")
        return decision


def find(session: Session, decision_id: int, by: StaffMember, *, lock: bool = False) -> CommitteeDecision:
    """A decision within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, CommitteeDecision, decision_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这份决议。"))
    return found


def page(
    session: Session, by: StaffMember, *, fund_id: int | None = None, before: int | None = None
) -> Sequence[CommitteeDecision]:
    """Decisions within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(CommitteeDecision), by).order_by(CommitteeDecision.id.desc()).limit(PAGE)
    if fund_id is not None:
        query = query.where(CommitteeDecision.fund_id == fund_id)
    if before is not None:
        query = query.where(CommitteeDecision.id < before)
    return session.scalars(query).all()


def usable(session: Session, by: StaffMember) -> Sequence[CommitteeDecision]:
    """Confirmed decisions within reach under which something is left."""
    left = CommitteeDecision.amount_fen - CommitteeDecision.committed_fen - CommitteeDecision.spent_fen
    query = _within(select(CommitteeDecision), by).where(
        CommitteeDecision.state == DocumentState.POSTED, left > 0
    )
    return session.scalars(query.order_by(CommitteeDecision.fund_id, CommitteeDecision.id)).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[CommitteeDecision]:
    """Decisions that wait to be confirmed, oldest first."""
    query = _within(select(CommitteeDecision), by)
    query = query.where(CommitteeDecision.state == DocumentState.PENDING)
    return session.scalars(query.order_by(CommitteeDecision.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many decisions wait to be confirmed."""
    query = _within(select(func.count(CommitteeDecision.id)), by)
    return session.scalar(query.where(CommitteeDecision.state == DocumentState.PENDING)) or 0


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(CommitteeDecision.organisation_id == by.scope.organisation_id)
    return query


def _free_number(decision: CommitteeDecision) -> None:
    """What was entered wrongly gives its number back: the decision itself stands in the minutes and comes again."""
    decision.number = f"{decision.number[:24]}#{decision.id}"


def _check(session: Session, details: DecisionDetails, fund: Fund) -> None:
    errors: dict[str, Sentence] = {}
    _check_words(details, errors)
    seated = len(members(session, fund.id, on=details.decided_on))
    if details.decided_on > today():
        errors["decided_on"] = _l("会议日期不能晚于今天。")
    elif not seated:
        errors["decided_on"] = _l("这一天“%(fund)s”还没有登记管委会成员，请先登记成员。", fund=fund.name)
    elif not 0 < details.present <= seated:
        errors["present"] = _l("这一天管委会有 %(count)d 位成员，到会人数要在 1 到它之间。", count=seated)
    elif details.present * 2 <= seated:
        errors["present"] = _l("到会不过半数，决议不成立：成员 %(count)d 位。", count=seated)
    _check_votes(details, errors)
    if not 0 < details.amount_fen <= MAX_FEN:
        errors["amount"] = _l("请填写这份决议最多可以支出多少。")
    same = select(CommitteeDecision.id).where(
        CommitteeDecision.fund_id == fund.id, CommitteeDecision.number == details.number.strip()
    )
    if session.scalar(same) is not None:
        errors["number"] = _l("这个基金已经登记过同一编号的决议。")
    if errors:
        raise Invalid(errors)


def _check_words(details: DecisionDetails, errors: dict[str, Sentence]) -> None:
    if not 1 <= len(details.number.strip()) <= 24:
        errors["number"] = _l("请填写决议编号（最多 24 个字），例如“2026-3”。")
    if not 2 <= len(details.decided.strip()) <= 2000:
        errors["decided"] = _l("请照会议记录写明决定的内容（2 至 2000 字）。")
    if len(details.interest_note.strip()) > 500:
        errors["interest_note"] = _l("最多 500 个字。")
    if details.interested > 0 and len(details.interest_note.strip()) < 2:
        errors["interest_note"] = _l("有人回避，请写明谁因为什么利害关系没有参加表决（不公开）。")


def _check_votes(details: DecisionDetails, errors: dict[str, Sentence]) -> None:
    votes = (details.votes_for, details.votes_against, details.abstained, details.interested)
    if min(votes) < 0:
        errors["votes_for"] = _l("票数不能是负数。")
    elif sum(votes) != details.present and "present" not in errors:
        errors["votes_for"] = _l(
            "赞成、反对、弃权、回避加起来要等于到会人数 %(count)d。", count=details.present
        )
    elif details.votes_for <= details.votes_against + details.abstained:
        errors["votes_for"] = _l("赞成不过半数，决议没有通过，不能登记。")


def _decide(
    session: Session,
    decision: CommitteeDecision,
    by: StaffMember,
    version: int,
    verdict: Decision,
    reason: str = "",
) -> None:
    decision.require_state(DocumentState.PENDING)
    decision.require_version(version)
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=decision.id,
        version=version,
        makers=decision.makers,
        checker=by,
        decision=verdict,
        reason=reason,
    )


def _note(session: Session, decision: CommitteeDecision, by: StaffMember, what: str) -> None:
    audit.record(session, staff=by, action=f"{SUBJECT}.{what}", subject_kind=SUBJECT, subject_id=decision.id)
