"""Working days as the State Council's calendar has them, weekends that are worked included.

The calendar of a year is announced in the autumn before; of a year that is not known, Monday to Friday count.
"""

from datetime import date, timedelta

import chinese_calendar

LONGEST = 3_650
"""Days that are looked through at most."""


def is_working_day(day: date) -> bool:
    """Whether offices work on a day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def working_days_after(day: date, count: int) -> date:
    """The working day that is so many working days after a day; the day itself does not count."""
    found = day
    while count > 0:
        found += timedelta(days=1)
        count -= is_working_day(found)
    return found


def working_days_between(first: date, last: date) -> int:
    """Working days after ``first``, up to and with ``last``; none when ``last`` is not later."""
    days = min((last - first).days, LONGEST)
    return sum(is_working_day(first + timedelta(days=one)) for one in range(1, days + 1))
