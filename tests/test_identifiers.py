"""Credit codes and filing numbers: one wrong character is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.identifiers import IdentifierError, parse_code, parse_filing_no, parse_uscc
from tests import factories

GOOD = "91350100M000100Y43"
"""The example of GB 32100-2015."""


def test_the_standards_own_example_is_right() -> None:
    assert parse_uscc(GOOD) == GOOD


def test_full_width_and_small_letters_are_read() -> None:
    assert parse_uscc(" ９1350100m000100y43 ") == GOOD


@given(st.integers(0, 17), st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
def test_any_one_wrong_character_is_found(place: int, character: str) -> None:
    wrong = GOOD[:place] + character + GOOD[place + 1 :]
    if wrong == GOOD:
        return
    with pytest.raises(IdentifierError):
        parse_uscc(wrong)


@pytest.mark.parametrize(
    ("text", "reason"), [("123", "length"), ("I" * 18, "characters"), (GOOD[:-1] + "5", "check_digit")]
)
def test_the_fault_is_named(text: str, reason: str) -> None:
    with pytest.raises(IdentifierError) as refusal:
        parse_uscc(text)
    assert refusal.value.reason == reason


def test_a_filing_number_belongs_to_its_organisation_and_year() -> None:
    own, other = factories.uscc(1), factories.uscc(2)
    number = factories.filing_no(own, 2026, 7)
    assert parse_filing_no(number, own, 2026) == number
    for uscc, year, reason in ((other, 2026, "other_organisation"), (own, 2025, "year")):
        with pytest.raises(IdentifierError) as refusal:
            parse_filing_no(number, uscc, year)
        assert refusal.value.reason == reason


@pytest.mark.parametrize("text", ["", "a b", "海珠", "X" * 25, "-1"])
def test_a_code_of_our_own_has_a_form(text: str) -> None:
    with pytest.raises(IdentifierError):
        parse_code(text)
