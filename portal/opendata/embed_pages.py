"""Badges for other sites: a picture and a small page with the figures of one thing. Nothing private, no cookie.

Only these addresses may stand in a frame of another site (``portal/site/headers.py``).
"""

import unicodedata
from dataclasses import dataclass

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.db import db
from portal.disclosure import profiles
from portal.disclosure.directory import SHELVES, Shelf
from portal.ledger.figures import Filters, Totals, totals
from portal.opendata.blueprint import opendata
from portal.opendata.feeds import plain
from portal.registry.geography import current_district
from portal.translog import reading

_WIDEST = 22
_KINDS = {shelf.filter_word: shelf for shelf in SHELVES.values() if shelf.dimension}
_FRESH = "public, max-age=300"


@dataclass(frozen=True)
class Badge:
    """What a badge shows."""

    kind: str
    code: str
    name: str
    shelf: Shelf
    totals: Totals
    tree_size: int
    district: str
    demonstration: bool
    address: str

    @property
    def short_name(self) -> str:
        """The name as far as it has room, counted in Chinese characters."""
        return shortened(self.name, _WIDEST)


_ROUTE = "/embed/<any(organisation, fund, station, project, campaign):kind>/<code>"


@opendata.get(f"{_ROUTE}.svg")
def badge_picture(kind: str, code: str) -> ResponseReturnValue:
    """The badge as a picture, for ``<img>``."""
    body = render_template("opendata/badge.svg", badge=_badge(kind, code))
    return _cached(Response(body, content_type="image/svg+xml; charset=utf-8"))


@opendata.get(_ROUTE)
def badge_page(kind: str, code: str) -> ResponseReturnValue:
    """The badge as a page, for ``<iframe>``."""
    return _cached(
        Response(render_template("opendata/badge.html", badge=_badge(kind, code)), mimetype="text/html")
    )


def shortened(text: str, most: int) -> str:
    """A text cut where it is wider than so many Chinese characters."""
    width = 0.0
    for place, sign in enumerate(text):
        width += 1 if unicodedata.east_asian_width(sign) in "WF" else 0.55
        if width > most:
            return text[: max(place - 1, 1)] + "…"
    return text


def _badge(kind: str, code: str) -> Badge:
    session, shelf = db.session(), _KINDS[kind]
    thing = profiles.find(session, shelf, code)
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    district = current_district(session)
    own_code = shelf.code_of(thing)
    return Badge(
        kind=kind,
        code=own_code,
        name=plain(thing.name),
        shelf=shelf,
        totals=totals(session, Filters(**{str(shelf.dimension): thing.id})),
        tree_size=reading.log_size(session),
        district=district.name if district else "",
        demonstration=bool(district and district.demonstration),
        address=f"{settings.site_address}/{shelf.word}/{own_code}",
    )


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = _FRESH
    return response
