"""The public bills (晒账单)."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.disclosure import bills as service
from portal.disclosure.blueprint import disclosure
from portal.disclosure.directory import SHELVES
from portal.disclosure.profiles import find

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
