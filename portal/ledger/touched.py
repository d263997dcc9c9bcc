"""Entries whose public words this transaction may have changed: the search is brought in step before it commits.

Documents that the session writes are noticed by themselves (``portal/search/keeping.py``); whoever writes many rows
past the session says so here.
"""

from collections.abc import Iterable

from sqlalchemy.orm import Session

_KEY = "touched_entries"


def touch(session: Session, entry_ids: Iterable[int]) -> None:
    """Note entries by id."""
    session.info.setdefault(_KEY, set()).update(entry_ids)


def take_touched(session: Session) -> set[int]:
    """The entries noted so far; they are forgotten."""
    touched: set[int] = session.info.pop(_KEY, set())
    return touched
