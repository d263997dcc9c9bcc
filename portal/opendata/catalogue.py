"""What there is to take away, month by month, known without counting ten million entries each time.

The log only grows, so what was counted once stays counted and only its new leaves are looked at. Changes
of public words are few; all of them are counted again when there is one more, because two that are written at the same
time may become visible in the other order.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from portal.i18n import gettext as _
from portal.ledger.models import Entry, EntryKind, LedgerArrival
from portal.opendata.given import IS_GRANT
from portal.opendata.models import PublicWordsChange
from portal.opendata.slices import Slice, bounds, find
from portal.periods import Month
from portal.refusals import NotFound
from portal.spending.models import Disbursement
from portal.translog import reading
from portal.translog.models import Leaf

_AT_ONCE = 200_000
"""Leaves whose entries the database groups in one statement."""


@dataclass(frozen=True)
class Count:
    """What is known of entries of a month, or of some of them: two counts can be added."""

    rows: int = 0
    grants: int = 0
    last_index: int = -1
    changed: frozenset[date] = frozenset()

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.rows + other.rows,
            self.grants + other.grants,
            max(self.last_index, other.last_index),
            self.changed | other.changed,
        )


@dataclass(frozen=True)
class Words:
    """How often public words were changed: by month (None for what touches all), and on which days."""

    total: int = 0
    counts: Mapping[Month | None, int] = field(default_factory=dict)
    days: Mapping[Month | None, frozenset[date]] = field(default_factory=dict)

    def of(self, month: Month) -> tuple[int, frozenset[date]]:
        """The number of changes that touch a month, and their days."""
        none = frozenset[date]()
        return (
            self.counts.get(month, 0) + self.counts.get(None, 0),
            self.days.get(month, none) | self.days.get(None, none),
        )


@dataclass(frozen=True)
class Catalogue:
    """The months of the log's first ``size`` leaves. ``mark``, the hash of the last one, tells another ledger apart."""

    size: int = 0
    mark: str = ""
    counts: Mapping[Month, Count] = field(default_factory=dict)
    words: Words = field(default_factory=Words)

    @property
    def months(self) -> list[Slice]:
        """Every month in which something happened, oldest first."""
        return [self._slice(month, count) for month, count in sorted(self.counts.items())]

    def find(self, name: str) -> Slice:
        """The month, the year, or everything (``all``).

        Raises:
            NotFound: nothing happened in it.
        """
        found = find(self.months, name)
        if found is None:
            raise NotFound(_("这个时间没有公开的账目：%(name)s。", name=name[:20]))
        return found

    def _slice(self, month: Month, count: Count) -> Slice:
        begins, ends = bounds(month)
        words, days = self.words.of(month)
        # What was renamed before anything of the month was public is no change of it.
        first = min(count.changed)
        changed = count.changed | {day for day in days if day >= first}
        return Slice(
            str(month),
            begins,
            ends,
            count.rows,
            count.grants,
            count.last_index + 1,
            words,
            frozenset(changed),
        )


def brought_up_to_date(session: Session, known: Catalogue) -> Catalogue:
    """The catalogue of the session's snapshot, given what was known of an earlier state of the same ledger."""
    size = reading.log_size(session)
    if known.size > size or known.mark != _mark(session, known.size):
        known = Catalogue()
    if known.size < size:
        counts = dict(known.counts)
        for first in range(known.size, size, _AT_ONCE):
            for month, found in _groups(session, first, min(first + _AT_ONCE, size) - 1):
                counts[month] = counts.get(month, Count()) + found
        known = replace(known, size=size, mark=_mark(session, size), counts=counts)
    total = session.scalar(select(func.count()).select_from(PublicWordsChange)) or 0
    return known if total == known.words.total else replace(known, words=_words(session, total))


def _groups(session: Session, first: int, last: int) -> Iterator[tuple[Month, Count]]:
    """What these leaves brought, counted by month and day.

    A reversal, and what reached the beneficiaries, also touch the month of their entry without being rows of it.
    """
    own, other = Entry.index.between(first, last), aliased(Entry)
    posted = _day(session, Entry.posted_at)
    newest = func.max(Entry.index)
    for occurred, day, rows, index in session.execute(
        select(Entry.occurred_on, posted, func.count(), newest).where(own).group_by(Entry.occurred_on, posted)
    ):
        yield Month.of(occurred), Count(rows, 0, index, frozenset({_as_day(day)}))
    cancelled = select(other.occurred_on, posted, newest).join(other, other.id == Entry.reverses_id)
    recorded = _day(session, LedgerArrival.recorded_at)
    arrived = select(Entry.occurred_on, recorded, func.max(LedgerArrival.index)).join(
        Entry, Entry.id == LedgerArrival.entry_id
    )
    for touched in (
        cancelled.where(own).group_by(other.occurred_on, posted),
        arrived.where(LedgerArrival.index.between(first, last)).group_by(Entry.occurred_on, recorded),
    ):
        for occurred, day, index in session.execute(touched):
            yield Month.of(occurred), Count(0, 0, index, frozenset({_as_day(day)}))
    yield from _grants(session, own)


def _grants(session: Session, own: ColumnElement[bool]) -> Iterator[tuple[Month, Count]]:
    """Payouts among these entries that are grants, less those that reversals among them took back."""
    given = (
        select(Entry.occurred_on, func.count())
        .join(Disbursement, Disbursement.entry_id == Entry.id)
        .where(Entry.kind == EntryKind.DISBURSEMENT, IS_GRANT)
        .group_by(Entry.occurred_on)
    )
    for occurred, count in session.execute(given.where(own)):
        yield Month.of(occurred), Count(grants=count)
    taken_back = select(Entry.reverses_id).where(own, Entry.reverses_id.is_not(None))
    for occurred, count in session.execute(given.where(Entry.id.in_(taken_back))):
        yield Month.of(occurred), Count(grants=-count)


def _words(session: Session, total: int) -> Words:
    counts: dict[Month | None, int] = defaultdict(int)
    days: dict[Month | None, frozenset[date]] = defaultdict(frozenset)
    day = _day(session, PublicWordsChange.changed_at)
    rows = session.execute(
        select(Entry.occurred_on, day, func.count())
        .select_from(PublicWordsChange)
        .outerjoin(Entry, Entry.id == PublicWordsChange.entry_id)
        .group_by(Entry.occurred_on, day)
    )
    for occurred, changed, count in rows:
        month = Month.of(occurred) if occurred else None
        counts[month] += count
        days[month] |= {_as_day(changed)}
    return Words(total, dict(counts), dict(days))


def _day(session: Session, instant: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """The day of an instant on a clock in Guangzhou, which has known no summer time since 1991."""
    if session.get_bind().dialect.name == "postgresql":
        return func.date(func.timezone("Asia/Shanghai", instant))
    return func.date(instant, "+8 hours")


def _as_day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _mark(session: Session, size: int) -> str:
    """The hash of the last leaf of a log."""
    leaf = session.scalar(select(Leaf.hash).where(Leaf.index == size - 1))
    return leaf.hex() if leaf else ""
