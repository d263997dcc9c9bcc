"""Where a gift's money went, and where a payout's money came from: first in, first out, by cumulative positions.

The k-th fen that ever came into a fund is the k-th that ever went out of it. So the use of a gift is the payouts whose
place among all that went out overlaps the gift's place among all that came in: a look-up by range, no table of shares.
What was reversed is left out of both sequences, as if it had never been. Money moved to another fund is followed there.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from portal.ledger.models import CAME, MOVES, WENT, Cancellation, Entry, EntryKind, FundBalance, Posting


class Side(StrEnum):
    """One of the two sequences of a fund."""

    CAME = "came"
    WENT = "went"


class Outcome(StrEnum):
    """What became of a share of a gift."""

    SPENT = "spent"
    KEPT = "kept"


@dataclass(frozen=True)
class Share:
    """So much of a gift: spent by an entry, or still in a fund. ``through`` are the transfers it went through."""

    outcome: Outcome
    amount_fen: int
    fund_id: int
    entry_id: int | None = None
    through: tuple[int, ...] = ()


@dataclass
class Sources:
    """Whose money a payout spent, without a name: how many gifts, from how many stations and days."""

    gifts: int = 0
    gifts_fen: int = 0
    other_fen: int = 0
    stations: set[int] = field(default_factory=set)
    days: set[date] = field(default_factory=set)


def shares_of(session: Session, entry_id: int) -> list[Share]:
    """What became of the money of a gift; the shares add up to it. Empty when it is reversed or no money."""
    books, shares = _Books(session), []
    waiting = books.spans_of(entry_id, Side.CAME)
    while waiting:
        span = waiting.pop()
        left = span.start
        for found in books.overlaps(span, Side.WENT):
            left = found.start + found.amount_fen
            if found.kind in MOVES:
                waiting.append(books.other_end(span, found, Side.CAME))
            else:
                spent = (found.amount_fen, span.fund_id, found.entry_id, span.through)
                shares.append(Share(Outcome.SPENT, *spent))
        if left < span.end:
            shares.append(Share(Outcome.KEPT, span.end - left, span.fund_id, None, span.through))
    return sorted(shares, key=lambda one: (one.outcome is Outcome.KEPT, one.entry_id or 0))


def sources_of(session: Session, entry_id: int) -> Sources:
    """Where the money of a payout came from; the amounts add up to it. Empty when it is reversed or no money."""
    books, sources = _Books(session), Sources()
    waiting = books.spans_of(entry_id, Side.WENT)
    while waiting:
        span = waiting.pop()
        for found in books.overlaps(span, Side.CAME):
            if found.kind in MOVES:
                waiting.append(books.other_end(span, found, Side.WENT))
            elif found.kind is EntryKind.DONATION:
                sources.gifts += 1
                sources.gifts_fen += found.amount_fen
                sources.days.add(found.day)
                if found.station_id is not None:
                    sources.stations.add(found.station_id)
            else:
                sources.other_fen += found.amount_fen
    return sources


@dataclass(frozen=True)
class _Span:
    """A piece of one sequence of a fund, in fen: from ``start`` up to but not including ``end``."""

    fund_id: int
    start: int
    end: int
    through: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Overlap:
    """The piece of an entry's money that lies within a span: where it starts, and how far into the entry that is."""

    entry_id: int
    kind: EntryKind
    station_id: int | None
    day: date
    start: int
    amount_fen: int
    offset: int


class _Sequence:
    """One sequence of a fund without what was cancelled; turns its positions into those of the postings and back."""

    def __init__(self, rows: list[tuple[int, int, int]]) -> None:
        """``rows``: entry, its amount, the fund's position after it; in order of positions."""
        self.cancelled = {entry_id for entry_id, _amount, _after in rows}
        self._ends, self._starts, self._sums = [], [], [0]
        for _entry_id, amount, after in rows:
            self._starts.append(after - amount - self._sums[-1])
            self._ends.append(after)
            self._sums.append(self._sums[-1] + amount)

    def posted(self, position: int) -> int:
        """Where among all postings a fen stands that is the ``position``-th of what counts."""
        return position + self._sums[bisect_right(self._starts, position)]

    def counted(self, position: int) -> int:
        """The other way: what counts of everything before a place among all postings."""
        return position - self._sums[bisect_right(self._ends, position)]


