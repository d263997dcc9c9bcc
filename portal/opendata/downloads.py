"""Exactly what a ledger page shows, to take away: ``/ledger.csv``, ``.jsonl`` and ``.xlsx`` with the same filters.

CSV and JSON Lines are sent while they are read, without a limit, in constant memory; only so many at a time, because a
slow reader keeps a thread of the server. A workbook must be whole before it can be sent, so it has a limit.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from flask import Response, request, send_file, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.db import db
from portal.disclosure import entries
from portal.disclosure.bill_reading import bill_figures, every_row
from portal.disclosure.documents import Document, entry_document
from portal.disclosure.filters import BadFilter, Selection, read_selection
from portal.i18n import gettext as _
from portal.opendata.blueprint import opendata
from portal.opendata.columns import ENTRIES, Column, Table
from portal.opendata.delimited import csv_text, json_lines
from portal.opendata.formats import FORMATS
from portal.opendata.summing import BY, behind
from portal.opendata.workbooks import write_workbook
from portal.periods import now
from portal.turns import Turn, taking_turns

MOST_ROWS = 200_000
"""Rows of a workbook of a selection."""


@opendata.get("/ledger.csv")
def ledger_csv() -> ResponseReturnValue:
    """The selection as CSV."""
    return _streamed("csv", lambda rows: csv_text(ENTRIES, rows))


@opendata.get("/ledger.jsonl")
def ledger_jsonl() -> ResponseReturnValue:
    """The selection as JSON Lines."""
    return _streamed("jsonl", json_lines)


@opendata.get("/ledger.xlsx")
def ledger_xlsx() -> ResponseReturnValue:
    """The selection as a workbook."""
    session, (selection, most) = db.session(), _asked()
    if most is None and entries.is_longer_than(session, selection.query, MOST_ROWS):
        raise BadFilter(
            {"limit": _("超过 %(most)d 笔，工作簿放不下。请缩小范围，或者下载 CSV。", most=MOST_ROWS)}
        )
    with tempfile.NamedTemporaryFile(suffix=".xlsx", delete=False) as file:
        path = Path(file.name)
    try:
        with taking_turns():
            write_workbook(path, ENTRIES, _documents(session, selection, most), now())
        opened = path.open("rb")
    finally:
        path.unlink()
    return _headed(send_file(opened, mimetype=FORMATS["xlsx"].media_type), "ledger.xlsx")


@opendata.get("/ledger/summary.csv")
def ledger_summary() -> ResponseReturnValue:
    """Who stands behind the selection: sums by organisation, fund, station, project, campaign, street or recipient."""
    given = request.args.to_dict(flat=False)
    by = (given.pop("by", None) or [""])[0]
    selection = read_selection(db.session(), given)
    if by not in BY:
        raise BadFilter({"by": _("可以用的值是 %(values)s。", values="、".join(BY))})
    rows = behind(db.session(), selection.query, by)
    if rows is None:
        raise BadFilter({"q": _("找到的太多，不逐笔相加。请加上日期、基金等条件。")})
    table = Table(
        "summary", "", tuple(Column(name, "string", "", "", free=name == "name") for name in rows.header), ()
    )
    text = "".join(csv_text(table, rows.documents))
    return _headed(Response(text, content_type=FORMATS["csv"].media_type), f"ledger-by-{by}.csv")


@opendata.get("/bills/<bill_no>.csv")
def bill_rows(bill_no: str) -> ResponseReturnValue:
    """The entries of a bill as CSV."""
    session = db.session()
    bill = bill_figures(session, bill_no, row_limit=0)
    documents = (entry_document(entry) for entry in every_row(session, bill))
    return _sent("csv", csv_text(ENTRIES, documents), f"bill-{bill.bill_no}.csv")


def _streamed(name: str, written: Callable[[Iterable[Document]], Iterator[str]]) -> Response:
    session, (selection, most) = db.session(), _asked()
    return _sent(name, written(_documents(session, selection, most)), f"ledger.{name}")


def _sent(format_name: str, pieces: Iterator[str], file_name: str) -> Response:
    turn = Turn()
    response = Response(
        stream_with_context(turn.during(pieces)), content_type=FORMATS[format_name].media_type
    )
    response.call_on_close(turn.end)
    return _headed(response, file_name)


def _asked() -> tuple[Selection, int | None]:
    """The selection, and how many rows were asked for, if that was said."""
    selection = read_selection(db.session(), request.args.to_dict(flat=False))
    return selection, selection.limit if request.args.get("limit", "").strip() else None


def _documents(session: Session, selection: Selection, most: int | None) -> Iterator[Document]:
    found = entries.every(session, selection.query, after=selection.after, most=most)
    return (entry_document(entry) for entry in found)


def _headed(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
