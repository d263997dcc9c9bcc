"""Security headers of every answer. A page may use what this site serves and nothing else."""

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # "same-origin", not "no-referrer": the form protection checks the referrer over TLS.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

OPEN_TO_ALL = ("/api/", "/log/", "/tile/", "/checkpoint", "/open-data/", "/ledger.", "/embed/")
FEED = "/feed.atom"
"""Open data: other sites' pages may read these; everything else is for this site's own pages."""

EMBEDDED = "/embed/"
FRAME_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
"""Badges may stand in a frame of any site; they run no script, show no form and send nobody anywhere by themselves."""


def install(app: Flask) -> None:
    """Put the headers on every answer, errors included."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(EMBEDDED) and response.status_code < 400:
        response.headers["Content-Security-Policy"] = FRAME_POLICY
        del response.headers["X-Frame-Options"]
    if request.path.startswith(OPEN_TO_ALL) or request.path.endswith(FEED):
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    else:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.path == "/desk" or request.path.startswith("/desk/"):
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
