"""Checkpoints (c2sp.org/tlog-checkpoint): which log, how many leaves, which root; signed as a note, without a time."""

import base64
import binascii
from dataclasses import dataclass

from portal.translog.notes import Note, NoteError
from portal.translog.tree import HASH_SIZE


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, its size in leaves, and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, note: Note) -> "Checkpoint":
        """Read a note's text; further lines are allowed and ignored.

        Raises:
            NoteError: it is no checkpoint.
        """
        origin, *rest = note.text.split("\n")
        try:
            size, root = rest[0], base64.b64decode(rest[1], validate=True)
        except (IndexError, binascii.Error) as problem:
            raise NoteError("not a checkpoint") from problem
        if not origin or not size.isascii() or not size.isdigit() or str(int(size)) != size:
            raise NoteError("not a checkpoint: the size is no number")
        if len(root) != HASH_SIZE:
            raise NoteError("not a checkpoint: the root is no hash")
        return cls(origin, int(size), root)