class _Books:
    """Reads the sequences of funds as they are asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._sequences: dict[tuple[int, Side], _Sequence] = {}

    def spans_of(self, entry_id: int, side: Side) -> list[_Span]:
        """Where the money of an entry stands, fund by fund; nowhere when it is cancelled."""
        after = Posting.fund_in_after_fen if side is Side.CAME else Posting.fund_out_after_fen
        rows = self._session.execute(
            select(Posting.fund_id, func.max(after), func.sum(func.abs(Posting.amount_fen)))
            .where(Posting.entry_id == entry_id, CAME if side is Side.CAME else WENT)
            .group_by(Posting.fund_id)
        )
        spans = []
        for fund_id, end, amount in rows:
            sequence = self._sequence(fund_id, side)
            if entry_id not in sequence.cancelled:
                start = sequence.counted(int(end) - int(amount))
                spans.append(_Span(fund_id, start, start + int(amount)))
        return spans

    def overlaps(self, span: _Span, side: Side) -> Iterator[_Overlap]:
        """The entries of the other sequence of the same fund whose money lies within a span, in order."""
        sequence = self._sequence(span.fund_id, side)
        first, last = sequence.posted(span.start), sequence.posted(span.end - 1)
        for row in self._session.execute(_RANGE[side], self._range(span.fund_id, side, first, last)):
            if row.entry_id in sequence.cancelled:
                continue
            amount = abs(row.amount_fen)
            start = sequence.counted(row.after - amount)
            least, most = max(start, span.start), min(start + amount, span.end)
            if least < most:
                piece = (least, most - least, least - start)
                yield _Overlap(row.entry_id, row.kind, row.station_id, row.occurred_on, *piece)

    def other_end(self, span: _Span, found: _Overlap, side: Side) -> _Span:
        """Where money that a transfer moved stands in the fund it went to, or came from."""
        there = self.spans_of(found.entry_id, side)[0]
        start = there.start + found.offset
        return _Span(there.fund_id, start, start + found.amount_fen, (*span.through, found.entry_id))

    def _range(self, fund_id: int, side: Side, first: int, last: int) -> dict[str, int]:
        """The bounds of a look-up: the entry that holds the last fen reaches up to ``upto``."""
        upto = self._session.scalar(_REACH[side], {"fund": fund_id, "last": last})
        if upto is None:
            column = FundBalance.in_fen if side is Side.CAME else FundBalance.out_fen
            upto = self._session.scalar(select(column).where(FundBalance.fund_id == fund_id)) or 0
        return {"fund": fund_id, "first": first, "upto": upto}

    def _sequence(self, fund_id: int, side: Side) -> _Sequence:
        key = (fund_id, side)
        if key not in self._sequences:
            came = side is Side.CAME
            amount = Cancellation.came_fen if came else Cancellation.went_fen
            after = Cancellation.came_after_fen if came else Cancellation.went_after_fen
            rows = self._session.execute(
                select(Cancellation.entry_id, amount, after)
                .where(Cancellation.fund_id == fund_id, amount > 0)
                .order_by(after)
            )
            self._sequences[key] = _Sequence([(one, int(fen), int(end)) for one, fen, end in rows])
        return self._sequences[key]


def _range_query(side: Side) -> Select[*tuple[Any, ...]]:
    after = Posting.fund_in_after_fen if side is Side.CAME else Posting.fund_out_after_fen
    return (
        select(
            Posting.entry_id,
            Posting.amount_fen,
            after.label("after"),
            Entry.kind,
            Entry.station_id,
            Entry.occurred_on,
        )
        .join(Entry, Entry.id == Posting.entry_id)
        .where(
            Posting.fund_id == bindparam("fund"),
            after > bindparam("first"),
            after <= bindparam("upto"),
            CAME if side is Side.CAME else WENT,
        )
        .order_by(after)
    )


def _reach_query(side: Side) -> Select[Any]:
    after = Posting.fund_in_after_fen if side is Side.CAME else Posting.fund_out_after_fen
    return (
        select(after)
        .where(
            Posting.fund_id == bindparam("fund"),
            after > bindparam("last"),
            CAME if side is Side.CAME else WENT,
        )
        .order_by(after)
        .limit(1)
    )


_RANGE = {side: _range_query(side) for side in Side}
_REACH = {side: _reach_query(side) for side in Side}
"""Built once; the conditions are the words of the partial indexes."""
