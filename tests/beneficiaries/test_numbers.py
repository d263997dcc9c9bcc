"""Numbers of citizens and cards: what holds, what does not and why."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identifiers import IdentifierError, citizen_check_character, luhn_holds, parse_citizen_number
from tests.beneficiaries.persons import card, citizen

DIGITS = st.text("0123456789", min_size=3, max_size=3)


def test_the_example_of_the_standard_holds() -> None:
    found = parse_citizen_number("11010519491231002x")
    assert (found.number, found.born, found.permit) == ("11010519491231002X", date(1949, 12, 31), False)


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
def test_residence_permits_of_hong_kong_macao_and_taiwan_residents_hold(region: str) -> None:
    assert parse_citizen_number(citizen(7, region=region)).permit


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("440105900517001", "old"),
        ("4401051990051700", "length"),
        ("44010519900517A018", "characters"),
        (citizen(1, region="990105"), "region"),
        ("440105199002300012", "birthday"),
        (citizen(1)[:17] + ("0" if citizen(1)[17] != "0" else "1"), "check_digit"),
    ],
)
def test_what_does_not_hold_says_why(typed: str, reason: str) -> None:
    with pytest.raises(IdentifierError) as problem:
        parse_citizen_number(typed)
    assert problem.value.reason == reason


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), DIGITS, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(born: date, order: str, place: int, by: int) -> None:
    body = f"440105{born:%Y%m%d}{order}"
    number = body + citizen_check_character(body)
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    with pytest.raises(IdentifierError):
        parse_citizen_number(wrong)


@given(st.integers(0, 999_999), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_of_a_card_is_noticed(number: int, place: int, by: int) -> None:
    right = card(number)
    assert luhn_holds(right)
    assert not luhn_holds(right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :])


def test_full_years_count_from_the_birthday() -> None:
    child = parse_citizen_number(citizen(1, date(2013, 5, 17)))
    assert (child.age_on(date(2027, 5, 16)), child.age_on(date(2027, 5, 17))) == (13, 14)
