"""Proof files (c2sp.org/tlog-proof): one leaf's way to a signed checkpoint, to be kept and checked offline."""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.translog import notes, tree
from portal.translog.checkpoints import Checkpoint, number
from portal.translog.notes import Note, NoteError, VerifierKey, unbase64

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
_LONGEST_PATH = 63


@dataclass(frozen=True)
class Proof:
    """A leaf, its index, the hashes beside its way to the root, and the note that signs the root."""

    leaf: bytes
    index: int
    path: Sequence[bytes]
    note: Note

    def render(self) -> str:
        """The file; the leaf travels as ``extra``."""
        lines = [HEADER, f"extra {_encode(self.leaf)}", f"index {self.index}", *map(_encode, self.path), ""]
        return "\n".join(lines) + "\n" + self.note.render()

    def checkpoint(self) -> Checkpoint:
        """The checkpoint it leads to; raises NoteError when there is none."""
        return Checkpoint.parse(self.note)

    def verify(self, keys: Iterable[VerifierKey]) -> list[VerifierKey]:
        """Check signatures and path; return the keys that signed.

        Raises:
            NoteError: no known key signed it, or a signature does not fit.
            ProofError: the leaf does not stand where the proof says.
        """
        signers = notes.verify(self.note, keys)
        head = self.checkpoint()
        tree.verify_inclusion(self.index, head.size, tree.leaf_hash(self.leaf), self.path, head.root)
        return signers

    @classmethod
    def parse(cls, rendered: str) -> "Proof":
        """Read a proof file that carries its leaf.

        Raises:
            NoteError: it is malformed.
        """
        head, blank, note = rendered.partition("\n\n")
        lines = head.split("\n")
        if not blank or len(lines) < 3 or lines[0] != HEADER:
            raise NoteError("not a proof file")
        extra, index, *path = lines[1:]
        if not extra.startswith("extra ") or not index.startswith("index ") or len(path) > _LONGEST_PATH:
            raise NoteError("not a proof file with its leaf")
        hashes = [unbase64(line) for line in path]
        if any(len(one) != tree.HASH_SIZE for one in hashes):
            raise NoteError("the path holds something that is no hash")
        leaf, at = unbase64(extra.removeprefix("extra ")), number(index.removeprefix("index "))
        proof = cls(leaf, at, hashes, notes.parse(note))
        proof.checkpoint()
        return proof


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()
