"""How a reader wants the site: the language and the large-print view, remembered in two cookies of their own.

Nothing else on a public page sets a cookie, and these two are set only by the switch itself.
"""

from flask import Flask, Response, has_request_context, request

from portal.i18n import COOKIE as LANGUAGE_COOKIE
from portal.i18n import LOCALES
from portal.site.headers import EMBEDDED

VIEW_COOKIE = "portal_view"
VIEWS = ("standard", "elder")
YEAR = 365 * 24 * 3600
_IN_WORDS = ("text/html", "image/svg+xml", "application/atom+xml")
"""What speaks the language that the cookie says; a shared cache must tell one from the other."""


def current_view() -> str:
    """The view of this request: the address, then the cookie, then the standard one."""
    if not has_request_context():
        return VIEWS[0]
    chosen = request.args.get("view") or request.cookies.get(VIEW_COOKIE) or VIEWS[0]
    return chosen if chosen in VIEWS else VIEWS[0]


def install(app: Flask) -> None:
    """Remember what the switches in the foot of the page say."""
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    if response.mimetype in _IN_WORDS:
        response.vary.add("Cookie")
    if response.mimetype != "text/html":
        return response
    if request.path.startswith(EMBEDDED):
        # A frame in another site is told the language in its address, and remembers nothing.
        return response
    for word, cookie, allowed in (("lang", LANGUAGE_COOKIE, LOCALES), ("view", VIEW_COOKIE, VIEWS)):
        chosen = request.args.get(word)
        if chosen is not None and chosen in allowed:
            response.set_cookie(
                cookie, chosen, max_age=YEAR, secure=request.is_secure, httponly=True, samesite="Lax"
            )
            # A shared cache must not hand one reader's choice to the next.
            response.headers["Cache-Control"] = "private, no-store"
    return response
