"""Calendar days, months and years as the district lives them (Asia/Shanghai)."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})Q([1-4])", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


class PeriodKind(StrEnum):
    """How long a period is; ``run`` is a stretch with a first and a last day of its own."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    RUN = "run"


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Guangzhou."""
    return datetime.now(SHANGHAI).date()


def noon(day: date) -> datetime:
    """The middle of a day in Guangzhou: for what only its day is known of."""
    return datetime.combine(day, time(12), SHANGHAI)


def local(instant: datetime) -> datetime:
    """The same instant on a clock in Guangzhou."""
    return instant.astimezone(SHANGHAI)


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2026-09``.

        Raises:
            ValueError: when the text is no month.
        """
        found = _MONTH.fullmatch(text)
        if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) < 1:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(found[1]), int(found[2]))

    @property
    def kind(self) -> PeriodKind:
        """How long it is."""
        return PeriodKind.MONTH

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def plus(self, months: int) -> "Month":
        """The month so many months later (earlier when negative)."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, order=True)
class Quarter:
    """Three calendar months: the first begins in January."""

    year: int
    quarter: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read ``2026Q3``.

        Raises:
            ValueError: when the text is no quarter.
        """
        found = _QUARTER.fullmatch(text)
        if not found or int(found[1]) < 1:
            raise ValueError(f"not a quarter: {text!r}")
        return cls(int(found[1]), int(found[2]))

    @property
    def kind(self) -> PeriodKind:
        """How long it is."""
        return PeriodKind.QUARTER

    @property
    def first(self) -> date:
        """Its first day."""
        return Month(self.year, 3 * self.quarter - 2).first

    @property
    def last(self) -> date:
        """Its last day."""
        return Month(self.year, 3 * self.quarter).last

    def plus(self, quarters: int) -> "Quarter":
        """The quarter so many quarters later (earlier when negative)."""
        count = self.year * 4 + self.quarter - 1 + quarters
        return Quarter(count // 4, count % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}Q{self.quarter}"


@dataclass(frozen=True, order=True)
class Year:
    """One calendar year."""

    year: int

    @classmethod
    def of(cls, day: date) -> "Year":
        """The year a day lies in."""
        return cls(day.year)

    @classmethod
    def parse(cls, text: str) -> "Year":
        """Read ``2026``.

        Raises:
            ValueError: when the text is no year.
        """
        if not _YEAR.fullmatch(text) or int(text) < 1:
            raise ValueError(f"not a year: {text!r}")
        return cls(int(text))

    @property
    def kind(self) -> PeriodKind:
        """How long it is."""
        return PeriodKind.YEAR

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 12, 31)

    def plus(self, years: int) -> "Year":
        """The year so many years later (earlier when negative)."""
        return Year(self.year + years)

    def __str__(self) -> str:
        return f"{self.year:04d}"


@dataclass(frozen=True, order=True)
class Run:
    """A stretch of days from one day to another, such as that of a campaign."""

    first: date
    last: date

    @property
    def kind(self) -> PeriodKind:
        """How long it is."""
        return PeriodKind.RUN

    def __str__(self) -> str:
        return PeriodKind.RUN.value


CalendarPeriod = Month | Quarter | Year
Period = CalendarPeriod | Run

CALENDAR: dict[PeriodKind, type[Month] | type[Quarter] | type[Year]] = {
    PeriodKind.MONTH: Month,
    PeriodKind.QUARTER: Quarter,
    PeriodKind.YEAR: Year,
}
"""The periods that follow one another without a gap, the shortest first."""


def parse_period(text: str) -> CalendarPeriod:
    """Read ``2026-09``, ``2026Q3`` or ``2026``.

    Raises:
        ValueError: when the text is none of them.
    """
    for kind in CALENDAR.values():
        try:
            return kind.parse(text)
        except ValueError:
            continue
    raise ValueError(f"not a period: {text!r}")


def year_bounds(year: int) -> tuple[date, date]:
    """The first and the last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)
