"""Entries of several things at once, such as a large fund and a street, that hardly ever meet.

The index of either thing would be walked through millions of entries that are of the other nothing. The kept sums know
the days on which both met; between the places of those days the rarer thing has few entries.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from portal.disclosure.narrowing import entries_of_years
from portal.ledger.figures import NEVER_MOVED, Filters
from portal.ledger.models import DailyTotal, Entry
from portal.ledger.period_models import DayPlaces, Length, PeriodTotal
from portal.ledger.spans import begin_of
from portal.periods import Month

MOST_MET = 2_000
"""Entries of a combination that are looked for day by day; where there are more, the newest are soon met by a walk."""
MONTHS = 6
"""Months that are looked at together."""


def rarest_thing(session: Session, filters: Filters) -> str | None:
    """The thing that has the fewest entries, where several are asked for: its index is the one to walk through."""
    if len(filters.things) < 2:
        return None
    return min(
        filters.things, key=lambda name: entries_of_years(session, Filters(**{name: getattr(filters, name)}))
    )


def hardly_meet(session: Session, filters: Filters) -> bool:
    """Whether several things are asked for that have at most ``MOST_MET`` entries together."""
    if len(filters.things) < 2 or not set(filters.things) & set(NEVER_MOVED):
        return False
    return entries_of_years(session, filters) <= MOST_MET


def newest_met(
    session: Session,
    filters: Filters,
    conditions: Sequence[ColumnElement[bool]],
    *,
    after: int | None = None,
    limit: int | None = None,
) -> dict[int, int]:
    """Ids of such entries with their indexes: of the newest ``limit`` and perhaps more, or of all; see ``conditions``.

    A day that is over may have an entry that came late, so the days before are asked for what stands beyond the oldest
    that was found.
    """
    found: dict[int, int] = {}
    # Where all met never, there is no month, and nothing is asked of the entries.
    months = list(session.scalars(_met(PeriodTotal, filters).where(PeriodTotal.length == Length.MONTH)))
    while months:
        part, months = months[:MONTHS], months[MONTHS:]
        found |= _of_days(session, conditions, _days_met(session, filters, part), after)
        if limit is not None and len(found) >= limit:
            found |= _of_days(session, conditions, _late(session, months, found, limit), after)
            break
    return found


def _late(session: Session, months: Sequence[date], found: Mapping[int, int], limit: int) -> Sequence[date]:
    """Days of these months that have entries beyond the oldest of the newest ``limit`` that were found."""
    if not months:
        return []
    oldest = sorted(found.values())[-limit]
    ends = Month.of(months[0]).last
    late = select(DayPlaces.day).where(DayPlaces.newest > oldest, DayPlaces.day.between(months[-1], ends))
    return list(session.scalars(late))


def _days_met(session: Session, filters: Filters, months: Sequence[date]) -> Sequence[date]:
    """The days of some months, the newest first, on which all met."""
    days = _met(DailyTotal, filters).where(DailyTotal.day.between(months[-1], Month.of(months[0]).last))
    return list(session.scalars(days))


def _of_days(
    session: Session, conditions: Sequence[ColumnElement[bool]], days: Sequence[date], after: int | None
) -> dict[int, int]:
    if not days:
        return {}
    between = Entry.index.between(DayPlaces.oldest, DayPlaces.newest)
    query = select(Entry.id, Entry.index).join(DayPlaces, between).where(DayPlaces.day.in_(days), *conditions)
    if after is not None:
        query = query.where(Entry.index < after)
    return {row.id: row[1] for row in session.execute(query)}


def _met(kept: type[DailyTotal] | type[PeriodTotal], filters: Filters) -> Select[date]:
    """The first days, the newest first, of the stretches in which all met, as far as these days are asked for."""
    days = select(kept.day).where(*filters.conditions(kept)).distinct().order_by(kept.day.desc())
    if filters.first_day is not None:
        first = filters.first_day if kept is DailyTotal else begin_of(filters.first_day, Length.MONTH)
        days = days.where(kept.day >= first)
    return days if filters.last_day is None else days.where(kept.day <= filters.last_day)
