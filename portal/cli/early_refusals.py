"""What nobody may send is refused by what its head says, before the body is read.

The server keeps a body in a file until it is whole, and only then asks the app. So a stranger could have it store half
a gigabyte at a time. Now a long body is stored only if it goes to an address that takes files, with a session that we
made; the app, which sees the head of everything else, answers in its own words.
"""

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

from flask import Flask
from waitress.parser import HTTPRequestParser
from werkzeug.exceptions import HTTPException

from portal.config import Settings
from portal.staff.session_tokens import cookie_name, is_ours
from portal.staff.uploads import FORM_BYTES, most_of

MayBeLong = Callable[[str, str, str], bool]
"""Told the method, the path and the cookies of a request: whether its body may be longer than a form."""


def long_bodies_of(app: Flask) -> MayBeLong:
    """The rule of an app."""
    settings: Settings = app.config["PORTAL_SETTINGS"]

    def may_be_long(method: str, path: str, cookies: str) -> bool:
        try:
            endpoint, _values = app.url_map.bind("").match(path, method=method)
        except HTTPException:
            return False
        return most_of(app, endpoint) is not None and is_ours(_token(cookies, settings), settings)

    return may_be_long


def parser_of(may_be_long: MayBeLong) -> type[HTTPRequestParser]:
    """What reads requests, and reads no body that is too long for whoever sends it."""

    class Parser(HTTPRequestParser):
        refused = False
        adj: Any
        headers: Any
        path: str
        command: Any

        def parse_header(self, header_plus: Any) -> None:
            super().parse_header(header_plus)
            if not self.chunked and self.content_length <= FORM_BYTES:
                return
            if may_be_long(self.command, self.path, self.headers.get("COOKIE", "")):
                return
            if self.chunked:
                self.adj = _Narrowed(self.adj)  # it does not say how long it is: so much is read, and no more
                return
            # The head keeps the length that was announced; by it the app refuses.
            self.refused, self.connection_close, self.expect_continue = True, True, False
            self.headers["CONNECTION"] = "close"
            self.body_rcv, self.content_length = None, 0

        def received(self, data: Any) -> int:
            consumed: int = super().received(data)
            return len(data) if self.refused else consumed

    return Parser


class _Narrowed:
    """The server's settings, with a smaller limit for one request."""

    max_request_body_size = FORM_BYTES

    def __init__(self, adjustments: Any) -> None:
        self._adjustments = adjustments

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adjustments, name)


def _token(cookies: str, settings: Settings) -> str:
    try:
        found = SimpleCookie(cookies).get(cookie_name(settings))
    except CookieError:
        return ""
    return found.value if found else ""
