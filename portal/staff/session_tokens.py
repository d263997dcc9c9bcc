"""The token of a login: by its mark anybody who has the secret key sees at once whether we made it.

That lets nobody in, the database knows who is logged in; but what only such a browser may send is refused to all others
before it is read.
"""

import hmac
import secrets

from portal.config import Settings

_MARK = 22


def new_token(settings: Settings) -> str:
    """A token for a new login."""
    drawn = secrets.token_urlsafe(32)
    return f"{drawn}.{_mark(drawn, settings)}"


def is_ours(token: str, settings: Settings) -> bool:
    """Whether we made a token, for whomever and however long ago."""
    drawn, _dot, mark = token.partition(".")
    return hmac.compare_digest(mark.encode(), _mark(drawn, settings).encode())


def cookie_name(settings: Settings) -> str:
    """The cookie that holds it; ``__Host-`` binds it to this very host, where TLS allows it."""
    return "__Host-portal_desk" if settings.secure_cookies else "portal_desk"


def _mark(drawn: str, settings: Settings) -> str:
    key = settings.secret_key.get_secret_value().encode()
    return hmac.digest(key, b"desk session:" + drawn.encode(), "sha256").hex()[:_MARK]
