"""Find by name or number: organisations, funds, stations, projects, campaigns, and single entries."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.disclosure.directory import SHELVES, Page, Search, Shelf, page
from portal.ledger.models import Entry

MOST = 20


@dataclass(frozen=True)
class Found:
    """What one search found, by kind; ``entry_no`` when the words were the number of one entry or receipt."""

    words: str
    groups: Sequence[tuple[Shelf, Page]]
    entry_no: str | None

    @property
    def count(self) -> int:
        """How many things are shown."""
        return sum(len(one.rows) for _shelf, one in self.groups)


def search(session: Session, words: str) -> Found:
    """Look for words everywhere the public may look. Names of donors are not looked into here."""
    groups = [(shelf, page(session, shelf, Search(text=words), limit=MOST)) for shelf in SHELVES.values()]
    return Found(words, [(shelf, one) for shelf, one in groups if one.rows], _entry_no(session, words))


def _entry_no(session: Session, words: str) -> str | None:
    number = words.upper()
    found = select(Entry.entry_no).where(or_(Entry.entry_no == number, Entry.receipt_no == number))
    return session.scalar(found.limit(1))
