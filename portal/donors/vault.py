"""Contact data at rest: encrypted with a key that lies beside the database and not in it.

Whoever steals the database, or a copy of it, reads no telephone number. A number is found again by a keyed digest: a
plain hash of eleven digits would be guessed in minutes.
"""

import base64
import hashlib
import hmac
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from portal.config import Settings
from portal.translog.files import OWNER_ONLY, locked, write_durably

_NONCE = 12
_PURPOSE = b"haizhu donor contact v1"


class ContactKeyError(RuntimeError):
    """The key file cannot be used; the message says why and what to do."""


def seal(text: str) -> bytes:
    """Encrypt a text (AES-256-GCM); equal texts do not look equal."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, text.encode(), _PURPOSE)


def unseal(sealed: bytes) -> str:
    """Decrypt what ``seal`` made.

    Raises:
        cryptography.exceptions.InvalidTag: it was made with another key, or was changed.
    """
    return AESGCM(_key()).decrypt(sealed[:_NONCE], sealed[_NONCE:], _PURPOSE).decode()


def digest(text: str) -> str:
    """A keyed digest (HMAC-SHA-256), by which an equal text is found."""
    return hmac.new(_key(), b"digest:" + text.encode(), hashlib.sha256).hexdigest()


def _key() -> bytes:
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    return _key_of(settings.contact_key)


@lru_cache(maxsize=4)
def _key_of(path: Path) -> bytes:
    with locked(path):
        if not path.exists():
            write_durably(path, base64.b64encode(AESGCM.generate_key(256)).decode() + "\n")
    if path.stat().st_mode & 0o077:
        raise ContactKeyError(f"others may read {path}; run: chmod {OWNER_ONLY:o} {path}")
    key = base64.b64decode(path.read_text())
    if len(key) != 32:
        raise ContactKeyError(f"{path} does not hold a key of 32 bytes")
    return key
