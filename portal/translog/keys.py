"""The log's signing keys: one line each (as Go's ``note`` writes them), in a file that only its owner may read.

The first key signs; while a rotation runs a second one signs as well. The name of a key is the origin of the log.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.translog.files import OWNER_ONLY, write_durably
from portal.translog.notes import ED25519, NoteError, SigningKey

_PREFIX = "PRIVATE+KEY+"


class KeyFileError(RuntimeError):
    """The key file cannot be used; the message says why and what to do."""


def generate(name: str, kind: int = ED25519) -> SigningKey:
    """A new key.

    Raises:
        NoteError: the name cannot stand in a signature line.
    """
    key = SigningKey(name, Ed25519PrivateKey.generate(), kind)
    key.verifier.line()
    return key


def read(path: Path) -> list[SigningKey]:
    """The keys of a file; none when there is no file.

    Raises:
        KeyFileError: others may read the file, or it holds something else.
    """
    if not path.exists():
        return []
    if path.stat().st_mode & 0o077:
        raise KeyFileError(f"others may read {path}; run: chmod {OWNER_ONLY:o} {path}")
    try:
        return [_parse(line) for line in path.read_text().splitlines() if line.strip()]
    except (NoteError, ValueError) as problem:
        raise KeyFileError(f"{path} does not hold signing keys: {problem}") from problem


def write(path: Path, keys: Sequence[SigningKey]) -> None:
    """Keep keys in a file, readable by its owner alone."""
    write_durably(path, "".join(f"{_line(key)}\n" for key in keys))


def _line(key: SigningKey) -> str:
    secret = bytes([key.kind]) + key.private.private_bytes_raw()
    return f"{_PREFIX}{key.name}+{key.verifier.key_id.hex()}+{base64.b64encode(secret).decode()}"


def _parse(line: str) -> SigningKey:
    try:
        name, key_id, encoded = line.strip().removeprefix(_PREFIX).split("+", 2)
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error as problem:
        raise NoteError("not base64") from problem
    if not line.startswith(_PREFIX) or len(secret) != 33:
        raise NoteError("not a signing key")
    key = SigningKey(name, Ed25519PrivateKey.from_private_bytes(secret[1:]), secret[0])
    if hashlib.sha256(f"{name}\n".encode() + secret[:1] + key.verifier.public).hexdigest()[:8] != key_id:
        raise NoteError("the key's id is not that of the key")
    return key
