"""The public ledger: which entries a selection lets through, page by page, and what they add up to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session

from portal.db import is_one_of
from portal.disclosure import word_search
from portal.disclosure.meetings import hardly_meet, newest_met, rarest_thing
from portal.disclosure.narrowing import AmountRange, few_at_all, of_form, surely_nothing, within_days
from portal.disclosure.public_entries import PublicEntry, load, public, public_columns
from portal.disclosure.word_search import WordQuery
from portal.ledger.figures import THINGS, Filters, Totals, totals
from portal.ledger.models import Direction, Entry, Form, Transfer
from portal.ledger.transfers import is_move
from portal.spending.models import Disbursement

MOST_SUMMED = 500
"""Entries found by words that are still added up."""


@dataclass(frozen=True)
class LedgerQuery:
    """A selection of the public ledger. Amounts in fen; ``text`` is looked for in names, purposes and numbers."""

    filters: Filters = Filters()
    least_fen: int | None = None
    most_fen: int | None = None
    text: str = ""

    @property
    def amounts(self) -> AmountRange | None:
        """The range of amounts that is asked for, if one is."""
        return AmountRange.of(self.least_fen, self.most_fen)

    @property
    def is_plain(self) -> bool:
        """Whether the kept daily totals can answer for its sums."""
        return self.least_fen is None and self.most_fen is None and not self.text

    @property
    def has_other_end(self) -> bool:
        """Whether what came by transfer stands under the fund or organisation that it left; only money is moved."""
        asked = self.filters.fund_id is not None or self.filters.organisation_id is not None
        return asked and self.filters.form in (None, Form.MONEY)


@dataclass(frozen=True)
class LedgerPage:
    """Entries, newest first, and the cursor of the next page."""

    entries: Sequence[PublicEntry]
    following: int | None


CHUNK = 1_000
"""Entries that are read at once where all of a selection is wanted."""


@dataclass(frozen=True)
class Selected:
    """A selection in the books. What is found out of where its entries are serves its page and its sums alike."""

    session: Session
    query: LedgerQuery

    def page(self, after: int | None = None, limit: int = 50) -> LedgerPage:
        """One page; ``after`` is the index of the last entry of the page before (keyset paging)."""
        session, query = self.session, self.query
        if query.text:
            ids = word_search.newest(session, _word_query(query), limit + 1, after=after)
        else:
            found = self._own(after, limit + 1)
            if query.has_other_end:
                found |= _newest(session, _moved_in(query), after, limit + 1)
            ids = sorted(found, key=lambda id_: -found[id_])[: limit + 1]
        entries = load(session, ids[:limit])
        return LedgerPage(entries, entries[-1].index if len(ids) > limit else None)

    def summary(self) -> Totals | None:
        """The sums: from the kept totals, or over the entries where amounts or words are asked.

        None where there are too many (``to_sum``): they are shown, and not added up one by one.
        """
        if self.query.is_plain:
            return totals(self.session, self.query.filters)
        conditions = self.to_sum()
        if conditions is None:
            return None
        count = func.sum(case((Entry.reverses_id.is_(None), 1), else_=-1))
        rows = self.session.execute(
            select(Entry.direction, Entry.form, Entry.agency, count, func.sum(Entry.amount_fen))
            .where(*conditions)
            .group_by(Entry.direction, Entry.form, Entry.agency)
        )
        result = Totals()
        for direction, form, agency, entries, amount in rows:
            result.add(direction, form, int(entries), int(amount), agency=agency)
        return result

    def to_sum(self) -> list[ColumnElement[bool]] | None:
        """What is asked of an entry that counts to the sums, where they are not kept.

        None where words find more than ``MOST_SUMMED`` entries, or where more than ``MOST_READ`` have the amount and
        more than ``MOST_ADDED`` the rest of what is asked.
        """
        session, query = self.session, self.query
        if query.text:
            ids = word_search.at_most(session, _word_query(query), MOST_SUMMED)
            return None if ids is None else [is_one_of(session, Entry.id, ids), ~is_move()]
        if query.amounts and not self._is_rare and not few_at_all(session, query.filters):
            return None
        if self._hardly_meet:
            met = newest_met(session, query.filters, self._narrowed)
            return [is_one_of(session, Entry.id, list(met)), ~is_move()]
        return [*self._narrowed, ~is_move()]

    def _own(self, after: int | None, limit: int) -> dict[int, int]:
        """Ids of the newest entries with their indexes, without what came by transfer."""
        if self._hardly_meet:
            return newest_met(self.session, self.query.filters, self._narrowed, after=after, limit=limit)
        return _newest(self.session, self._narrowed, after, limit)

    @cached_property
    def _hardly_meet(self) -> bool:
        return not self._is_rare and hardly_meet(self.session, self.query.filters)

    @cached_property
    def _is_rare(self) -> bool:
        return self.query.amounts is not None and self.query.amounts.is_rare(self.session)

    @cached_property
    def _narrowed(self) -> list[ColumnElement[bool]]:
        """The conditions, and what else is known of where such entries are."""
        session, query = self.session, self.query
        if surely_nothing(session, query.filters):
            return [false()]
        days = within_days(session, query.filters)
        rarest = rarest_thing(session, query.filters)
        by = () if self._is_rare else THINGS if rarest is None else (rarest,)
        if query.amounts is None:
            return [*_conditions(query, by), *days]
        others = _conditions(replace(query, least_fen=None, most_fen=None), by)
        return [*others, *days, query.amounts.condition(rare=self._is_rare)]


def page(session: Session, query: LedgerQuery, *, after: int | None = None, limit: int = 50) -> LedgerPage:
    """One page of a selection."""
    return Selected(session, query).page(after, limit)


def _newest(
    session: Session, conditions: Sequence[ColumnElement[bool]], after: int | None, limit: int
) -> dict[int, int]:
    """Ids of entries with their indexes, newest first."""
    wanted = select(Entry.id, Entry.index).where(*conditions).order_by(Entry.index.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(Entry.index < after)
    return {row.id: row[1] for row in session.execute(wanted)}


def _moved_in(query: LedgerQuery) -> list[ColumnElement[bool]]:
    """What came by transfer into the fund or organisation asked for: it stands under the fund that it left."""
    filters = query.filters
    if filters.direction is Direction.OUT:
        return [false()]
    arrived = select(Transfer.entry_id)
    if filters.fund_id is not None:
        arrived = arrived.where(Transfer.to_fund_id == filters.fund_id)
    if filters.organisation_id is not None:
        arrived = arrived.where(Transfer.to_organisation_id == filters.organisation_id)
    elsewhere = replace(query, filters=replace(filters, fund_id=None, organisation_id=None, direction=None))
    return [Entry.id.in_(arrived), *_conditions(elsewhere, by=())]


def every(
    session: Session, query: LedgerQuery, *, after: int | None = None, most: int | None = None
) -> Iterator[PublicEntry]:
    """All entries of a selection, newest first, page by page in constant memory; ``most`` is where it ends."""
    left = most
    while left is None or left > 0:
        found = page(session, query, after=after, limit=CHUNK if left is None else min(left, CHUNK))
        yield from found.entries
        if found.following is None:
            return
        after = found.following
        left = None if left is None else left - len(found.entries)


def in_order(session: Session, begins: date, ends: date) -> Iterator[list[PublicEntry]]:
    """What happened from one day to before another, in the order of the days, in parts of ``CHUNK``."""
    place = tuple_(Entry.occurred_on, Entry.index)
    columns = public_columns().order_by(None).order_by(*place).where(Entry.occurred_on < ends).limit(CHUNK)
    after = (begins, -1)
    while part := [public(row) for row in session.execute(columns.where(place > after))]:
        yield part
        after = (part[-1].occurred_on, part[-1].index)


def chosen(filters: Filters) -> ColumnElement[bool]:
    """The entries of a fund or organisation and so on, with what came to it by transfer, as a condition."""
    query = LedgerQuery(filters)
    own = and_(true(), *_conditions(query))
    return or_(own, and_(*_moved_in(query))) if query.has_other_end else own


def one(session: Session, entry_no: str) -> PublicEntry | None:
    """One entry by its number."""
    found = session.scalar(select(Entry.id).where(Entry.entry_no == entry_no))
    return load(session, [found])[0] if found is not None else None


def of_ids(session: Session, ids: Sequence[int]) -> list[PublicEntry]:
    """Entries by id, newest first."""
    return load(session, ids)


def disbursement_of(session: Session, entry: PublicEntry) -> int | None:
    """The payout that an entry posted, by id; of a reversal none."""
    return session.scalar(select(Disbursement.id).where(Disbursement.entry_id == entry.id))


def is_longer_than(session: Session, query: LedgerQuery, most: int) -> bool:
    """Whether a selection has more entries than that."""
    if query.text:
        return word_search.at_most(session, _word_query(query), most) is None
    some = select(literal(1)).select_from(Entry).where(*_conditions(query)).limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > most


def _conditions(query: LedgerQuery, by: Sequence[str] = THINGS) -> list[ColumnElement[bool]]:
    """What is asked of an entry. The database is kept from looking it up by other things than ``by``."""
    filters = query.filters
    conditions: list[ColumnElement[bool]] = []
    for name in THINGS:
        if (wanted := getattr(filters, name)) is not None:
            column = getattr(Entry, name)
            conditions.append((column if name in by else column + 0) == wanted)
    conditions += [
        getattr(Entry, name) == getattr(filters, name)
        for name in ("direction", "channel")
        if getattr(filters, name) is not None
    ]
    if filters.form is not None:
        conditions += of_form(filters.form)
    if filters.first_day is not None:
        conditions.append(Entry.occurred_on >= filters.first_day)
    if filters.last_day is not None:
        conditions.append(Entry.occurred_on <= filters.last_day)
    if query.amounts is not None:
        conditions.append(query.amounts.holds(Entry.amount_fen))
    return conditions


def _word_query(query: LedgerQuery) -> WordQuery:
    by_amount = query.least_fen is not None or query.most_fen is not None
    conditions = _conditions(query, by=())
    if query.has_other_end:
        conditions = [or_(and_(*conditions), and_(*_moved_in(query)))]
    return WordQuery(query.text, query.filters, conditions, by_amount)
