"""Ask the index. What is read is bounded by what is shown: newest first, and no counting."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Subquery,
    cast,
    column,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.ledger.models import Entry
from portal.search.guards import VECTOR
from portal.search.models import EntryWords, ThingKind, ThingWords
from portal.search.terms import Asked, mark, squeezed

CANDIDATES = 60
"""Things of one kind that are ranked before the best are shown."""

Ends = tuple[int | None, int | None]
"""The first and the last of a stretch; None is an open end."""

WALKED = 20_000
"""Entries with words that PostgreSQL looks at one by one before it asks its index."""


@dataclass(frozen=True)
class Hit:
    """A thing that was found."""

    kind: ThingKind
    subject_id: int
    code: str
    name: str
    active: bool


def entries_with(
    session: Session,
    asked: Asked,
    limit: int,
    *,
    ids: Ends = (None, None),
    conditions: Sequence[ColumnElement[bool]] = (),
    in_order: bool = True,
) -> list[int]:
    """Ids of the newest entries with words, of those between ``ids``; ``conditions`` speak of ``Entry``.

    Without ``in_order`` any of them, for who only wants to know whether there are more than ``limit``.
    """
    if asked.is_empty:
        return []
    if session.get_bind().dialect.name == "sqlite":
        # FTS5 gives its rows in order, so that it stops at the limit.
        query, key = _matching(session, EntryWords, asked)
        return list(session.scalars(_within(query, key, ids, conditions).order_by(key.desc()).limit(limit)))
    if in_order:
        walked = _walked(asked, ids)
        query = _within(select(walked.c.entry_id), walked.c.entry_id, (None, None), conditions)
        found = list(session.scalars(query.order_by(walked.c.entry_id.desc()).limit(limit)))
        if len(found) == limit:
            return found
    query, key = _matching(session, EntryWords, asked)
    query = _within(query, key, ids, conditions)
    # The sum keeps PostgreSQL from walking through all entries in their order instead of asking the index.
    return list(session.scalars((query.order_by((key + 0).desc()) if in_order else query).limit(limit)))


def _within(
    query: Select[int],
    key: SQLColumnExpression[int],
    ids: Ends,
    conditions: Sequence[ColumnElement[bool]],
) -> Select[int]:
    query = query.where(*_between(key, ids))
    return query.join(Entry, Entry.id == key).where(*conditions) if conditions else query


def _between(key: SQLColumnExpression[int], ids: Ends) -> list[ColumnElement[bool]]:
    first, last = ids
    return [*([key >= first] if first is not None else []), *([key <= last] if last is not None else [])]


def _walked(asked: Asked, ids: Ends) -> Subquery:
    """The entries among the newest ``WALKED`` that have the words, each looked at: GIN knows no order.

    What is frequent is found here after a few steps; what is not found here is rare enough to be sorted.
    """
    newest = select(EntryWords.entry_id, EntryWords.terms).order_by(EntryWords.entry_id.desc()).limit(WALKED)
    walked = newest.where(*_between(EntryWords.entry_id, ids)).subquery()
    spaced = " " + walked.c.terms + " "
    wanted = (*asked.terms, *asked.rows)
    return select(walked.c.entry_id).where(*(spaced.contains(f" {one} ") for one in wanted)).subquery()


def things_with(session: Session, kind: ThingKind, asked: Asked, text: str, limit: int) -> list[Hit]:
    """Things of one kind by their words: the same name first, then names that begin so, then hold it, then the rest."""
    if asked.is_empty:
        return []
    plain = squeezed(text)
    query, key = _matching(session, ThingWords, asked.marked(mark("kind", kind)))
    candidates = query.order_by(key.desc()).limit(max(CANDIDATES, limit))
    same = select(ThingWords.id).where(ThingWords.plain == plain, ThingWords.kind == kind).limit(limit)
    ids = {*session.scalars(candidates), *session.scalars(same)}
    rows = session.scalars(select(ThingWords).where(ThingWords.id.in_(ids))).all()
    ranked = sorted(rows, key=lambda one: (_rank(one.plain, plain), not one.active, _newest_bill_first(one)))
    return [_hit(one) for one in ranked[:limit]]


def thing_coded(session: Session, code: str) -> Hit | None:
    """The thing or bill with a code, in capital letters as codes are kept."""
    row = session.scalars(select(ThingWords).where(ThingWords.code == code).order_by(ThingWords.id)).first()
    return _hit(row) if row else None


def ids_of_things(session: Session, kind: ThingKind, asked: Asked) -> Select[int]:
    """The ids of all things of one kind with words, as a part of another query."""
    query, _key = _matching(session, ThingWords, asked.marked(mark("kind", kind)))
    return select(ThingWords.subject_id).where(ThingWords.id.in_(query))


def ids_named(session: Session, kinds: Sequence[ThingKind], text: str) -> dict[ThingKind, list[int]]:
    """The ids of things whose name holds a text, by kind. There are thousands of names, not millions: all are read."""
    plain = squeezed(text)
    if not plain:
        return {}
    rows = session.execute(
        select(ThingWords.kind, ThingWords.subject_id)
        .where(ThingWords.kind.in_(kinds), ThingWords.plain.contains(plain, autoescape=True))
        .order_by(ThingWords.id)
    )
    found: dict[ThingKind, list[int]] = {}
    for kind, subject_id in rows:
        found.setdefault(kind, []).append(subject_id)
    return found


def _hit(row: ThingWords) -> Hit:
    return Hit(row.kind, row.subject_id, row.code, row.name, row.active)


def _rank(name: str, typed: str) -> int:
    if name == typed:
        return 0
    if name.startswith(typed):
        return 1
    return 2 if typed in name else 3


def _newest_bill_first(one: ThingWords) -> tuple[int, str]:
    return (-one.subject_id, "") if one.kind is ThingKind.BILL else (len(one.plain), one.code)


def _matching(
    session: Session, model: type[EntryWords | ThingWords], asked: Asked
) -> tuple[Select[int], SQLColumnExpression[int]]:
    """The keys of rows that answer a question, and the key itself to order them by."""
    own: InstrumentedAttribute[int] = EntryWords.entry_id if model is EntryWords else ThingWords.id
    in_a_row = [(" " + model.terms + " ").contains(f" {row} ") for row in asked.rows]
    if session.get_bind().dialect.name == "postgresql":
        vector: ColumnElement[bool] = literal_column(VECTOR).op("@@")(cast(_tsquery(asked), TSQUERY))
        return select(own).where(vector, *in_a_row), own
    name = f"{model.__tablename__}_index"
    index = table(name, column("rowid", own.type), column(name))
    key: SQLColumnExpression[int] = index.c.rowid
    query = select(key).where(index.c[name].op("MATCH")(_fts5(asked)))
    if in_a_row:
        query = query.join(model, own == key).where(*in_a_row)
    return query, key


def _tsquery(asked: Asked) -> str:
    return " & ".join([f"'{one}'" for one in asked.terms] + [f"'{one}':*" for one in asked.beginnings])


def _fts5(asked: Asked) -> str:
    return " AND ".join([f'"{one}"' for one in asked.terms] + [f'"{one}" *' for one in asked.beginnings])
