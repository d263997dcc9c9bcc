"""Reporting that a payout reached its final beneficiaries, in one part or several; till then it is on its way (E24)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.ledger import arrivals
from portal.ledger.arrivals import NewArrival
from portal.ledger.models import LedgerArrival
from portal.refusals import Conflict, Invalid, NotFound
from portal.spending import commitments
from portal.spending.kinds import RULES
from portal.spending.models import Disbursement, DisbursementArrival
from portal.spending.models import DisbursementState as State
from portal.spending.service import find, note
from portal.staff.models import StaffMember

LONGEST_NOTE = 500


@dataclass(frozen=True)
class ArrivalDetails:
    """What is reported; ``note`` (where, how, signed for by whom) never becomes public."""

    arrived_on: date
    amount_fen: int
    people: int | None = None
    note: str = ""


def report_arrival(
    disbursement_id: int, details: ArrivalDetails, by: StaffMember, idempotency_key: str
) -> DisbursementArrival:
    """Report that a part of a payout arrived.

    Raises:
        Conflict: it is not paid, was reversed, has to reach nobody, or the key was used for another report.
        Invalid: evidence is wanting, more would arrive than was paid, or a field breaks a rule.
    """
    content = _content(str(disbursement_id), repr(details))
    with writing() as session:
        earlier = _earlier(session, idempotency_key, content)
        if earlier is not None:
            return earlier
        disbursement = find(session, disbursement_id, by, lock=True)
        disbursement.require_state(State.POSTED)
        _check(session, disbursement, details)
        assert disbursement.entry_id is not None  # noqa: S101 - what is posted has an entry
        arrival = arrivals.record(
            session, disbursement.entry_id, NewArrival(details.arrived_on, details.amount_fen, details.people)
        )
        note(session, disbursement, by, "arrived")
        return _keep(session, disbursement, arrival, details.note.strip(), (by, idempotency_key, content))


def take_back_arrival(
    disbursement_id: int, arrival_id: int, reason: str, by: StaffMember, idempotency_key: str
) -> DisbursementArrival:
    """Take back what was reported by mistake, with a reason; both stay.

    Raises:
        NotFound: the payout has no such arrival.
        Conflict: it was taken back already.
        Invalid: no reason is given.
    """
    content = _content("back", str(arrival_id), reason.strip())
    with writing() as session:
        earlier = _earlier(session, idempotency_key, content)
        if earlier is not None:
            return earlier
        disbursement = find(session, disbursement_id, by, lock=True)
        if not 2 <= len(reason.strip()) <= LONGEST_NOTE:
            raise Invalid({"reason": _l("请写明为什么撤回（2 至 500 字）。")})
        known = session.get(LedgerArrival, arrival_id)
        if known is None or known.entry_id != disbursement.entry_id:
            raise NotFound(_l("没有找到这次送达。"))
        arrival = arrivals.take_back(session, arrival_id)
        note(session, disbursement, by, "arrival_taken_back")
        return _keep(session, disbursement, arrival, reason.strip(), (by, idempotency_key, content))


def reported(session: Session, disbursement_id: int) -> Sequence[DisbursementArrival]:
    """What was reported of a payout, in order."""
    return session.scalars(
        select(DisbursementArrival)
        .where(DisbursementArrival.disbursement_id == disbursement_id)
        .options(joinedload(DisbursementArrival.arrival), joinedload(DisbursementArrival.made_by))
        .order_by(DisbursementArrival.id)
    ).all()


def lacks_evidence(session: Session, disbursement: Disbursement) -> bool:
    """Whether the organisation wants evidence of a payout before its arrival is reported, and there is none."""
    wanted = disbursement.amount_fen >= disbursement.organisation.evidence_required_fen
    return RULES[disbursement.kind].arrives and wanted and not commitments.has_evidence(session, disbursement)


def _check(session: Session, disbursement: Disbursement, details: ArrivalDetails) -> None:
    if details.people is not None and not 0 < details.people <= 10_000_000:
        raise Invalid({"people": _l("受益人次必须是大于零的整数。")})
    if len(details.note) > LONGEST_NOTE:
        raise Invalid({"note": _l("最多 %(longest)d 个字。", longest=LONGEST_NOTE)})
    if lacks_evidence(session, disbursement):
        raise Invalid({"evidence": _l("请先上传至少一份凭证（签收单、发票或照片），再登记送达。")})


def _earlier(session: Session, key: str, content: str) -> DisbursementArrival | None:
    take_turn(session, f"arrival:{key}")
    earlier: DisbursementArrival | None = session.scalar(
        select(DisbursementArrival).where(DisbursementArrival.idempotency_key == key)
    )
    if earlier is not None and earlier.content_hash != content:
        raise Conflict(_l("这张表单已经提交过另一笔内容。请刷新页面重新填写。"))
    return earlier


def _content(*stated: str) -> str:
    return hashlib.sha256("\n".join(stated).encode()).hexdigest()


def _keep(
    session: Session,
    disbursement: Disbursement,
    arrival: LedgerArrival,
    words: str,
    command: tuple[StaffMember, str, str],
) -> DisbursementArrival:
    by, key, content = command
    kept = DisbursementArrival(
        disbursement_id=disbursement.id,
        arrival_id=arrival.id,
        note=words,
        made_by_id=by.id,
        idempotency_key=key,
        content_hash=content,
    )
    session.add(kept)
    session.flush()
    return kept
