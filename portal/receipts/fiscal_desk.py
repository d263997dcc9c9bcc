"""Fiscal receipts at the desk: what lacks one, the batch for the platform, its answer, waivers."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.giving.models import Donation
from portal.i18n import gettext as _
from portal.periods import today
from portal.receipts import fiscal
from portal.receipts.fiscal_models import FiscalReceipt, FiscalState
from portal.receipts.fiscal_platform import FilePlatform
from portal.refusals import Invalid
from portal.staff.access import current_staff
from portal.staff.uploads import takes_files

fiscal_receipts = Blueprint("fiscal_receipts", __name__, url_prefix="/desk/fiscal-receipts")
PLATFORM = FilePlatform()
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@fiscal_receipts.get("")
def index() -> ResponseReturnValue:
    """Gifts that lack a fiscal receipt, the oldest first, and receipts that the platform has to cancel."""
    return _index([])


@fiscal_receipts.get("/batch.xlsx")
def export() -> ResponseReturnValue:
    """The batch for the platform."""
    answer = Response(fiscal.export(db.session(), current_staff(), PLATFORM), mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = (
        f'attachment; filename="fiscal-requests-{today().isoformat()}.xlsx"'
    )
    return answer


@fiscal_receipts.post("/answer")
@takes_files()
def take_in() -> ResponseReturnValue:
    """Take the platform's answer in."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return _index([_("请选择平台返回的文件。")]), 422
    try:
        taken = fiscal.take_in(upload.read(), current_staff(), PLATFORM)
    except Invalid as problem:
        return _index([str(message) for message in problem.errors.values()]), 422
    flash(
        _(
            "已登记票据 %(issued)d 张，红冲 %(reversed)d 张，原先登记过的 %(known)d 张。",
            issued=taken.issued,
            reversed=taken.reversed,
            known=taken.known,
        ),
        "success",
    )
    return redirect(url_for(".index"))


@fiscal_receipts.post("/donations/<int:donation_id>/waive")
def waive(donation_id: int) -> ResponseReturnValue:
    """The donor wants no receipt."""
    fiscal.waive(donation_id, current_staff(), request.form.get("reason", ""))
    flash(_("已登记捐赠人不要票据。"), "success")
    return redirect(url_for("giving.show", donation_id=donation_id))


@fiscal_receipts.app_template_global("fiscal_state_of")
def fiscal_state_of(donation: Donation) -> FiscalState:
    """How a gift stands, for the gift's own page."""
    return fiscal.state_of(db.session(), donation)


@fiscal_receipts.app_template_global("fiscal_receipts_of")
def fiscal_receipts_of(donation: Donation) -> list[FiscalReceipt]:
    """The receipts of a gift, for the gift's own page."""
    return list(fiscal.of_donation(db.session(), donation))


def _index(errors: list[str]) -> str:
    session, by = db.session(), current_staff()
    rows = fiscal.lacking(session, by, after=request.args.get("after", type=int))
    return render_template(
        "receipts/fiscal.html",
        rows=rows,
        errors=errors,
        count=fiscal.count_lacking(session, by),
        to_be_reversed=fiscal.to_be_reversed(session, by),
        following=rows[-1].donation.id if len(rows) == fiscal.PAGE else None,
    )
