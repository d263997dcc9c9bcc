"""What the makers of all files are given: one snapshot of the books, the slice to write, and who publishes it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cached_property
from pathlib import Path

import orjson
from sqlalchemy.orm import Session

from portal.opendata.catalogue import Catalogue
from portal.opendata.rows import Account, moved
from portal.opendata.shelf import Shelf
from portal.opendata.slices import WHOLE, Slice
from portal.periods import SHANGHAI
from portal.translog import reading, tree

LICENCE = "CC-BY-4.0"
LICENCE_URL = "https://creativecommons.org/licenses/by/4.0/"
CURRENCY = "CNY"


@dataclass(frozen=True)
class Publisher:
    """Whose books these are, and where they are to be read."""

    address: str
    district_code: str = ""
    district_name: str = ""
    demonstration: bool = False

    @property
    def title(self) -> str:
        """What the books are called, in Chinese as in all files."""
        made_up = "（演示数据，非真实账目）" if self.demonstration else ""
        return f"{self.district_name}慈善阳光账本{made_up}"


@dataclass(frozen=True)
class Export:
    """One slice of one snapshot, about to be written."""

    session: Session
    catalogue: Catalogue
    slice: Slice
    shelf: Shelf
    publisher: Publisher
    _moves: dict[str, dict[Account, int]] = field(default_factory=dict)

    @cached_property
    def root(self) -> str:
        """The root of the log that holds all of the slice, in hexadecimal."""
        return root_of(self.session, self.slice.tree_size)

    @property
    def stamp(self) -> datetime:
        """The time that files give as theirs: the day the slice last changed, not the moment somebody asked."""
        return datetime.combine(self.slice.changed_on, time(), SHANGHAI).astimezone(UTC)

    def opening(self) -> dict[Account, int]:
        """What every account of every fund held before the slice, in fen: the sum of all earlier months."""
        held: dict[Account, int] = {}
        for month in self.catalogue.months:
            if self.slice.name != WHOLE and month.ends <= self.slice.begins:
                for account, fen in self._moved(month).items():
                    held[account] = held.get(account, 0) + fen
        return held

    def moves(self) -> dict[Account, int]:
        """What the slice moved, by fund and account, in fen."""
        sums: dict[Account, int] = {}
        for month in self.catalogue.months:
            if self.slice.begins <= month.begins < self.slice.ends:
                for account, fen in self._moved(month).items():
                    sums[account] = sums.get(account, 0) + fen
        return sums

    def _moved(self, month: Slice) -> dict[Account, int]:
        """What a month moved; kept beside its files, so that a year is not added up for every download."""

        def make(path: Path) -> None:
            sums = moved(self.session, month)
            path.write_bytes(orjson.dumps([[*account, fen] for account, fen in sorted(sums.items())]))

        if month.name not in self._moves:
            kept = self.shelf.take(month, "moves.json", make)
            self._moves[month.name] = {
                (fund, account): fen for fund, account, fen in orjson.loads(kept.path.read_bytes())
            }
        return self._moves[month.name]


def root_of(session: Session, tree_size: int) -> str:
    """The root of the log's first leaves, in hexadecimal."""
    return tree.root_at(tree_size, reading.subtrees(session)).hex()
