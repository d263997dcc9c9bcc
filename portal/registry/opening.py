"""Opening hours as staff write them (周一至周五 9:00–12:00、14:00–17:00), read so that a page can say "open now".

What is not understood to the last character is not guessed at: then there are only the words.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time

_DAY = r"(?:周|星期|礼拜)([一二三四五六日天])"
_CLOCK = r"(上午|下午|晚上)?\s*(\d{1,2})[:时点](\d{2})?分?"
_TOKEN = re.compile(
    rf"""
    (?P<every>每天|每日|天天|全周)
    | (?P<work>工作日)
    | (?P<end>周末|双休日)
    | {_DAY}\s*(?:至|到|-|~)\s*(?:周|星期|礼拜)?([一二三四五六日天])
    | {_DAY}
    | {_CLOCK}\s*(?:至|到|-|~)\s*{_CLOCK}
    | (?P<holiday>[(]?(?:逢|法定|国家)*节假日(?:除外|休息|不开放)[)]?)
    | (?P<between>[、和及,;。\s]+)
    """,
    re.VERBOSE,
)
_DASHES = str.maketrans(
    dict.fromkeys("–—−－〜～", "-") | {"：": ":", "（": "(", "）": ")", "；": ";", "，": ","}
)
_WEEK = "一二三四五六日"


@dataclass(frozen=True)
class Span:
    """From one minute of the day to another, on one day of the week (0 is Monday)."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True)
class OpeningHours:
    """When a place is open; ``not_on_holidays`` when it says so itself."""

    spans: tuple[Span, ...]
    not_on_holidays: bool = False

    def closes_after(self, at: datetime) -> time | None:
        """When it closes, if it is open at that moment of a clock in Guangzhou; else None."""
        minute = at.hour * 60 + at.minute
        ends = [
            one.closes
            for one in self.spans
            if one.weekday == at.weekday() and one.opens <= minute < one.closes
        ]
        return _clock(max(ends)) if ends else None

    def opens_later(self, at: datetime) -> time | None:
        """When it opens next on the same day; None when it does not."""
        minute = at.hour * 60 + at.minute
        later = [one.opens for one in self.spans if one.weekday == at.weekday() and one.opens > minute]
        return _clock(min(later)) if later else None


def read_hours(text: str) -> OpeningHours | None:
    """Read opening hours; None when any part of them is not understood."""
    plain = unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES).strip()
    days: list[int] = []
    spans: list[Span] = []
    timed = holidays = False
    at = 0
    while at < len(plain):
        found = _TOKEN.match(plain, at)
        if found is None or found.end() == at:
            return None
        at = found.end()
        if found["between"]:
            continue
        if found["holiday"]:
            holidays = True
            continue
        span = _times(found)
        if span is not None:
            timed = True
            if not span[0] < span[1] <= 24 * 60:
                return None
            spans += [Span(day, *span) for day in days or range(7)]
            continue
        if timed:
            days, timed = [], False
        days += _days(found)
    return OpeningHours(tuple(spans), holidays) if spans else None


def _days(found: re.Match[str]) -> list[int]:
    if found["every"]:
        return list(range(7))
    if found["work"]:
        return list(range(5))
    if found["end"]:
        return [5, 6]
    first, last, single = found[4], found[5], found[6]
    if single:
        return [_weekday(single)]
    start, end = _weekday(first), _weekday(last)
    return [day % 7 for day in range(start, (end if end >= start else end + 7) + 1)]


def _times(found: re.Match[str]) -> tuple[int, int] | None:
    if found[8] is None:
        return None
    return _minutes(found[7], found[8], found[9]), _minutes(found[10], found[11], found[12])


def _minutes(part_of_day: str | None, hour: str, minute: str | None) -> int:
    hours = int(hour)
    if part_of_day in ("下午", "晚上") and hours < 12:
        hours += 12
    return hours * 60 + int(minute or 0)


def _weekday(sign: str) -> int:
    return _WEEK.index("日" if sign == "天" else sign)


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60) if minute < 24 * 60 else time(23, 59)
