"""Tiles (c2sp.org/tlog-tiles): the tree's hashes in files of 256, and the leaves in bundles of 256.

A full tile is at ``<level>/<index>``, the last and growing one at ``<level>/<index>.p/<width>``; entries have
``entries`` for a level. The index is written in groups of three digits: ``x001/x234/067``.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 256
HEIGHT = 8
_MAX_LEVEL = 63 // HEIGHT
_PATH = re.compile(
    r"(?P<level>entries|0|[1-9][0-9]?)/(?P<groups>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class NoTile(ValueError):
    """There is no tile of this name."""


@dataclass(frozen=True)
class Tile:
    """A row of at most 256 hashes ``height`` levels apart (``level`` None: of leaves)."""

    level: int | None
    index: int
    width: int = WIDTH

    @classmethod
    def parse(cls, path: str) -> "Tile":
        """From its path.

        Raises:
            NoTile: the path is not written as the format says.
        """
        found = _PATH.fullmatch(path)
        if found is None:
            raise NoTile(path)
        level = None if found["level"] == "entries" else int(found["level"])
        groups = found["groups"].replace("x", "").split("/")
        width = int(found["width"] or WIDTH)
        if (
            (level or 0) > _MAX_LEVEL
            or (found["width"] and width >= WIDTH)
            or (len(groups) > 1 and groups[0] == "000")
        ):
            raise NoTile(path)
        return cls(level, int("".join(groups)), width)

    @property
    def path(self) -> str:
        """The path below ``/tile/``."""
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        name = "".join(f"x{group}/" for group in groups[:-1]) + groups[-1]
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"{'entries' if self.level is None else self.level}/{name}{partial}"

    @property
    def first(self) -> int:
        """The index of its first hash among those of its level."""
        return self.index * WIDTH

    def require_within(self, size: int) -> None:
        """Check that a log of this many leaves has the tile.

        Raises:
            NoTile: it has not.
        """
        if self.first + self.width > size >> HEIGHT * (self.level or 0):
            raise NoTile(self.path)


def bundle(leaves: Iterable[bytes]) -> bytes:
    """Leaves one after the other, each behind its length in two bytes."""
    return b"".join(struct.pack(">H", len(leaf)) + leaf for leaf in leaves)
