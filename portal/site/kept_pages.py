"""Public pages are kept as they were sent, until anything that they could show has changed (docs/adr/0032).

A page is found again by its whole address, language and view, and by all that it is made of: the state of the database,
the day, and what speaks against writing. Of what is kept nothing is ever told to go; what is out of date is no longer
found. So a repeated visit costs no query and no template, and a browser that has the page gets 304.
"""

import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, g, request
from flask_babel import force_locale
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db
from portal.i18n import COOKIE as LANGUAGE_COOKIE
from portal.i18n import DEFAULT_LOCALE, current_locale
from portal.periods import today
from portal.refusals import Sentence
from portal.site.compression import accepts_gzip
from portal.site.data_state import DataState
from portal.site.page_shelf import KeptPage, KeptPages, Key
from portal.site.preferences import VIEW_COOKIE, current_view
from portal.watch.doubts import Doubts

KEPT = frozenset(
    {
        "site.home",
        "site.about",
        "site.sitemap",
        "disclosure.ledger",
        "disclosure.entry",
        "disclosure.organisations",
        "disclosure.organisation",
        "disclosure.funds",
        "disclosure.fund",
        "disclosure.projects",
        "disclosure.project",
        "disclosure.campaigns",
        "disclosure.campaign",
        "disclosure.bills",
        "disclosure.bill",
        "disclosure.overview",
        "disclosure.streets",
        "disclosure.street",
        "disclosure.honour_roll",
        "disclosure.how_to_give",
        "disclosure.feed",
        "indicators.per_capita",
        "api.ledger",
        "api.entry",
        "api.summary",
        "api.organisations",
        "api.funds",
        "api.stations",
        "api.projects",
        "api.campaigns",
        "api.bills",
        "api.per_capita",
    }
)
"""Pages made of nothing but the database, the day and the settings. A page joins by being named here: one that shows
the time of day, a file or a form with a token of its own must not."""

LARGEST_PAGE = 1024 * 1024
LONGEST_ADDRESS = 500
DOUBT_SECONDS = 1.0
"""What lies outside the database (the disk, the clock, the signer) is looked at once in so many seconds."""
OWN_COOKIES = frozenset({LANGUAGE_COOKIE, VIEW_COOKIE})
_SHARED = {"cookie", "accept-encoding"}
_ADDRESS = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")


class Doubt:
    """What speaks against writing, in the source language: the same words for every reader, asked for in no request."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        # What a longer look had found, until when the rest is believed, and the words of both.
        self._last: tuple[Sentence | None, float, str] = None, 0.0, ""

    def known(self) -> str | None:
        """The reason, where it was looked at a moment ago; None where it must be looked at."""
        doubts: Doubts = self._app.extensions["doubts"]
        found, until, words = self._last
        if doubts.found is not found:
            return None
        return words if found is not None or time.monotonic() < until else None

    def words(self) -> str:
        """The reason, looked at anew after ``DOUBT_SECONDS``."""
        known = self.known()
        if known is not None:
            return known
        doubts: Doubts = self._app.extensions["doubts"]
        found = doubts.found
        with force_locale(DEFAULT_LOCALE):
            words = str(found or doubts.reason(db.session()) or "")
        self._last = found, time.monotonic() + DOUBT_SECONDS, words
        return words


class Keeping:
    """What is kept, and what pages are made of at this moment."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self._state = DataState(db.engine)
        self.doubt = Doubt(app)
        self.pages = KeptPages()

    def made_of(self) -> Key | None:
        """The state of all that a page may show, asked before anything is read; None where it cannot be told."""
        name = self._state.name()
        if name is None:
            return None
        try:
            return name, today().isoformat(), self.doubt.words()
        except SQLAlchemyError:
            # The page itself says that the database is away.
            db.session.rollback()
            return None

    def find(self, address: Key) -> KeptPage | None:
        """The page at an address, where the app need not be asked for anything."""
        doubt = self.doubt.known()
        name = None if doubt is None or address not in self.pages else self._state.name()
        if doubt is None or name is None:
            return None
        return self.pages.find(address, (name, today().isoformat(), doubt))


def install(app: Flask) -> Keeping:
    """Answer from what is kept, before anything else is done. Installed first: it sees answers when they are ready."""
    keeping = Keeping(app)
    app.extensions["kept_pages"] = keeping.pages

    @app.before_request
    def _find() -> Response | None:
        if not _may_be_kept():
            return None
        fresh = not (db.session.registry.has() and db.session().in_transaction())
        made_of = keeping.made_of()
        if made_of is None:
            return None
        address = address_of(request.environ, current_locale(), current_view())
        found = keeping.pages.find(address, made_of)
        if found is not None:
            return _answer(found)
        if fresh:
            g.keep_as = address, made_of
        return None

    @app.after_request
    def _keep(response: Response) -> Response:
        keep_as: tuple[Key, Key] | None = g.pop("keep_as", None)
        if keep_as is not None and _is_for_all(response):
            address, made_of = keep_as
            keeping.pages.keep(address, made_of, _page_of(response))
        return response

    return keeping


def address_of(environ: Mapping[str, Any], locale: str, view: str) -> Key:
    """All of the address as it came, and how the page is to speak: pages repeat the name that the site is called by."""
    return (*(environ.get(part, "") for part in _ADDRESS), locale, view)


def _may_be_kept() -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.endpoint in KEPT
        and len(request.full_path) <= LONGEST_ADDRESS
        and "Authorization" not in request.headers
        and OWN_COOKIES.issuperset(request.cookies)
    )


def _is_for_all(response: Response) -> bool:
    return (
        request.method == "GET"
        and response.status_code == 200
        and not response.is_streamed
        and not response.direct_passthrough
        and "Set-Cookie" not in response.headers
        and response.headers.get("Cache-Control") == "public, no-cache"
        and _SHARED.issuperset(one.lower() for one in response.vary)
        and (response.content_length or 0) <= LARGEST_PAGE
    )


def _page_of(response: Response) -> KeptPage:
    response.vary.add("Accept-Encoding")
    route = request.url_rule.rule if request.url_rule else ""
    return KeptPage(route, response.headers.get("ETag", ""), list(response.headers), response.get_data())


def _answer(page: KeptPage) -> Response:
    """The answer as it was; the hooks of every answer then find little left to do, but may make it a 304."""
    as_packed = accepts_gzip()
    response = Response(page.packed if as_packed else page.body)
    response.headers.clear()
    response.headers.extend(page.headers_packed if as_packed else page.headers_plain)
    return response
