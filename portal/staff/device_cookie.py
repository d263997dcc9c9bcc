"""The cookie by which a browser is known again at the login page, and only there."""

from flask import request
from werkzeug.wrappers import Response as BaseResponse

from portal.staff import known_devices
from portal.staff.access import settings
from portal.staff.known_devices import KEPT, KnownDevice

_PATH = "/desk/login"


def known_device() -> KnownDevice | None:
    """The browser that sends this request, if somebody logged in there before."""
    sealed = request.cookies.get(_name())
    return known_devices.read(sealed, settings()) if sealed else None


def remember(response: BaseResponse, username: str) -> None:
    """Let the browser keep that somebody has logged in there."""
    device = known_devices.after_login(known_device(), username)
    response.set_cookie(
        _name(),
        device.sealed(settings()),
        max_age=KEPT,
        path=_PATH,
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies,
    )


def _name() -> str:
    return "__Secure-portal_device" if settings().secure_cookies else "portal_device"
