"""The code that only the asker holds: with it one may ask once more. It is made from the form's key, never stored."""

import hashlib
import hmac

from portal.i18n import lazy_gettext as _l
from portal.refusals import Refusal

_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Signs that nobody takes for one another on paper."""
LENGTH = 10


class WrongTrackingCode(Refusal):
    """The code does not belong to the number."""

    status = 404


def tracking_code(secret: str, key: str) -> str:
    """The code for what was sent under a key; sent again, it is the same."""
    drawn = int.from_bytes(hmac.digest(secret.encode(), f"tracking|{key}".encode(), "sha256"))
    signs = []
    for _ in range(LENGTH):
        drawn, at = divmod(drawn, len(_ALPHABET))
        signs.append(_ALPHABET[at])
    return "".join(signs)


def hashed(code: str) -> str:
    """What is stored of a code, however it is typed: small letters, blanks and dashes do not matter."""
    signs = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())[:40]
    return hashlib.sha256(signs.encode()).hexdigest()


def require_code(code: str, stored: str) -> None:
    """Refuse who does not hold the code.

    Raises:
        WrongTrackingCode: it is another one.
    """
    if not hmac.compare_digest(hashed(code), stored):
        raise WrongTrackingCode(_l("查询码不对。请照提问时看到的输入，共十个字母和数字。"), field="code")
