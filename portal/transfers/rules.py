"""When money may change its fund or its purpose, in numbers and in words (慈善法 56, 广州市慈善促进条例 24)."""

from datetime import date, timedelta
from typing import NamedTuple

from portal.registry.models import Fund


class Rule(NamedTuple):
    """A number of days, since when it is in force, and where it stands."""

    days: int
    since: date
    source: str


NOTICE = Rule(60, date(2021, 9, 1), "广州市慈善促进条例 24")
"""A donor who cannot be found: public notice of at least so many days."""

FILING = Rule(10, date(2021, 9, 1), "慈善法 56；广州市慈善促进条例 24")
"""A changed fundraising plan is filed within so many days after it was decided."""


def last_day_of_notice(first: date) -> date:
    """The last day of the shortest notice that begins on a day; both days count."""
    return first + timedelta(days=NOTICE.days - 1)


def keeps_restriction(source: Fund, target: Fund) -> bool:
    """Whether money may only be used in the target fund for what it may be used for in its source."""
    if not source.restricted:
        return True
    return target.restricted and bool(target.purposes) and set(target.purposes) <= set(source.purposes)
