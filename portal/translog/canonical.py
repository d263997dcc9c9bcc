"""The bytes of a leaf: canonical JSON, and the sealed stand-ins of what must not be in it (docs/adr/0011)."""

import hmac
import secrets
import unicodedata
from collections.abc import Mapping
from typing import Any

import orjson

SALT_SIZE = 32
LONGEST_LEAF = 65_535
"""What a bundle of leaves can hold: its lengths are two bytes."""


def spelled(document: Mapping[str, Any]) -> bytes:
    """A document's one spelling: keys sorted, no spaces, NFC, UTF-8."""
    data = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    return data if data.isascii() else unicodedata.normalize("NFC", data.decode()).encode()


def canonical(document: Mapping[str, Any]) -> bytes:
    """The spelling of a leaf.

    Raises:
        ValueError: it would not fit into a bundle.
    """
    data = spelled(document)
    if len(data) > LONGEST_LEAF:
        raise ValueError(f"a leaf of {len(data)} bytes is too long")
    return data


def new_salt() -> bytes:
    """Salt for one disclosure unit: stored beside the private part, and erased with it."""
    return secrets.token_bytes(SALT_SIZE)


def seal(salt: bytes, private: Mapping[str, Any]) -> str:
    """What stands in the leaf for a private part: HMAC-SHA256 in hexadecimal."""
    return hmac.digest(salt, canonical(private), "sha256").hex()
