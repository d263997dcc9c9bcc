"""The public bills (晒账单)."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from portal.db import db
from portal.disclosure import bills as service
from portal.disclosure.blueprint import disclosure
from portal.disclosure.directory import SHELVES
from portal.disclosure.models import Bill
from portal.disclosure.profiles import find
from portal.disclosure.published import bill_figures_file
from portal.i18n import gettext as _
from portal.refusals import NotFound

PAGE = 30
ROWS = 200
"""How many entries a bill's page lists; the PDF has all."""


@disclosure.get("/bills")
def bills() -> ResponseReturnValue:
    """Published bills, newest first, of all or of one organisation or fund."""
    session = db.session()
    organisation = request.args.get("organisation", "")[:18]
    fund = request.args.get("fund", "")[:24]
    rows = service.listing(
        session,
        organisation_id=find(session, SHELVES["organisations"], organisation).id if organisation else None,
        fund_id=find(session, SHELVES["funds"], fund).id if fund else None,
        before=request.args.get("after", type=int),
        limit=PAGE,
    )
    return render_template(
        "disclosure/bills.html",
        bills=rows,
        following=rows[-1].id if len(rows) == PAGE else None,
        organisations=SHELVES["organisations"],
        chosen=organisation or fund,
    )


@disclosure.get("/bills/<bill_no>")
def bill(bill_no: str) -> ResponseReturnValue:
    """One bill: frozen when published, live while its month runs."""
    figures = service.bill_figures(db.session(), bill_no, row_limit=ROWS)
    return render_template("disclosure/bill.html", bill=figures, most_rows=ROWS)


@disclosure.get("/bills/<bill_no>.json")
def bill_file(bill_no: str) -> ResponseReturnValue:
    """The figures of a published bill, byte for byte as their hash stands in the log."""
    session = db.session()
    found = session.scalar(select(Bill).where(Bill.bill_no == bill_no))
    if found is None:
        raise NotFound(_("这份账单还没有公布。"))
    code = found.fund.code if found.fund else found.organisation.uscc
    return Response(bill_figures_file(found, code), mimetype="application/json")
