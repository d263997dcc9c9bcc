"""Where a published bill stands on the national platform: noted by staff, shown beside the bill (REQ-POS-01)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure.bill_scopes import find_published
from portal.disclosure.models import Bill, BillPlatformPage
from portal.i18n import gettext as _
from portal.periods import now
from portal.refusals import Invalid, NotFound
from portal.registry.services.checks import web_address
from portal.staff import audit
from portal.staff.models import StaffMember

LONGEST = 300


def note(bill_no: str, url: str, by: StaffMember) -> BillPlatformPage:
    """Write down where a published bill stands on the national platform.

    Raises:
        NotFound: there is no such published bill, or none for this person.
        Invalid: the address is none.
    """
    address = url.strip()
    errors: dict[str, str] = {}
    web_address(errors, "url", address)
    if not address:
        errors["url"] = _("请填写完整的网址，以 https:// 开头。")
    elif len(address) > LONGEST:
        errors["url"] = _("请不要超过 %(count)d 个字。", count=LONGEST)
    if errors:
        raise Invalid(errors)
    with writing() as session:
        bill = find_published(session, bill_no)
        if bill is None or not by.scope.permits(bill.organisation_id, None):
            raise NotFound(_("没有这份账单。"))
        page = BillPlatformPage(bill_id=bill.id, url=address, noted_at=now(), noted_by_id=by.id)
        session.add(page)
        audit.record(
            session, staff=by, action="bill.national_platform", subject_kind="bill", subject_id=bill.id
        )
        return page


def page_of(session: Session, bill_no: str) -> str:
    """The address of a bill on the national platform; empty when it is not known to stand there."""
    found = session.scalar(
        select(BillPlatformPage.url)
        .join(Bill, Bill.id == BillPlatformPage.bill_id)
        .where(Bill.bill_no == bill_no)
        .order_by(BillPlatformPage.id.desc())
        .limit(1)
    )
    return found or ""
