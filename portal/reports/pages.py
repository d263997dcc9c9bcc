"""Reports to read and to download."""

from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.db import db
from portal.disclosure import bills as bill_service
from portal.disclosure.checkpoints import mark
from portal.i18n import gettext as _
from portal.registry.geography import current_district
from portal.reports.bill import bill_pdf as set_bill
from portal.reports.charity_day import charity_day as read_charity_day
from portal.reports.document_pdf import print_document
from portal.reports.sections.scope import reported_years as years
from portal.reports.sheet import Printed

reports = Blueprint("reports", __name__)


@reports.get("/reports")
def index() -> ResponseReturnValue:
    """The reports there are."""
    session = db.session()
    return render_template(
        "reports/index.html", years=years(session), bills=bill_service.listing(session, limit=12)
    )


@reports.get("/reports/charity-day-<int:year>.pdf")
def charity_day(year: int) -> ResponseReturnValue:
    """The Charity Day report of a year."""
    report = read_charity_day(db.session(), year)
    return pdf_response(print_document(report, base_address()), _("%(year)s年慈善透明度报告", year=year))


@reports.get("/bills/<bill_no>.pdf")
def bill_pdf(bill_no: str) -> ResponseReturnValue:
    """A monthly bill."""
    session = db.session()
    bill = bill_service.bill_figures(session, bill_no)
    district = current_district(session)
    address = base_address() + url_for("disclosure.bill", bill_no=bill.bill_no)
    document = set_bill(
        bill,
        address,
        mark(session),
        district=district.name if district else "",
        demonstration=bool(district and district.demonstration),
    )
    return pdf_response(document, _("账单%(no)s", no=bill.bill_no))


def base_address() -> str:
    """Where the site is found, as its settings say."""
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    return settings.base_url.rstrip("/")


def pdf_response(document: Printed, name: str) -> Response:
    """A PDF as an answer, under a name in the reader's language."""
    response = Response(document.content, mimetype="application/pdf")
    # RFC 6266: a Chinese file name needs the extended form; the plain one is for old readers.
    response.headers["Content-Disposition"] = (
        f"inline; filename=\"report.pdf\"; filename*=UTF-8''{quote(name)}.pdf"
    )
    # The language may come from a cookie.
    response.vary.add("Cookie")
    return response
