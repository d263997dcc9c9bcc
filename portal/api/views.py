"""The endpoints of the JSON API, version 1: the same selections and figures as the pages."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from portal.api.blueprint import blueprint
from portal.api.openapi import DESCRIPTION
from portal.api.parameters import ListQuery, read_list_query
from portal.db import db
from portal.disclosure import bills as bill_service
from portal.disclosure import checkpoints, directory, entries
from portal.disclosure.bill_corrections import corrections_of
from portal.disclosure.directory import SHELVES, Search
from portal.disclosure.documents import (
    bill_document,
    correction_document,
    entry_document,
    proof_document,
    summary_document,
    thing_document,
)
from portal.disclosure.filters import BadFilter, read_selection
from portal.i18n import gettext as _
from portal.indicators.document import series_document
from portal.ledger.figures import fund_pots
from portal.projects.reading import figures
from portal.questions import listing
from portal.questions.documents import figures_document, question_document
from portal.questions.figures import figures as question_figures
from portal.refusals import NotFound, Unavailable
from portal.translog import reading


@blueprint.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """What this API can do, for programs."""
    return jsonify(DESCRIPTION)


@blueprint.get("/ledger")
def ledger() -> ResponseReturnValue:
    """Entries of a selection, newest first."""
    session = db.session()
    selection = read_selection(session, request.args.to_dict(flat=False))
    page = entries.page(session, selection.query, after=selection.after, limit=selection.limit)
    return jsonify(
        entries=[entry_document(one) for one in page.entries],
        next=str(page.following) if page.following is not None else None,
        tree_size=reading.log_size(session),
    )


@blueprint.get("/ledger/<entry_no>")
def entry(entry_no: str) -> ResponseReturnValue:
    """One entry."""
    found = entries.one(db.session(), entry_no.upper())
    if found is None:
        raise NotFound(_("账本里没有编号 %(no)s。", no=entry_no[:40]))
    return jsonify(entry_document(found))


@blueprint.get("/ledger/<entry_no>/proof")
def proof(entry_no: str) -> ResponseReturnValue:
    """The way of an entry's leaf to the newest signed head."""
    signed = checkpoints.newest()
    session = db.session()
    found = entries.one(session, entry_no.upper())
    if found is None:
        raise NotFound(_("账本里没有编号 %(no)s。", no=entry_no[:40]))
    if found.index >= signed.size:
        raise Unavailable(_("这一笔刚刚入账，还没有签名。请过一分钟再来核对。"))
    return jsonify(proof_document(reading.prove(session, found.index, signed)))


@blueprint.get("/summary")
def summary() -> ResponseReturnValue:
    """The sums of a selection."""
    session = db.session()
    selection = read_selection(session, request.args.to_dict(flat=False))
    sums = entries.Selected(session, selection.query).summary()
    if sums is None:
        word = "q" if selection.query.text else "min" if selection.query.least_fen is not None else "max"
        raise BadFilter({word: _("符合条件的记录太多，不逐笔相加。请加上基金、站点或日期，或写得更具体。")})
    return jsonify(summary_document(sums, reading.log_size(session)))


@blueprint.get("/organisations")
def organisations() -> ResponseReturnValue:
    """All charitable organisations."""
    return _list("organisations")


@blueprint.get("/funds")
def funds() -> ResponseReturnValue:
    """All funds."""
    return _list("funds")


@blueprint.get("/stations")
def stations() -> ResponseReturnValue:
    """All donation stations."""
    return _list("stations")


@blueprint.get("/projects")
def projects() -> ResponseReturnValue:
    """All charity projects."""
    return _list("projects")


@blueprint.get("/campaigns")
def campaigns() -> ResponseReturnValue:
    """All fundraising campaigns."""
    return _list("campaigns")


@blueprint.get("/bills")
def bills() -> ResponseReturnValue:
    """Published bills, newest first."""
    asked = _list_query()
    before = int(asked.after) if asked.after.isascii() and asked.after.isdigit() else None
    rows = bill_service.listing(db.session(), before=before, limit=asked.limit)
    following = str(rows[-1].id) if len(rows) == asked.limit else None
    return jsonify(items=[bill_document(one) for one in rows], next=following)


@blueprint.get("/bills/<bill_no>")
def bill(bill_no: str) -> ResponseReturnValue:
    """One published bill with what was corrected of it since."""
    found = bill_service.published(db.session(), bill_no)
    corrections = corrections_of(db.session(), found)
    return jsonify(bill_document(found) | {"corrections": [correction_document(one) for one in corrections]})


@blueprint.get("/questions")
def questions() -> ResponseReturnValue:
    """Questions of citizens and their answers, newest first, with the figures of all."""
    session = db.session()
    page = listing.page(session, listing.read_query(request.args.to_dict(flat=False)))
    return jsonify(
        items=[question_document(one) for one in page.questions],
        next=str(page.following) if page.following is not None else None,
        figures=figures_document(question_figures(session)),
    )


@blueprint.get("/questions/<question_no>")
def question(question_no: str) -> ResponseReturnValue:
    """One question."""
    return jsonify(question_document(listing.one(db.session(), question_no)))


@blueprint.get("/indicators/per-capita")
def per_capita() -> ResponseReturnValue:
    """Per-capita giving by year against the plan's path."""
    return jsonify(series_document(db.session()))


def _list(word: str) -> ResponseReturnValue:
    shelf, asked = SHELVES[word], _list_query()
    search = Search(text=asked.text, after=asked.after)
    page = directory.page(db.session(), shelf, search, limit=asked.limit)
    ids = [row.thing.id for row in page.rows] if word == "projects" else []
    budgets = figures(db.session(), ids)
    items: list[dict[str, Any]] = [thing_document(shelf, row, budgets.get(row.thing.id)) for row in page.rows]
    if word == "funds":
        pots = fund_pots(db.session(), [row.thing.id for row in page.rows])
        for item, row in zip(items, page.rows, strict=True):
            item["held_fen"] = pots[row.thing.id]
    return jsonify(items=items, next=page.following)


def _list_query() -> ListQuery:
    return read_list_query(request.args.to_dict(flat=False))
