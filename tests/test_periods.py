"""Periods as values: each reads what it writes, and they follow one another without a gap."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.periods import CALENDAR, Month, Quarter, Year, parse_period

DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
KINDS = st.sampled_from([Month, Quarter, Year])


@given(DAYS, KINDS)
def test_a_period_reads_what_it_writes_and_holds_its_day(day: date, kind: type[Month]) -> None:
    period = kind.of(day)
    assert parse_period(str(period)) == period
    assert period.first <= day <= period.last
    assert CALENDAR[period.kind] is kind


@given(DAYS, KINDS)
def test_periods_follow_one_another_without_a_gap(day: date, kind: type[Month]) -> None:
    period = kind.of(day)
    assert period.plus(1).first == period.last + timedelta(days=1)
    assert period.plus(1).plus(-1) == period


@pytest.mark.parametrize(
    "text", ["", "2026Q0", "2026Q5", "0000", "2026-13", "26", "2026q3", "２０２６", "2026Q3 "]
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        parse_period(text)
