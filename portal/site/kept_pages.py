"""Public pages are kept as they were sent, until anything that they could show has changed (docs/adr/0032).

A page is found again by its whole address, language and view, and by all that it is made of: the state of the database,
the day, and what speaks against writing. Of what is kept nothing is ever told to go; what is out of date is no longer
found. So a repeated visit costs no query and no template, and a browser that has the page gets 304.
"""

import time
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from portal.db import db
from portal.i18n import COOKIE as LANGUAGE_COOKIE
from portal.i18n import current_locale
from portal.periods import today
from portal.site.compression import accepts_gzip, packed
from portal.site.data_state import DataState
from portal.site.preferences import VIEW_COOKIE, current_view
from portal.watch.doubts import current_doubts

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

MOST_BYTES = 32 * 1024 * 1024
LARGEST_PAGE = 1024 * 1024
LONGEST_ADDRESS = 500
DOUBT_SECONDS = 1.0
"""What lies outside the database (the disk, the clock, the signer) is looked at once in so many seconds."""
_OWN_COOKIES = frozenset({LANGUAGE_COOKIE, VIEW_COOKIE})
_SHARED = {"cookie", "accept-encoding"}
_OF_ONE_ANSWER = ("Content-Length", "X-Request-Id")

Key = tuple[str, ...]


@dataclass
class KeptPage:
    """An answer as it was sent: its headers, and its body plain and packed."""

    headers: list[tuple[str, str]]
    body: bytes
    packed: bytes

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.body) + len(self.packed) + 1_000


class KeptPages:
    """A bounded shelf of pages; the one that was asked for longest ago goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._pages: OrderedDict[Key, tuple[Key, KeptPage]] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, address: Key, made_of: Key) -> KeptPage | None:
        """The page at an address, if it is made of just that."""
        with self._lock:
            found = self._pages.get(address)
            if found is None or found[0] != made_of:
                return None
            self._pages.move_to_end(address)
            return found[1]

    def keep(self, address: Key, made_of: Key, page: KeptPage) -> None:
        """Put a page in the place of the one before at its address."""
        with self._lock:
            old = self._pages.pop(address, None)
            self._bytes += page.size - (old[1].size if old else 0)
            self._pages[address] = (made_of, page)
            while self._bytes > self._most:
                _address, (_made_of, oldest) = self._pages.popitem(last=False)
                self._bytes -= oldest.size

    @property
    def kept_bytes(self) -> int:
        """Bytes that all pages take, about."""
        return self._bytes


class _Doubt:
    """What speaks against writing, as a page's frame says it."""

    def __init__(self) -> None:
        self._until = 0.0
        self._words = ""

    def words(self) -> str:
        """The reason, looked at anew after ``DOUBT_SECONDS``."""
        doubts = current_doubts()
        if doubts.found:
            return str(doubts.found)
        if time.monotonic() >= self._until:
            self._words = str(doubts.reason(db.session()) or "")
            self._until = time.monotonic() + DOUBT_SECONDS
        return self._words


def install(app: Flask) -> None:
    """Answer from what is kept, before anything else is done. Installed first: it sees answers when they are ready."""
    with app.app_context():
        state = DataState(db.engine)
    pages, doubt = KeptPages(), _Doubt()
    app.extensions["kept_pages"] = pages

    @app.before_request
    def _find() -> Response | None:
        if not _may_be_kept():
            return None
        fresh = not (db.session.registry.has() and db.session().in_transaction())
        made_of = _made_of(state, doubt)
        if made_of is None:
            return None
        address = (*_address(), current_locale(), current_view())
        found = pages.find(address, made_of)
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
            pages.keep(address, made_of, _page_of(response))
        return response


def _may_be_kept() -> bool:
    return (
        request.method in ("GET", "HEAD")
        and request.endpoint in KEPT
        and sum(map(len, _address())) <= LONGEST_ADDRESS
        and "Authorization" not in request.headers
        and _OWN_COOKIES.issuperset(request.cookies)
    )


def _address() -> tuple[str, ...]:
    """All of the address as it came: pages repeat the name that the site was called by."""
    given = request.environ
    parts = ("wsgi.url_scheme", "HTTP_HOST", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING")
    return tuple(given.get(part, "") for part in parts)


def _made_of(state: DataState, doubt: _Doubt) -> Key | None:
    name = state.name()
    if name is None:
        return None
    try:
        return name, today().isoformat(), doubt.words()
    except SQLAlchemyError:
        # The page itself says that the database is away.
        db.session.rollback()
        return None


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
    body = response.get_data()
    headers = [(name, value) for name, value in response.headers if name not in _OF_ONE_ANSWER]
    return KeptPage(headers, body, packed(body))


def _answer(page: KeptPage) -> Response:
    """The answer as it was; the hooks of every answer then find little left to do, but may make it a 304."""
    as_packed = accepts_gzip()
    response = Response(page.packed if as_packed else page.body)
    response.headers.clear()
    response.headers.extend(page.headers)
    response.content_length = len(page.packed if as_packed else page.body)
    if as_packed:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
