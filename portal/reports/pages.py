"""Reports to read and to download."""

from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.db import db
from portal.disclosure import bills as bill_service
from portal.disclosure.bill_reading import every_row
from portal.disclosure.checkpoints import mark
from portal.i18n import gettext as _
from portal.registry.geography import current_district
from portal.reports.bill import MOST_ROWS
from portal.reports.bill import bill_pdf as set_bill
from portal.reports.bill_card import draw_card
from portal.reports.charity_day import charity_day_pdf
from portal.reports.charity_day_data import charity_day as read_charity_day
from portal.reports.charity_day_data import years
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
    return pdf_response(charity_day_pdf(report, base_address()), _("%(year)s年慈善透明度报告", year=year))


@reports.get("/bills/<bill_no>.pdf")
def bill_pdf(bill_no: str) -> ResponseReturnValue:
    """A bill of any kind."""
    session = db.session()
    bill = bill_service.bill_figures(session, bill_no, row_limit=0)
    district = current_district(session)
    address = base_address() + url_for("disclosure.bill", bill_no=bill.bill_no)
    document = set_bill(
        bill,
        address,
        mark(session),
        district=district.name if district else "",
        demonstration=bool(district and district.demonstration),
        rows=every_row(session, bill, most=MOST_ROWS),
    )
    return pdf_response(document, _("账单%(no)s", no=bill.bill_no))


@reports.get("/bills/<bill_no>.png")
def bill_card(bill_no: str) -> ResponseReturnValue:
    """A bill as a picture, to send to others in a chat."""
    session = db.session()
    bill = bill_service.bill_figures(session, bill_no, row_limit=0)
    district = current_district(session)
    address = base_address() + url_for("disclosure.bill", bill_no=bill.bill_no)
    picture = draw_card(
        bill,
        address,
        district=district.name if district else "",
        demonstration=bool(district and district.demonstration),
    )
    response = Response(picture, mimetype="image/png")
    response.headers["Content-Disposition"] = f'inline; filename="bill-{bill.bill_no}.png"'
    # The language may come from a cookie.
    response.vary.add("Cookie")
    return response


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
