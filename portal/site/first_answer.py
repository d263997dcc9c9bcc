"""A page that was kept is sent before the framework is even asked: a visit then costs what a constant does."""

import time
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.http import parse_accept_header, parse_cookie, parse_etags

from portal.i18n import COOKIE as LANGUAGE_COOKIE
from portal.i18n import DEFAULT_LOCALE, LOCALES
from portal.logs import log_request
from portal.site.kept_pages import OWN_COOKIES, Keeping, address_of
from portal.site.page_shelf import KeptPage
from portal.site.preferences import VIEW_COOKIE, VIEWS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class FirstAnswer:
    """Stands before the app; whatever it is not sure of goes on to the app, which knows the same pages."""

    def __init__(self, app: Flask, following: "WSGIApplication", keeping: Keeping) -> None:
        self._following = following
        self._keeping = keeping
        self._silent = app.testing

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Send the page that is kept, or let the app answer."""
        begun = time.monotonic()
        page = self._page(environ)
        if page is None:
            return self._following(environ, start_response)
        given = environ.get("HTTP_IF_NONE_MATCH", "")
        if given and (given == page.tag or parse_etags(given).contains_weak(page.tag[3:-1])):
            status, headers, body = "304 NOT MODIFIED", page.headers_alone, b""
        elif _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            status, headers, body = "200 OK", page.headers_packed, page.packed
        else:
            status, headers, body = "200 OK", page.headers_plain, page.body
        number = uuid.uuid4().hex[:12]
        start_response(status, [*headers, ("X-Request-Id", number)])
        if not self._silent:
            log_request(environ["REQUEST_METHOD"], page.route, int(status[:3]), begun, number)
        return () if environ["REQUEST_METHOD"] == "HEAD" or not body else (body,)

    def _page(self, environ: "WSGIEnvironment") -> KeptPage | None:
        cookies = parse_cookie(environ["HTTP_COOKIE"]) if "HTTP_COOKIE" in environ else {}
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or "HTTP_AUTHORIZATION" in environ
            or not OWN_COOKIES.issuperset(cookies)
        ):
            return None
        # An address that holds a switch is never kept, so the cookies alone say how to speak.
        locale = cookies.get(LANGUAGE_COOKIE, DEFAULT_LOCALE)
        view = cookies.get(VIEW_COOKIE, VIEWS[0])
        address = address_of(
            environ, locale if locale in LOCALES else DEFAULT_LOCALE, view if view in VIEWS else VIEWS[0]
        )
        return self._keeping.find(address)


def _takes_gzip(accepted: str) -> bool:
    return "gzip" in accepted and ("q=" not in accepted or parse_accept_header(accepted).quality("gzip") > 0)
