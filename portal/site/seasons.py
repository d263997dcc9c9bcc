"""Charity Day (5 September) and the city's charity month around it (慈善法 7; 广州市慈善促进条例 28, 29)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.ledger.figures import Filters, Totals, totals
from portal.periods import Month

SEPTEMBER = 9
FIFTH = 5


@dataclass(frozen=True)
class Season:
    """Charity Day itself, or the rest of its month, with what came in: on the day, and in the month so far."""

    on_the_day: bool
    day: date
    day_sums: Totals
    month: Month
    month_sums: Totals


def season_of(session: Session, day: date) -> Season | None:
    """The season of a day; None outside September."""
    if day.month != SEPTEMBER:
        return None
    charity_day, month = date(day.year, SEPTEMBER, FIFTH), Month.of(day)
    return Season(
        on_the_day=day == charity_day,
        day=charity_day,
        day_sums=totals(session, Filters(first_day=charity_day, last_day=charity_day)),
        month=month,
        month_sums=totals(session, Filters(first_day=month.first, last_day=month.last)),
    )
