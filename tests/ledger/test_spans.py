"""Time cut into years, months and days: every day once, and no longer pieces than fit."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.ledger.period_models import Length
from portal.ledger.spans import Span, begin_of, spans

DAYS = st.dates(date(2019, 12, 1), date(2023, 2, 1))


def days_of(span: Span) -> list[date]:
    """All days of a stretch that has both ends."""
    assert span.first is not None and span.last is not None
    return [span.first + timedelta(days=n) for n in range((span.last - span.first).days + 1)]


@given(DAYS, DAYS, st.sampled_from(Length))
def test_every_day_is_in_exactly_one_stretch(first: date, last: date, longest: Length) -> None:
    found = list(spans(first, last, longest))
    days = sorted(day for span in found for day in days_of(span))
    assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)]


@given(DAYS, DAYS)
def test_months_and_years_are_whole(first: date, last: date) -> None:
    for span in spans(first, last):
        assert span.first is not None and span.last is not None
        assert begin_of(span.first, span.length) == span.first
        after = span.last + timedelta(days=1)
        assert begin_of(after, span.length) == after


def test_all_time_is_read_from_the_years() -> None:
    assert list(spans(None, None)) == [Span(Length.YEAR, None, None)]


def test_time_without_a_begin_ends_in_months_and_days() -> None:
    assert list(spans(None, date(2026, 3, 5))) == [
        Span(Length.YEAR, None, date(2025, 12, 31)),
        Span(Length.MONTH, date(2026, 1, 1), date(2026, 2, 28)),
        Span(Length.DAY, date(2026, 3, 1), date(2026, 3, 5)),
    ]
