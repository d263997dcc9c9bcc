"""Cancelling an entry: requested with a public reason, approved by a second person, never a deletion."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.committees import using
from portal.db import Base, take_row, take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.ledger import posting
from portal.ledger.models import Entry, EntryKind, Transfer
from portal.periods import now, today
from portal.projects import budgets
from portal.public_words import private_words
from portal.refusals import Conflict, Invalid, NotFound
from portal.reversals.covering import cover_shortfall, find_cover, require_reach
from portal.reversals.models import ReversalRequest
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.stock import moving

SUBJECT = "reversal"

OPEN = (DocumentState.DRAFT, DocumentState.PENDING, DocumentState.RETURNED)


def request(
    entry_no: str, reason: str, by: StaffMember, idempotency_key: str, *, cover_fund: str = ""
) -> ReversalRequest:
    """Ask for an entry to be reversed; ``cover_fund`` is the code of a fund that pays for what is spent already.

    Raises:
        NotFound: no such entry, or none in this person's scope.
        Conflict: it is a reversal, was reversed already, or a request for it is waiting.
        Invalid: no reason is given, or the fund named cannot cover it.
    """
    with writing() as session:
        take_turn(session, f"reversal:{entry_no}")
        earlier: ReversalRequest | None = session.scalar(
            select(ReversalRequest).where(ReversalRequest.idempotency_key == idempotency_key)
        )
        if earlier is not None:
            same = (earlier.subject_entry.entry_no, earlier.reason, earlier.maker_id)
            if same != (entry_no, reason.strip(), by.id):
                raise Conflict(_l("这张表单已经提交过另一笔内容。请打开新的申请表重新填写。"))
            return earlier
        if not 2 <= len(reason.strip()) <= 500:
            raise Invalid({"reason": _l("请写明红冲的原因（2 至 500 字），公众会看到。")})
        entry = find_entry(session, entry_no, by)
        private = private_words({"reason": reason}, _unnamed(session, entry))
        if private:
            raise Invalid(private)
        _require_reversible(session, entry)
        require_reach(session, entry.id, by)
        cover = find_cover(session, entry, cover_fund) if cover_fund else None
        wanted = ReversalRequest(
            subject_entry_id=entry.id,
            organisation_id=entry.organisation_id,
            station_id=entry.station_id,
            reason=reason.strip(),
            cover_fund_id=cover.id if cover else None,
            maker_id=by.id,
            made_at=now(),
            submitted_at=now(),
            state=DocumentState.PENDING,
            idempotency_key=idempotency_key,
        )
        session.add(wanted)
        session.flush()
        _note(session, wanted, by, "requested")
        return wanted


def _unnamed(session: Session, entry: Entry) -> list[str]:
    """Who gave or paid, without having agreed to be named: read by table, as gifts stand above this package."""
    gift = Base.metadata.tables["donation"]
    row = session.execute(
        select(gift.c.donor_name, gift.c.payer_name, gift.c.publish_name).where(gift.c.entry_id == entry.id)
    ).one_or_none()
    return [] if row is None else [row.payer_name or "", "" if row.publish_name else row.donor_name or ""]


def approve(request_id: int, by: StaffMember, version: int) -> ReversalRequest:
    """Approve a reversal: the mirror entry stands in the ledger from this moment."""
    with writing() as session:
        wanted = find(session, request_id, by, lock=True)
        _decide(session, wanted, by, version, Decision.APPROVED)
        require_reach(session, wanted.subject_entry_id, by)
        wanted.cover_entry_id = cover_shortfall(session, wanted)
        posted = posting.reverse(
            session, wanted.subject_entry_id, reason=wanted.reason, idempotency_key=f"reversal:{wanted.id}"
        )
        moving.undo(session, wanted.subject_entry_id, posted.id, today())
        budgets.give_back(session, wanted.subject_entry_id, posted.id)
        using.give_back(session, wanted.subject_entry_id)
        wanted.entry_id = posted.id
        wanted.state = DocumentState.POSTED
        _note(session, wanted, by, "approved")
        return wanted


def return_to_maker(request_id: int, by: StaffMember, version: int, reason: str) -> ReversalRequest:
    """Refuse a reversal with a reason; a new request may be made."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明不同意的原因。")})
    with writing() as session:
        wanted = find(session, request_id, by, lock=True)
        _decide(session, wanted, by, version, Decision.RETURNED, reason.strip())
        wanted.state = DocumentState.RETURNED
        _note(session, wanted, by, "returned")
        return wanted


def withdraw(request_id: int, by: StaffMember, version: int) -> ReversalRequest:
    """Take a request back."""
    with writing() as session:
        wanted = find(session, request_id, by, lock=True)
        wanted.require_state(DocumentState.PENDING)
        wanted.require_version(version)
        wanted.state = DocumentState.WITHDRAWN
        _note(session, wanted, by, "withdrawn")
        return wanted


def find(session: Session, request_id: int, by: StaffMember, *, lock: bool = False) -> ReversalRequest:
    """A request within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, ReversalRequest, request_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, found.station_id):
        raise NotFound(_l("没有找到这份红冲申请。"))
    return found


def find_entry(session: Session, entry_no: str, by: StaffMember) -> Entry:
    """An entry of the ledger within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    entry: Entry | None = session.scalar(select(Entry).where(Entry.entry_no == entry_no))
    if entry is None or not by.scope.permits(entry.organisation_id, entry.station_id):
        raise NotFound(_l("没有找到这笔记录。"))
    return entry


def _require_reversible(session: Session, entry: Entry) -> None:
    if entry.kind is EntryKind.REVERSAL:
        raise Conflict(_l("这一笔本身就是红冲，不能再红冲。需要时请重新登记一笔。"))
    moved = session.get(Transfer, entry.id)
    if moved is not None and moved.to_fund_id == entry.fund_id:
        raise Conflict(_l("这是基金整体变更用途，不能红冲。要改回去，请再办一次变更用途。"))
    if session.scalar(select(Entry.id).where(Entry.reverses_id == entry.id)) is not None:
        raise Conflict(_l("这一笔已经红冲过了，每一笔只能红冲一次。"))
    waiting = session.scalar(
        select(ReversalRequest.id).where(
            ReversalRequest.subject_entry_id == entry.id, ReversalRequest.state == DocumentState.PENDING
        )
    )
    if waiting is not None:
        raise Conflict(_l("这一笔的红冲申请正在等待复核。"))


def _decide(
    session: Session,
    wanted: ReversalRequest,
    by: StaffMember,
    version: int,
    decision: Decision,
    reason: str = "",
) -> None:
    wanted.require_state(DocumentState.PENDING)
    wanted.require_version(version)
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=wanted.id,
        version=version,
        makers=wanted.makers,
        checker=by,
        decision=decision,
        reason=reason,
    )


def _note(session: Session, wanted: ReversalRequest, by: StaffMember, what: str) -> None:
    audit.record(session, staff=by, action=f"reversal.{what}", subject_kind=SUBJECT, subject_id=wanted.id)
