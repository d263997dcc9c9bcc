"""The public list of donation stations."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.choices import member_pairs
from portal.db import db
from portal.disclosure import stations as service
from portal.disclosure.blueprint import disclosure
from portal.disclosure.directory import SHELVES
from portal.disclosure.stations import StationSearch
from portal.registry.models import AcceptedKind


@disclosure.get("/stations")
def stations() -> ResponseReturnValue:
    """Donation stations, near a street where one is chosen."""
    session = db.session()
    takes = _word("takes", 12)
    search = StationSearch(
        text=_word("q", 100),
        street=_word("street", 12),
        community=_word("community", 15),
        takes=AcceptedKind(takes) if takes in set(AcceptedKind) else None,
        near=_word("near", 12),
        after=_word("after", 24),
    )
    return render_template(
        "disclosure/stations.html",
        shelf=SHELVES["stations"],
        search=search,
        page=service.page(session, search),
        places=service.places(session, search.street),
        kinds=member_pairs(AcceptedKind),
    )


def _word(name: str, longest: int) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:longest]
