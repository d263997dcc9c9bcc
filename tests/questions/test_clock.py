"""Working days: holidays do not count, weekends that are worked do; an answer is due after five of them."""

from datetime import date

import pytest

from portal.questions.clock import clock_of, due_after
from portal.questions.rules import RULES, Deed, rule_on
from portal.working_days import is_working_day, working_days_after, working_days_between

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 9, 4), True),
        (date(2026, 9, 5), False),
        (date(2026, 10, 1), False),
        (date(2026, 2, 14), True),
        (date(2099, 9, 4), True),
        (date(2099, 9, 5), False),
    ],
)
def test_holidays_and_worked_weekends_are_known_and_other_years_go_by_the_week(
    day: date, works: bool
) -> None:
    assert is_working_day(day) is works


def test_a_question_before_the_national_day_waits_over_the_holidays() -> None:
    assert due_after(Deed.ANSWER, date(2026, 9, 29)) == date(2026, 10, 12)


def test_days_after_and_between_are_each_others_mirror() -> None:
    for count in range(1, 30):
        day = working_days_after(date(2026, 9, 3), count)
        assert working_days_between(date(2026, 9, 3), day) == count


def test_the_clock_counts_down_to_the_last_day_and_up_after_it() -> None:
    due = date(2026, 9, 11)
    left = [clock_of(due, date(2026, 9, day)).days_left for day in (7, 10, 11)]
    late = [clock_of(due, date(2026, 9, day)).days_late for day in (11, 12, 14, 15)]
    assert (left, late) == ([4, 1, 0], [0, 1, 1, 2])


def test_every_rule_says_where_it_stands() -> None:
    assert {rule.deed for rule in RULES} == set(Deed)
    assert all(str(rule.source) and rule.working_days > 0 for rule in RULES)
    assert rule_on(Deed.ANSWER, date(2000, 1, 1)).working_days == 5
