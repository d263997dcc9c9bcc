"""Fill the index from the books: after the migration that makes it, and when the rules of ``terms.py`` change."""

from sqlalchemy import delete, func, select, text

from portal.db import db, writing
from portal.ledger.models import Entry
from portal.search.keeping import sources, write_entries, write_things
from portal.search.models import EntryWords, SearchState, ThingWords

VERSION = 1
"""Raised whenever the same words give other terms; ``portal init`` then fills the index anew."""

STEP = 20_000
"""Entries that are described in one transaction; the portal may post between two."""


def fill_if_outdated() -> int | None:
    """Fill the index unless the present rules filled it already; how many entries have words of their own."""
    state = db.session.get(SearchState, 1)
    return None if state is not None and state.version == VERSION else fill()


def fill() -> int:
    """Describe every thing and every entry anew; safe to repeat, and to be interrupted."""
    with writing(even_in_doubt=True) as session:
        session.execute(delete(ThingWords))
        for source in sources().values():
            write_things(session, source, list(session.scalars(select(source.model.id))))  # type: ignore[attr-defined]
    last = db.session.scalar(select(func.max(Entry.id))) or 0
    for start in range(1, last + 1, STEP):
        with writing(even_in_doubt=True) as session:
            write_entries(session, range(start, min(start + STEP, last + 1)))
    with writing(even_in_doubt=True) as session:
        session.merge(SearchState(id=1, version=VERSION))
        if session.get_bind().dialect.name == "postgresql":
            # Without statistics a frequent word is taken for a rare one.
            session.execute(text("ANALYZE search_entry, search_thing"))
        return session.scalar(select(func.count()).select_from(EntryWords)) or 0
