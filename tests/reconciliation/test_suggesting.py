"""Which entry a line may be: the surest way first, each entry once."""

from datetime import date, timedelta

import pytest

from portal.reconciliation.suggesting import Booked, Likeness, Line, suggest, swapped

pytestmark = pytest.mark.one_engine

DAY = date(2026, 10, 5)


def _line(number: int, amount: int, *, days: int = 0, reference: str = "") -> Line:
    return Line(number, DAY + timedelta(days=days), amount, reference)


def _entry(number: int, amount: int, *, days: int = 0, reference: str = "") -> Booked:
    return Booked(number, DAY + timedelta(days=days), amount, reference)


def _found(lines: list[Line], entries: list[Booked]) -> list[tuple[int, int, Likeness, bool]]:
    return [(one.line_id, one.entry_id, one.likeness, one.sure) for one in suggest(lines, entries)]


def test_the_order_number_goes_before_the_amount() -> None:
    lines = [_line(1, 100, reference="A"), _line(2, 100, reference="B")]
    entries = [_entry(8, 100, reference="B"), _entry(9, 100, reference="A")]
    assert _found(lines, entries) == [(1, 9, Likeness.REFERENCE, True), (2, 8, Likeness.REFERENCE, True)]


def test_the_same_number_with_another_amount_is_shown_but_not_sure() -> None:
    assert _found([_line(1, 90, reference="A")], [_entry(9, 100, reference="A")]) == [
        (1, 9, Likeness.REFERENCE, False)
    ]


def test_one_of_an_amount_on_a_day_is_sure_and_two_are_not() -> None:
    assert _found([_line(1, 100)], [_entry(9, 100)]) == [(1, 9, Likeness.SAME_DAY, True)]
    twice = _found([_line(1, 100), _line(2, 100)], [_entry(8, 100), _entry(9, 100)])
    assert {one[2:] for one in twice} == {(Likeness.NEAR_DAY, False)} and len(twice) == 2


def test_money_in_is_never_money_out() -> None:
    assert _found([_line(1, 100)], [_entry(9, -100)]) == []


def test_a_fee_and_a_swapped_digit() -> None:
    assert _found([_line(1, 99_40)], [_entry(9, 100_00, days=-1)]) == [(1, 9, Likeness.FEE, False)]
    assert _found([_line(1, 1_620_00)], [_entry(9, 1_260_00)]) == [(1, 9, Likeness.SWAPPED, False)]
    assert swapped(1_620_00, 1_260_00) and not swapped(1_620_00, 1_200_60) and not swapped(12, -21)


def test_what_lies_too_far_apart_is_not_offered() -> None:
    assert _found([_line(1, 100)], [_entry(9, 100, days=6)]) == []
