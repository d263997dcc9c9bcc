"""Cut a stretch of time into whole years, whole months and the days that are left, to read as few sums as can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from portal.ledger.period_models import Length

_DAY = timedelta(days=1)
_FINER = {Length.YEAR: Length.MONTH, Length.MONTH: Length.DAY}


@dataclass(frozen=True)
class Span:
    """A stretch of whole days, months or years, from its first day to its last; None where it has no end."""

    length: Length
    first: date | None
    last: date | None


def begin_of(day: date, length: Length) -> date:
    """The first day of the month or year that a day lies in."""
    if length is Length.DAY:
        return day
    return day.replace(day=1) if length is Length.MONTH else day.replace(month=1, day=1)


def spans(first: date | None, last: date | None, longest: Length = Length.YEAR) -> Iterator[Span]:
    """The stretches that make up the time between two days, both included; none overlaps another."""
    if first is not None and last is not None and first > last:
        return
    if longest is Length.DAY:
        yield Span(longest, first, last)
        return
    begins = None if first is None else _next_begin(first, longest)
    ends = None if last is None else begin_of(last + _DAY, longest) - _DAY
    finer = _FINER[longest]
    if begins is not None and ends is not None and begins > ends:
        yield from spans(first, last, finer)
        return
    yield Span(longest, begins, ends)
    if first is not None and begins is not None:
        yield from spans(first, begins - _DAY, finer)
    if last is not None and ends is not None:
        yield from spans(ends + _DAY, last, finer)


def _next_begin(day: date, length: Length) -> date:
    """The first day of a month or year, from a day on."""
    begin = begin_of(day, length)
    if begin == day:
        return day
    return begin_of(begin + timedelta(days=31 if length is Length.MONTH else 366), length)
