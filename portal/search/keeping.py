"""Keep the index in step: what a transaction changed is described anew before it commits.

Every document and thing that the session writes is noticed, whichever service wrote it, so that no service can forget
the search. Rows written in bulk are told to ``portal.ledger.touched``. What is missing or too much all the same is
found by ``portal ledger verify`` (``checking.py``).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete, event, insert, inspect, select
from sqlalchemy.orm import Session

from portal.db import db, insert_many
from portal.giving.models import Donation
from portal.ledger.models import Entry
from portal.ledger.touched import take_touched, touch
from portal.registry.models import Community, Street
from portal.search.entry_words import words_of_entries
from portal.search.models import EntryWords, ThingKind, ThingWords
from portal.search.things import Source, row_of
from portal.spending.models import Disbursement
from portal.stock.models import StockDocument

DOCUMENTS = (Donation, Disbursement, StockDocument)
"""What an entry may get its words from."""

CHUNK = 1_000

_THINGS = "touched_things"
_PLACES = {Street: "street_id", Community: "community_id"}


def install(app: Flask, sources: Sequence[Source]) -> None:
    """Keep the app's index; ``sources`` are the kinds of things that can be found."""
    app.extensions["search_sources"] = {source.kind: source for source in sources}
    app.extensions.setdefault("write_finishers", []).append(bring_in_step)


def sources() -> dict[ThingKind, Source]:
    """The kinds of things that can be found."""
    found: dict[ThingKind, Source] = current_app.extensions["search_sources"]
    return found


def bring_in_step(session: Session) -> None:
    """Describe anew what the open transaction changed, as its last act."""
    session.flush()
    write_entries(session, sorted(take_touched(session)))
    things: dict[ThingKind, set[int]] = session.info.pop(_THINGS, {})
    for kind, ids in things.items():
        write_things(session, sources()[kind], ids)


def write_entries(session: Session, ids: Sequence[int]) -> None:
    """Write the words of entries as they are now, and of what reverses them."""
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        reversals = session.scalars(select(Entry.id).where(Entry.reverses_id.in_(chunk)))
        both = sorted({*chunk, *reversals})
        session.execute(delete(EntryWords).where(EntryWords.entry_id.in_(both)))
        words = words_of_entries(session, both)
        insert_many(session, EntryWords, [{"entry_id": one, "terms": terms} for one, terms in words.items()])


def write_things(session: Session, source: Source, ids: Iterable[int]) -> None:
    """Write the words of things of one kind as they are now."""
    for one in sorted(ids):
        session.execute(
            delete(ThingWords).where(ThingWords.kind == source.kind, ThingWords.subject_id == one)
        )
        thing = session.get(source.model, one)
        row = row_of(source, thing) if thing is not None else None
        if row:
            session.execute(insert(ThingWords).values(row))


@event.listens_for(db.session, "after_flush")
def _notice(session: Session, _context: object) -> None:
    for thing in (*session.new, *session.dirty):
        if isinstance(thing, DOCUMENTS):
            if thing.entry_id is not None:
                touch(session, [thing.entry_id])
        elif session.is_modified(thing, include_collections=False):
            _notice_thing(session, thing)


def _notice_thing(session: Session, thing: Any) -> None:
    touched = session.info.setdefault(_THINGS, defaultdict(set))
    for source in sources().values():
        if isinstance(thing, source.model):
            touched[source.kind].add(inspect(thing).mapper.primary_key_from_instance(thing)[0])
    column = _PLACES.get(type(thing))
    if column is None:
        return
    for source in sources().values():
        if column in source.places:
            model: Any = source.model
            there = select(model.id).where(getattr(model, column) == thing.id)
            touched[source.kind].update(session.connection().scalars(there))


@event.listens_for(db.session, "after_rollback")
def _forget(session: Session) -> None:
    take_touched(session)
    session.info.pop(_THINGS, None)
