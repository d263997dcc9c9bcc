"""The signer: it trusts nobody, least of all the database.

It keeps its own right edge of the tree, extends it by the leaves it is given, and signs only what continues all it ever
signed. Its state is on the disk before a signature leaves it: after a crash it may have signed less than it remembers,
never more.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from portal.crashing import crash_point
from portal.translog import keys
from portal.translog.checkpoints import Checkpoint
from portal.translog.files import locked, write_durably
from portal.translog.notes import Note, VerifierKey
from portal.translog.tree import Frontier, leaf_hash


class SignerRefusal(RuntimeError):
    """The signer will not sign: what it was given does not continue what it signed before."""


class OutOfStep(SignerRefusal):
    """The leaves do not begin where the signer stands: somebody else had it sign in between."""


@dataclass(frozen=True)
class Signed:
    """How far a signer has signed."""

    size: int
    root: bytes


class Signer(Protocol):
    """Whoever signs: in this process, or behind a socket."""

    def signed(self) -> Signed:
        """How far it has signed."""

    def verifier_keys(self) -> list[VerifierKey]:
        """The public halves of its keys, the oldest first."""

    def extend(self, first: int, leaves: Sequence[bytes], root: bytes) -> Note:
        """Sign the tree that these leaves, from index ``first``, make of what was signed.

        Raises:
            OutOfStep: they do not begin where it stands.
            SignerRefusal: they do not lead to this root, or there is no key.
        """


class FileSigner:
    """A signer whose key and state lie in files; processes that share them take turns."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file
        self._state_file = key_file.with_name(f"{key_file.name}.state")

    def signed(self) -> Signed:
        """How far it has signed."""
        frontier = self._frontier()
        return Signed(frontier.size, frontier.root())

    def verifier_keys(self) -> list[VerifierKey]:
        """The public halves of its keys."""
        return [key.verifier for key in keys.read(self._key_file)]

    def extend(self, first: int, leaves: Sequence[bytes], root: bytes) -> Note:
        """Sign the tree that these leaves make of what was signed; none sign the same head again."""
        with locked(self._state_file):
            signing_keys = keys.read(self._key_file)
            if not signing_keys:
                raise SignerRefusal(f"there is no signing key in {self._key_file}; run: portal init")
            frontier = self._frontier()
            if first != frontier.size:
                raise OutOfStep(f"signed {frontier.size} leaves so far, was given leaves from {first}")
            frontier.extend(map(leaf_hash, leaves))
            if frontier.root() != root:
                raise SignerRefusal(f"{frontier.size} leaves do not lead to the root of the database")
            crash_point("before_sign")
            self._keep(frontier)
            crash_point("after_sign")
            text = Checkpoint(signing_keys[0].name, frontier.size, frontier.root()).text()
            return Note(text, tuple(key.sign(text) for key in signing_keys))

    def _frontier(self) -> Frontier:
        try:
            kept = json.loads(self._state_file.read_text())
        except FileNotFoundError:
            return Frontier.empty()
        return Frontier.unpack(kept["size"], bytes.fromhex(kept["frontier"]))

    def _keep(self, frontier: Frontier) -> None:
        state = {"size": frontier.size, "root": frontier.root().hex(), "frontier": frontier.pack().hex()}
        write_durably(self._state_file, json.dumps(state))
