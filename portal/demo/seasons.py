"""When people give: two weeks before the Spring Festival, the June 30 relief day, Charity Day, year's end."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from portal.periods import Month

_SPRING_FESTIVALS = (
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
    date(2031, 1, 23),
    date(2032, 2, 11),
)
_RELIEF_DAY, _CHARITY_DAY, _YEARS_END = (6, 30), (9, 5), (12, 31)


def months_between(first: Month, last_day: date) -> list[Month]:
    """All months from the first through the one of a day."""
    count = (last_day.year - first.year) * 12 + last_day.month - first.month + 1
    return [first.plus(step) for step in range(count)]


def spread(random: Random, first_day: date, last_day: date, count: int) -> dict[Month, list[date]]:
    """Days of so many gifts, by month and in order of time."""
    days = [first_day + timedelta(days=step) for step in range((last_day - first_day).days + 1)]
    by_month: dict[Month, list[date]] = defaultdict(list)
    for day in sorted(random.choices(days, [weight(day) for day in days], k=count)):
        by_month[Month.of(day)].append(day)
    return by_month


def weight(day: date) -> float:
    """How lively a day is; an ordinary working day is 1."""
    if (day.month, day.day) == _RELIEF_DAY:
        return 28
    if (day.month, day.day) == _CHARITY_DAY:
        return 20
    usual = 1.0 if day.weekday() < 5 else 0.7
    eve = any(timedelta() < festival - day <= timedelta(days=14) for festival in _SPRING_FESTIVALS)
    nearing = any(_days_until(day, peak) <= 7 for peak in (_RELIEF_DAY, _CHARITY_DAY, _YEARS_END))
    return usual * (3 if eve or nearing else 1)


def _days_until(day: date, peak: tuple[int, int]) -> int:
    days = (date(day.year, *peak) - day).days
    return days if days >= 0 else 366
