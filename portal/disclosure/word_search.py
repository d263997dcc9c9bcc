"""Entries of the public ledger by words, numbers and sums, newest first, without reading more than is shown.

Only public words are searched: a search must not find by what it may not show (I21).
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, cast, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from portal.giving.models import Donation
from portal.ledger import day_places
from portal.ledger.figures import Filters
from portal.ledger.models import Entry
from portal.search.entry_words import MARKED, YEAR
from portal.search.finding import entries_with, ids_named
from portal.search.models import ThingKind
from portal.search.numbers import amount_of, number_of
from portal.search.terms import ask_entries, mark
from portal.spending.models import Disbursement
from portal.stock.models import StockDocument
from portal.transfers.models import FundTransfer

DIMENSIONS = {
    ThingKind.ORGANISATION: "organisation_id",
    ThingKind.FUND: "fund_id",
    ThingKind.STATION: "station_id",
    ThingKind.STREET: "street_id",
    ThingKind.PROJECT: "project_id",
    ThingKind.CAMPAIGN: "campaign_id",
}

MOST_THINGS = 200
"""With more things of one kind that are named so, nearly every entry belongs to one: the newest entries are walked."""

_DOCUMENTS = (
    (Donation.entry_id, Donation.donation_no),
    (Disbursement.entry_id, Disbursement.disbursement_no),
    (StockDocument.entry_id, StockDocument.document_no),
    (FundTransfer.entry_id, FundTransfer.transfer_no),
)


@dataclass(frozen=True)
class WordQuery:
    """Words within a selection. ``conditions`` are all of the selection's, on ``Entry``, the words left out."""

    text: str
    filters: Filters
    conditions: Sequence[ColumnElement[bool]]
    by_amount: bool = False

    @property
    def marks(self) -> list[str]:
        """What the index itself can narrow by."""
        filters = self.filters
        marks = [mark(name, getattr(filters, name)) for name in MARKED if getattr(filters, name) is not None]
        if self._one_year:
            marks.append(mark(YEAR, self._one_year))
        return marks

    @property
    def beyond_marks(self) -> Sequence[ColumnElement[bool]]:
        """The conditions, where the marks do not say all."""
        filters = self.filters
        days = (filters.first_day, filters.last_day)
        whole_year = self._one_year and all(
            day and (day.month, day.day) == wanted
            for day, wanted in zip(days, ((1, 1), (12, 31)), strict=True)
        )
        covered = (days == (None, None) or whole_year) and filters.channel is None and not self.by_amount
        return () if covered else self.conditions

    @property
    def _one_year(self) -> int | None:
        first, last = self.filters.first_day, self.filters.last_day
        return first.year if first and last and first.year == last.year else None


def newest(session: Session, query: WordQuery, limit: int, *, after: int | None = None) -> list[int]:
    """Ids of the newest entries that the words find; ``after`` is the index of the last one of the page before."""
    return sorted(_found(session, query, limit, after, in_order=True), reverse=True)[:limit]


def at_most(session: Session, query: WordQuery, limit: int) -> list[int] | None:
    """The ids of all entries that the words find, or None if they are more than ``limit``."""
    found = _found(session, query, limit + 1, None, in_order=False)
    return None if len(found) > limit else list(found)


def _found(session: Session, query: WordQuery, limit: int, after: int | None, *, in_order: bool) -> set[int]:
    places = _places(session, query.filters, after)
    if places is None:
        return set()
    first, last = places
    asked = ask_entries(query.text)
    found: set[int] = set()
    if not asked.is_empty:
        found.update(
            entries_with(
                session,
                asked.marked(*query.marks),
                limit,
                ids=_ids_at(session, first, last),
                conditions=query.beyond_marks,
                in_order=in_order,
            )
        )
    within = [*query.conditions, *([Entry.index >= first] if first is not None else [])]
    within += [Entry.index <= last] if last is not None else []
    for statement in _statements(session, query.text, within, limit):
        if in_order or len(found) < limit:
            found.update(session.scalars(statement))
    return found


def _places(session: Session, filters: Filters, after: int | None) -> tuple[int | None, int | None] | None:
    """The places of the log between which is looked; an end that is None is open. None where nothing can be found."""
    first, last = None, None if after is None else after - 1
    if filters.first_day is not None or filters.last_day is not None:
        of_days = day_places.between(session, filters.first_day, filters.last_day)
        if of_days is None:
            return None
        first, last = of_days[0], of_days[1] if last is None else min(of_days[1], last)
    return None if last is not None and last < (first or 0) else (first, last)


def _ids_at(session: Session, first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """The ids of the entries between two places; entries stand in the log in the order of their ids."""
    ids = select(Entry.id).limit(1)
    oldest = ids.where(Entry.index >= first).order_by(Entry.index) if first is not None else None
    newest = ids.where(Entry.index <= last).order_by(Entry.index.desc()) if last is not None else None
    return (
        None if oldest is None else session.scalar(oldest),
        None if newest is None else session.scalar(newest) or 0,
    )


def _statements(
    session: Session, words: str, within: list[ColumnElement[bool]], limit: int
) -> Iterator[Select[int]]:
    number, amount = number_of(words), amount_of(words)
    if number is not None:
        yield select(Entry.id).where(*within, Entry.id.in_(_numbered(number)))
    for signed in (amount, -amount) if amount is not None else ():
        yield _newest(within, limit).where(Entry.amount_fen == signed)
    for kind, ids in ids_named(session, list(DIMENSIONS), words).items():
        belongs: ColumnElement[int] = getattr(Entry, DIMENSIONS[kind])
        if len(ids) > MOST_THINGS:
            yield _newest(within, limit).where(belongs.in_(ids))
        else:
            yield _of_each(session, belongs, ids, _newest(within, limit))


def _newest(within: Sequence[ColumnElement[bool]], limit: int) -> Select[int]:
    return select(Entry.id).where(*within).order_by(Entry.index.desc()).limit(limit)


def _of_each(
    session: Session, belongs: ColumnElement[int], ids: Sequence[int], newest_of: Select[int]
) -> Select[int]:
    """The newest entries of each of several things: each is one short walk through an index."""
    if session.get_bind().dialect.name == "postgresql":
        array = cast(literal(list(ids), ARRAY(BigInteger)), ARRAY(BigInteger))
        of = func.unnest(array).table_valued("value").render_derived()
        each = newest_of.where(belongs == of.c.value).correlate(of).lateral()
        return select(each.c.id).select_from(of).join(each, true())
    of = func.json_each(json.dumps(list(ids))).table_valued("value")
    entry = aliased(Entry)
    each_of = newest_of.where(belongs == of.c.value).correlate(of)
    return select(entry.id).select_from(of).join(entry, entry.id.in_(each_of))


def _numbered(number: str) -> Select[tuple[int | None]]:
    own = select(Entry.id).where(or_(Entry.entry_no == number, Entry.receipt_no == number))
    return own.union_all(*(select(entry_id).where(no == number) for entry_id, no in _DOCUMENTS))  # type: ignore[return-value]


def entry_numbered(session: Session, typed: str) -> str | None:
    """The number of the one entry that a typed number of it, of its receipt or of its document stands for."""
    number = number_of(typed)
    if number is None:
        return None
    return session.scalar(select(Entry.entry_no).where(Entry.id.in_(_numbered(number))).limit(1))
