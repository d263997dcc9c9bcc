"""Whether the index says what the books say: nothing missing, and above all nothing that is no longer public."""

from collections.abc import Iterator

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.ledger.models import Entry
from portal.search.entry_words import words_of_entries
from portal.search.guards import TABLES
from portal.search.keeping import CHUNK, sources
from portal.search.models import EntryWords, ThingKind, ThingWords
from portal.search.things import row_of

Finding = tuple[str, str | None, str]


def doubtful_search(session: Session) -> Iterator[Finding]:
    """Entries and things that the index describes otherwise than they are."""
    yield from _entries(session)
    yield from _things(session)
    if session.get_bind().dialect.name == "sqlite":
        yield from _index_sizes(session)


def _entries(session: Session) -> Iterator[Finding]:
    last = session.scalar(select(func.max(Entry.id))) or 0
    for start in range(1, last + 1, CHUNK):
        ids = range(start, min(start + CHUNK, last + 1))
        rows = session.scalars(select(EntryWords).where(EntryWords.entry_id.between(ids[0], ids[-1])))
        kept = {row.entry_id: row.terms for row in rows}
        wanted = words_of_entries(session, ids)
        for one in sorted(kept.keys() | wanted.keys()):
            if kept.get(one) != wanted.get(one):
                yield (
                    "search_entry",
                    session.scalar(select(Entry.entry_no).where(Entry.id == one)),
                    "the search does not say what the entry says; portal search rebuild mends it",
                )


def _things(session: Session) -> Iterator[Finding]:
    kept = {
        (row.kind, row.subject_id): (row.code, row.name, row.plain, row.active, row.terms)
        for row in session.scalars(select(ThingWords))
    }
    for source in sources().values():
        for thing in session.scalars(select(source.model)):
            row = row_of(source, thing)
            key: tuple[ThingKind, int] = (source.kind, thing.id)  # type: ignore[attr-defined]
            stored = kept.pop(key, None)
            if stored != (row and tuple(row[name] for name in ("code", "name", "plain", "active", "terms"))):
                yield "search_thing", None, f"the search does not say what {source.kind} {key[1]} says"
    for kind, subject_id in kept:
        yield "search_thing", None, f"the search knows a {kind} {subject_id} that is not there"


def _index_sizes(session: Session) -> Iterator[Finding]:
    for table in TABLES:
        rows, indexed = (
            session.scalar(text(f"SELECT count(*) FROM {name}"))  # noqa: S608 - our own names
            for name in (table, f"{table}_index_docsize")
        )
        if rows != indexed:
            yield table, None, f"{rows} rows, of which {indexed} are in the database's index"
