"""The public bills (晒账单)."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from portal.choices import member_pairs
from portal.db import db
from portal.disclosure import bill_selection
from portal.disclosure import bills as service
from portal.disclosure.bill_lines import lines_of
from portal.disclosure.bill_scopes import scope_of
from portal.disclosure.blueprint import disclosure
from portal.disclosure.published import bill_figures_file
from portal.disclosure.selects import filter_options
from portal.periods import PeriodKind

PAGE = 30
ROWS = 100
"""How many entries a bill's page lists at once."""


@disclosure.get("/bills")
def bills() -> ResponseReturnValue:
    """Bills of a selection: published ones, the newest first; of one thing every period of a year."""
    session = db.session()
    asked = bill_selection.read_selection(session, request.args.to_dict(flat=False))
    return render_template(
        "disclosure/bills.html",
        asked=asked,
        page=bill_selection.find(session, asked, PAGE),
        kinds=member_pairs(PeriodKind),
        years=[(str(year), str(year)) for year in bill_selection.years(session)],
        options=filter_options(session),
    )


@disclosure.get("/bills/<bill_no>")
def bill(bill_no: str) -> ResponseReturnValue:
    """One bill: frozen when published, live while its period runs."""
    after = request.args.get("after", "")
    figures = service.bill_figures(db.session(), bill_no, row_limit=ROWS, after=after)
    return render_template("disclosure/bill.html", bill=figures, lines=lines_of(figures), after=after)


@disclosure.get("/bills/<bill_no>.json")
def bill_file(bill_no: str) -> ResponseReturnValue:
    """The figures of a published bill, byte for byte as their hash stands in the log."""
    found = service.published(db.session(), bill_no)
    return Response(bill_figures_file(found, scope_of(found).code), mimetype="application/json")
