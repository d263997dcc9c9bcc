"""A browser in which somebody logged in before: it is not held up by what others try under that person's name.

It says so by a signed value that it was given then. That value opens nothing: it only spares the wait, and has a count
of failures of its own.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadData, URLSafeTimedSerializer

from portal.config import Settings

KEPT = timedelta(days=180)
_MOST_NAMES = 5
"""A computer that several people share."""


@dataclass(frozen=True)
class KnownDevice:
    """A browser, and under which names people logged in there, the last one first."""

    id: str
    names: tuple[str, ...]

    def knows(self, username: str) -> bool:
        """Whether somebody logged in there under a name."""
        return folded(username) in self.names

    def sealed(self, settings: Settings) -> str:
        """What the browser keeps."""
        return _serializer(settings).dumps([self.id, *self.names])


def folded(username: str) -> str:
    """A user name in the form in which equal ones are equal."""
    return username.strip().lower()


def read(sealed: str, settings: Settings) -> KnownDevice | None:
    """The browser that keeps a value; None where we did not make it, or too long ago."""
    try:
        id_, *names = _serializer(settings).loads(sealed, max_age=int(KEPT.total_seconds()))
    except (BadData, TypeError, ValueError):
        return None
    return KnownDevice(str(id_), tuple(map(str, names)))


def after_login(device: KnownDevice | None, username: str) -> KnownDevice:
    """The browser once somebody has logged in there."""
    name = folded(username)
    others = [one for one in device.names if one != name] if device else []
    return KnownDevice(device.id if device else secrets.token_hex(12), (name, *others)[:_MOST_NAMES])


def _serializer(settings: Settings) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings.secret_key.get_secret_value(), salt="known device of staff")
