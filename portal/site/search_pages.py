"""``/search``: its page, and names that are suggested while somebody types."""

from dataclasses import replace

from flask import jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.choices import member_pairs
from portal.db import db
from portal.ledger.models import Direction
from portal.site.pages import site
from portal.site.search import (
    KINDS,
    SearchQuery,
    address_of,
    address_of_number,
    suggestions,
    years,
)
from portal.site.search import search as find

__all__ = ["site"]

LONGEST = 100
"""Characters of a search that are looked at; more is cut off, and the page says so."""


@site.get("/search")
def search() -> ResponseReturnValue:
    """What words find; a number that is known leads straight to its page."""
    session = db.session()
    query, cut = _query()
    if not query.words:
        return render_template("site/search.html", query=query, found=None, kinds=KINDS)
    address = address_of_number(session, query.words)
    if address is not None:
        return redirect(address)
    return render_template(
        "site/search.html",
        query=query,
        cut=LONGEST if cut else None,
        found=find(session, query),
        kinds=KINDS,
        year_choices=[(str(year), str(year)) for year in years(session)],
        direction_choices=member_pairs(Direction),
        address_of=address_of,
        search_words=query.words,
    )


@site.get("/search/suggest")
def suggest() -> ResponseReturnValue:
    """Names for what is being typed."""
    query, _cut = _query()
    answer = jsonify(names=suggestions(db.session(), query.words))
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


def _query() -> tuple[SearchQuery, bool]:
    """The search in the address. A filter that cannot be understood is left out: a search is for trying."""
    given = request.args
    words = given.get("q", "").replace("\x00", "").strip()
    kind, direction = given.get("kind", ""), given.get("direction", "")
    query = SearchQuery(
        words[:LONGEST],
        kind if kind in KINDS else "",
        Direction(direction) if direction in set(Direction) else None,
        _number(given.get("year", ""), 4),
        _number(given.get("after", ""), 18),
    )
    if query.year is not None and not 1900 <= query.year <= 9998:
        query = replace(query, year=None)
    return query, len(words) > LONGEST


def _number(text: str, digits: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
