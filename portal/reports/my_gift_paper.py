"""The acknowledgement of a gift as PDF, for the donor who holds its number and code."""

from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.inquiries.pages import my_gift, opened
from portal.receipts.facts import facts_of
from portal.receipts.service import of_donation
from portal.refusals import Conflict
from portal.reports.pages import pdf_response
from portal.reports.papers import set_acknowledgements
from portal.reports.publisher import current_publisher

__all__ = ["my_gift"]


@my_gift.post("/acknowledgement.pdf")
def acknowledgement() -> ResponseReturnValue:
    """The paper once more, as the donor's own copy; the register does not count it as a print of ours."""
    donation, paper = opened()
    found = of_donation(db.session(), donation)
    if found is None or donation.erased_at is not None:
        raise Conflict(_("这份回执不能再打印。"))
    facts = facts_of(donation, found.receipt_no, lookup_code=found.lookup_code, copy=found.printed)
    answer = pdf_response(
        set_acknowledgements([facts], current_publisher()), _("捐赠回执%(no)s", no=paper.number)
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
