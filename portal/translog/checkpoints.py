"""Checkpoints (c2sp.org/tlog-checkpoint): which log, how many leaves, which root; signed as a note, without a time."""

import base64
import re
from dataclasses import dataclass

from portal.translog.notes import Note, NoteError, unbase64
from portal.translog.tree import HASH_SIZE

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


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
        lines = note.text.removesuffix("\n").split("\n")
        if len(lines) < 3 or not all(lines):
            raise NoteError("not a checkpoint")
        root = unbase64(lines[2])
        if len(root) != HASH_SIZE:
            raise NoteError("not a checkpoint: the root is no hash")
        return cls(lines[0], number(lines[1]), root)


def number(text: str) -> int:
    """Read a size or an index: decimal, without leading zeroes, below 2**63.

    Raises:
        NoteError: it is something else.
    """
    if not _NUMBER.fullmatch(text) or int(text) >= 2**63:
        raise NoteError("not a number")
    return int(text)
