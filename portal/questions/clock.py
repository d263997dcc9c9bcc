"""How much time is left, or how late it is, in working days."""

from dataclasses import dataclass
from datetime import date

from portal.questions.rules import Deed, rule_on
from portal.working_days import working_days_after, working_days_between


@dataclass(frozen=True)
class Clock:
    """The last day for something, and today: one of ``days_left`` and ``days_late`` is zero."""

    due_on: date
    days_left: int
    days_late: int

    @property
    def late(self) -> bool:
        """Whether the last day is over."""
        return self.days_late > 0


def due_after(deed: Deed, day: date) -> date:
    """The last day on which a deed is in time, when it was asked for on a day."""
    return working_days_after(day, rule_on(deed, day).working_days)


def clock_of(due_on: date, day: date) -> Clock:
    """The clock on a day. A last day that is over by a weekend only counts as one day late."""
    if day <= due_on:
        return Clock(due_on, working_days_between(day, due_on), 0)
    return Clock(due_on, 0, max(1, working_days_between(due_on, day)))
