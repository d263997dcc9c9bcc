"""Reports to read and to download."""

from pathlib import Path
from urllib.parse import quote

from flask import Blueprint, Response, current_app, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.db import db
from portal.disclosure import bills as bill_service
from portal.disclosure.bill_reading import every_row
from portal.disclosure.checkpoints import mark
from portal.disclosure.filters import BadFilter
from portal.disclosure.report_models import ReportFacts
from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.refusals import NotFound
from portal.registry.geography import current_district
from portal.reports import asked, publishing, shelf
from portal.reports.apart import ready
from portal.reports.archive import archived
from portal.reports.bill import MOST_ROWS
from portal.reports.bill import bill_pdf as set_bill
from portal.reports.bill_card import draw_card
from portal.reports.job import require_books
from portal.reports.kinds import KINDS, Kind
from portal.reports.sections.scope import reported_years as years
from portal.reports.sheet import Printed
from portal.reports.wanted import Wanted
from portal.reports.withholding import is_withheld
from portal.turns import taking_turns

reports = Blueprint("reports", __name__)


@reports.get("/reports")
def index() -> ResponseReturnValue:
    """The reports there are."""
    session = db.session()
    rows = publishing.listing(session, before=request.args.get("before", type=int))
    return render_template(
        "reports/index.html",
        years=years(session),
        published=[(one, shelf.published_file(one) is not None) for one in rows],
        following=rows[-1].id if len(rows) == publishing.PAGE else None,
        bills=bill_service.listing(session, limit=12),
    )


@reports.get("/reports/charity-day-<int:year>.pdf")
def charity_day(year: int) -> ResponseReturnValue:
    """The Charity Day report of a year, for the whole district."""
    return _pdf("charity-day", {"year": str(year)})


@reports.get("/reports/<kind>.pdf")
def pdf(kind: str) -> ResponseReturnValue:
    """A report of a kind, asked for with ``year`` and ``organisation`` or ``fund``."""
    known = KINDS.get(kind)
    if known is None or not known.public:
        raise NotFound(_("没有这种报告。"))
    return _pdf(kind, _parameters(known))


@reports.get("/reports/published/<report_no>.pdf")
def published(report_no: str) -> ResponseReturnValue:
    """A report as it was published, byte for byte."""
    session = db.session()
    report = publishing.published(session, report_no)
    path = shelf.published_file(report)
    if path is None or is_withheld(session, report):
        return render_template("reports/withheld.html", report=report), 410
    return _file(report, path, report.report_no)


@reports.get("/bills/<bill_no>.pdf")
def bill_pdf(bill_no: str) -> ResponseReturnValue:
    """A bill of any kind."""
    session = db.session()
    bill = bill_service.bill_figures(session, bill_no, row_limit=0)
    district = current_district(session)
    address = base_address() + url_for("disclosure.bill", bill_no=bill.bill_no)
    with taking_turns():
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
    return settings.site_address


def pdf_response(document: Printed, name: str) -> Response:
    """A PDF as an answer, under a name in the reader's language."""
    return _named(Response(archived(document.content), mimetype="application/pdf"), name)


def file_response(report: ReportFacts, path: Path, name: str) -> Response:
    """The file of a report as an answer."""
    response: Response = send_file(
        path, mimetype="application/pdf", etag=report.sha256, conditional=True, last_modified=report.made_at
    )
    return _named(response, name)


def _pdf(kind: str, parameters: asked.Parameters) -> Response:
    require_books(db.session(), parameters)
    report = ready(Wanted(kind, parameters, current_locale()))
    path = shelf.made_file(report)
    if path is None:
        raise NotFound(_("报告的文件刚刚更新，请再点一次。"))
    return _file(report, path, report.title)


def _file(report: ReportFacts, path: Path, name: str) -> Response:
    response = file_response(report, path, name)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _parameters(kind: Kind) -> asked.Parameters:
    """What the address asks for; a name that the kind does not know is said, not passed over."""
    known = {one.name for one in kind.parameters}
    given = {name: text for name, text in request.args.items() if name != "lang"}
    for name in given:
        if name not in known:
            raise BadFilter({name: _("没有这个条件。可以用：%(names)s。", names="、".join(sorted(known)))})
    missing = [one.name for one in kind.parameters if one.required and not given.get(one.name)]
    if missing:
        raise BadFilter({missing[0]: _("请在网址里写明 %(name)s。", name=missing[0])})
    return given


def _named(response: Response, name: str) -> Response:
    # RFC 6266: a Chinese file name needs the extended form; the plain one is for old readers.
    response.headers["Content-Disposition"] = (
        f"inline; filename=\"report.pdf\"; filename*=UTF-8''{quote(name)}.pdf"
    )
    # The language may come from a cookie.
    response.vary.add("Cookie")
    return response
