"""Atom feeds (RFC 4287) of every organisation, fund, station, project and campaign, of bills, and of corrections."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.db import db
from portal.disclosure import profiles
from portal.disclosure.directory import SHELVES
from portal.i18n import gettext as _
from portal.opendata import feeds
from portal.opendata.blueprint import opendata
from portal.opendata.feeds import Item
from portal.registry.geography import current_district

_NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)


@opendata.get("/<any(organisations, funds, stations, projects, campaigns):word>/<code>/feed.atom")
def feed_of(word: str, code: str) -> ResponseReturnValue:
    """What is new of one thing."""
    session, shelf = db.session(), SHELVES[word]
    thing = profiles.find(session, shelf, code)
    address = f"/{word}/{shelf.code_of(thing)}"
    return feed_answer(thing.name, address, feeds.of_thing(session, shelf, thing))


@opendata.get("/bills/feed.atom")
def bill_feed() -> ResponseReturnValue:
    """Newly published bills."""
    return feed_answer(_("晒账单"), "/bills", feeds.of_bills(db.session()))


@opendata.get("/corrections/feed.atom")
def correction_feed() -> ResponseReturnValue:
    """Entries that were reversed."""
    return feed_answer(_("更正（红冲）"), "/ledger", feeds.of_corrections(db.session()), "/corrections")


def feed_answer(title: str, page: str, items: Sequence[Item], address: str | None = None) -> Response:
    """A feed of items; ``page`` is the page for people, ``address`` where the feed lies if that is elsewhere."""
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    district = current_district(db.session())
    body = render_template(
        "opendata/feed.xml",
        base=settings.site_address,
        address=address or page,
        page=page,
        title=feeds.plain(title),
        district=district.name if district else "",
        items=items,
        updated=items[0].updated if items else _NOTHING_YET,
    )
    return Response(body, content_type="application/atom+xml; charset=utf-8")
