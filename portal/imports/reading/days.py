"""Calendar days wherever a list may hide them: in cells, titles, file names and order numbers."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from portal.imports.reading.cells import Cell, text_of

EARLIEST = date(1990, 1, 1)

_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*(?:日|号)?(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*(?:日|号)?(?!\d)")
_BARE_MONTH_DAY = re.compile(r"[（(\[【]\s*(\d{1,2})[.\-](\d{1,2})\s*[)）\]】]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*年|\D|$)")
_CLOCK = re.compile(r"(?<!\d)([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]([0-5]\d))?")
_UNTIL = re.compile(r"截[止至]{1,2}[^，,。；;]{0,4}$")
_RANGE = re.compile(r"\s*(?:-|–|—|~|～|至|到)+\s*$")

_FIRST_SERIAL, _LAST_SERIAL = 32_874, 73_050
"""Excel's numbers of 1 January 1990 and 31 December 2099."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a cell says of the time: a day, or month and day without a year, or only a time of day."""

    day: date | None = None
    month_day: tuple[int, int] | None = None
    clock: str = ""


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, or None when there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moment_of(cell: Cell) -> Moment | None:
    """Read a date or time cell; None when it cannot be understood (an empty one is an empty moment)."""
    if isinstance(cell, datetime):
        clock = cell.time().isoformat("seconds")
        return Moment(cell.date(), clock="" if clock == "00:00:00" else clock)
    if isinstance(cell, date):
        return Moment(cell)
    if isinstance(cell, time):
        return Moment(clock=cell.isoformat("seconds"))
    if isinstance(cell, timedelta):
        return Moment(clock=str(cell)) if cell < timedelta(days=1) else None
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _moment_of_number(cell)
    return _moment_of_text(text_of(cell))


def _moment_of_number(number: float) -> Moment | None:
    whole = int(number)
    if 0 < number < 1:
        return Moment(clock=str(timedelta(seconds=round(number * 86_400))))
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
        return Moment(date(1899, 12, 30) + timedelta(days=whole))
    if number == whole and 19_900_101 <= whole <= 20_991_231:
        found = day_of(whole // 10_000, whole // 100 % 100, whole % 100)
        return Moment(found) if found else None
    return None


@lru_cache(maxsize=4096)
def _moment_of_text(text: str) -> Moment | None:
    if not text:
        return Moment()
    plain = unicodedata.normalize("NFKC", text)
    clock = _CLOCK.search(plain)
    clock_text = clock[0] if clock else ""
    found = _YEAR_FIRST.search(plain) or _COMPACT.search(plain)
    if found:
        day = day_of(int(found[1]), int(found[2]), int(found[3]))
        return Moment(day, clock=clock_text) if day else None
    packed = re.fullmatch(r"(\d{8})\d{4,6}", plain)
    if packed:
        return _moment_of_number(int(packed[1]))
    short = _MONTH_DAY.search(plain)
    if short and day_of(2000, int(short[1]), int(short[2])):
        return Moment(month_day=(int(short[1]), int(short[2])), clock=clock_text)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain):
        return _moment_of_number(float(plain))
    return Moment(clock=clock_text) if clock and clock[0] == plain.strip() else None


@dataclass(frozen=True, slots=True)
class StatedDay:
    """A day stated for many rows at once; without a year as month and day only."""

    day: date | None = None
    month_day: tuple[int, int] | None = None

    def with_year(self, year: int | None) -> date | None:
        """The whole day, the missing year filled in."""
        if self.day is not None or self.month_day is None or year is None:
            return self.day
        return day_of(year, *self.month_day)


def stated_day(text: str, *, bare: bool = False) -> StatedDay | None:
    """The one day a title or name states. Periods and 截至 (up to) state none; ``bare`` also reads ``(2.4)``."""
    plain = unicodedata.normalize("NFKC", text)
    whole = [
        found
        for found in (*_YEAR_FIRST.finditer(plain), *_COMPACT.finditer(plain))
        if not _cut_off(plain, found)
    ]
    days = {day for found in whole if (day := day_of(int(found[1]), int(found[2]), int(found[3])))}
    if days:
        return StatedDay(days.pop()) if len(days) == 1 and not _is_period(plain, whole) else None
    short = [found for found in _MONTH_DAY.finditer(plain) if not _cut_off(plain, found)]
    if not short and bare:
        short = list(_BARE_MONTH_DAY.finditer(plain))
    month_days = {
        (int(found[1]), int(found[2])) for found in short if day_of(2000, int(found[1]), int(found[2]))
    }
    if len(month_days) != 1 or _is_period(plain, short):
        return None
    return StatedDay(month_day=month_days.pop())


def stated_year(text: str) -> int | None:
    """The one year a title or name states."""
    years = set(_YEAR.findall(unicodedata.normalize("NFKC", text)))
    return int(years.pop()) if len(years) == 1 else None


def _cut_off(text: str, found: "re.Match[str]") -> bool:
    return bool(_UNTIL.search(text[: found.start()]))


def _is_period(text: str, found: Sequence["re.Match[str]"]) -> bool:
    """Whether a day is one end of a period: 2月1日至7日, 1月24日-26日."""
    return any(
        (_RANGE.search(text[: one.start()]) and re.search(r"\d\s*[日号]?\s*\S{1,2}\s*$", text[: one.start()]))
        or re.match(r"\s*(?:-|–|—|~|～|至|到)+\s*(?:\d+\s*[月./]\s*\d+|\d+\s*[日号])", text[one.end() :])
        for one in found
    )


def place_in_references(references: Sequence[str], latest: date) -> int | None:
    """Where order numbers carry their day: the place at which nearly all hold a plausible ``YYYYMMDD``."""
    sample = references[:: max(1, len(references) // 400)]
    if len(sample) < 3:
        return None
    for place in range(17):
        days = [reference_day(one, place) for one in sample]
        good = [day for day in days if day and EARLIEST < day <= latest]
        if len(good) >= 0.95 * len(sample):
            return place
    return None


def reference_day(reference: str, place: int) -> date | None:
    """The day at a place in an order number."""
    digits = reference[place : place + 8]
    if len(digits) < 8 or not digits.isascii() or not digits.isdigit():
        return None
    return _compact_day(digits)


@lru_cache(maxsize=4096)
def _compact_day(digits: str) -> date | None:
    return day_of(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
