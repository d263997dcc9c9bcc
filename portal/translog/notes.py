"""Signed notes (c2sp.org/signed-note) with Ed25519, and the co-signatures of witnesses (c2sp.org/tlog-cosignature).

A note is text that ends in a newline, an empty line, and one line per signature. A verifier key is one line:
``name+key id in hexadecimal+base64(kind byte and public key)``.
"""

import base64
import hashlib
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = 0x01
COSIGNATURE = 0x04
_KEY_ID = 4
_SIGNATURE = 64
_LATEST = 2**63 - 1
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]+")
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<signature>\S+)")
_UNFIT = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


class NoteError(ValueError):
    """A note or key is malformed, or carries no valid signature of a key that is asked for."""


@dataclass(frozen=True)
class Signature:
    """One signature line: the signer's name, the key's id, and the signature's bytes."""

    name: str
    key_id: bytes
    value: bytes

    def line(self) -> str:
        """The line as it stands in the note."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text and its signatures, of keys known and unknown."""

    text: str
    signatures: tuple[Signature, ...]

    def render(self) -> str:
        """The note as it is published."""
        return self.text + "\n" + "".join(one.line() for one in self.signatures)

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """The same note with further signatures; one of each key."""
        kept = {(one.name, one.key_id): one for one in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))


@dataclass(frozen=True)
class VerifierKey:
    """A name and a public key, of a log or of a witness."""

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if (
            not _NAME.fullmatch(self.name)
            or len(self.public) != 32
            or self.kind not in (ED25519, COSIGNATURE)
        ):
            raise NoteError(f"not a verifier key: {self.name!r}")

    @classmethod
    def parse(cls, line: str) -> "VerifierKey":
        """From its one line.

        Raises:
            NoteError: it is malformed, or its key id is not that of its key.
        """
        name, plus, rest = line.strip().partition("+")
        key_id, plus_again, encoded = rest.partition("+")
        key = unbase64(encoded)
        if not (plus and plus_again) or len(key) != 33:
            raise NoteError("not a verifier key: expected name+id+key")
        found = cls(name, key[1:], key[0])
        if found.key_id.hex() != key_id:
            raise NoteError("the verifier key's id is not that of its key")
        return found

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256 over name and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[
            :_KEY_ID
        ]

    def line(self) -> str:
        """The key on one line, as it is printed and published."""
        return (
            f"{self.name}+{self.key_id.hex()}+{base64.b64encode(bytes([self.kind]) + self.public).decode()}"
        )

    def verify(self, text: str, signature: Signature) -> int | None:
        """Check a signature of this key; return the time (Unix seconds) of a co-signature.

        Raises:
            NoteError: it is another key's, or does not fit the text.
        """
        if (signature.name, signature.key_id) != (self.name, self.key_id):
            raise NoteError(f"not a signature of {self.name}")
        signed, value, time = text.encode(), signature.value, None
        if self.kind == COSIGNATURE:
            if len(value) != 8 + _SIGNATURE:
                raise NoteError(f"the co-signature of {self.name} is malformed")
            (time,) = struct.unpack(">Q", value[:8])
            if time > _LATEST:
                raise NoteError(f"the co-signature of {self.name} has an impossible time")
            signed, value = _cosigned(text, time), value[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, signed)
        except InvalidSignature as problem:
            raise NoteError(f"the signature of {self.name} does not fit") from problem
        return time


@dataclass(frozen=True)
class SigningKey:
    """The private half: it signs notes, or co-signs them with a time."""

    name: str
    private: Ed25519PrivateKey
    kind: int = ED25519

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return VerifierKey(self.name, public, self.kind)

    def sign(self, text: str) -> Signature:
        """Sign a note's text."""
        return Signature(self.name, self.verifier.key_id, self.private.sign(text.encode()))

    def cosign(self, text: str, time: int) -> Signature:
        """Co-sign a checkpoint's text at a time (Unix seconds)."""
        value = struct.pack(">Q", time) + self.private.sign(_cosigned(text, time))
        return Signature(self.name, self.verifier.key_id, value)


def parse(rendered: str) -> Note:
    """Read a note; its signatures are not yet checked.

    Raises:
        NoteError: it is malformed.
    """
    text, blank, lines = rendered.rpartition("\n\n")
    if not blank or not text or not lines.endswith("\n") or _UNFIT.search(rendered):
        raise NoteError("not a signed note")
    return Note(text + "\n", tuple(signature(line) for line in lines[:-1].split("\n")))


def verify(note: Note, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
    """The keys whose signature the note carries, all of them valid.

    Raises:
        NoteError: a signature of a given key does not fit, or there is none of any.
    """
    found = []
    for key in keys:
        for one in note.signatures:
            if (one.name, one.key_id) == (key.name, key.key_id):
                key.verify(note.text, one)
                found.append(key)
                break
    if not found:
        raise NoteError("no signature of a known key")
    return found


def signature(line: str) -> Signature:
    """Read one signature line.

    Raises:
        NoteError: it is malformed.
    """
    matched = _LINE.fullmatch(line)
    value = unbase64(matched["signature"]) if matched else b""
    if matched is None or len(value) <= _KEY_ID:
        raise NoteError("malformed signature line")
    return Signature(matched["name"], value[:_KEY_ID], value[_KEY_ID:])


def unbase64(text: str) -> bytes:
    """Read base64 in its one spelling: a note that could be written in two ways would have two hashes.

    Raises:
        NoteError: it is something else.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as problem:
        raise NoteError("not base64") from problem
    if base64.b64encode(data).decode() != text:
        raise NoteError("not base64 as it is written")
    return data


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
