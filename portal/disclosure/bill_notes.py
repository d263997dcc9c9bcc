"""Mending the words of a published bill: the old ones stay, beside them the new, why, when and in which function."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure.bill_corrections import note_of
from portal.disclosure.bill_scopes import find_published
from portal.disclosure.bills import SUBJECT, check_note
from portal.disclosure.models import Bill, BillNoteCorrection
from portal.disclosure.published import note_leaf
from portal.i18n import lazy_gettext as _l
from portal.ledger import posting
from portal.periods import now
from portal.refusals import Invalid, NotFound
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.translog.appending import append

LONGEST_REASON = 500


def mend_note(bill_no: str, note: str, reason: str, by: StaffMember) -> BillNoteCorrection:
    """Publish other words for a bill's note; a leaf of the log fixes them.

    Raises:
        NotFound: there is no such published bill, or none for this person.
        Invalid: no reason, nothing changed (a second click changes nothing), or too long.
    """
    check_note(note)
    _check_reason(reason.strip())
    with writing() as session:
        posting.lock(session)
        bill = find_published(session, bill_no)
        if bill is None or not by.scope.permits(bill.organisation_id, None):
            raise NotFound(_l("没有这份账单。"))
        correction = BillNoteCorrection(
            bill_id=bill.id,
            number=_next_number(session, bill),
            old_note=note_of(session, bill),
            new_note=note.strip(),
            reason=reason.strip(),
            made_at=now(),
            maker_id=by.id,
            maker_role=by.role,
        )
        if correction.new_note == correction.old_note:
            raise Invalid({"note": _l("说明没有改动。请写上更正后的说明。")})
        session.add(correction)
        session.flush()
        append(session, note_leaf(correction, bill.bill_no))
        audit.record(
            session, staff=by, action="bill.note_corrected", subject_kind=SUBJECT, subject_id=bill.id
        )
        return correction


def _next_number(session: Session, bill: Bill) -> int:
    last = session.scalar(
        select(func.max(BillNoteCorrection.number)).where(BillNoteCorrection.bill_id == bill.id)
    )
    return (last or 0) + 1


def _check_reason(reason: str) -> None:
    if not reason:
        raise Invalid({"reason": _l("请写明为什么更正，公众会看到。")})
    if len(reason) > LONGEST_REASON:
        raise Invalid({"reason": _l("原因最多 %(most)d 个字。", most=LONGEST_REASON)})
