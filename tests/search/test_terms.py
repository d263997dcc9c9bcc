"""What is indexed of a text and what a question asks: no syntax, one form for what means the same."""

import pytest

from portal.search.numbers import amount_of, number_of
from portal.search.terms import MOST_UNITS, ask_entries, ask_things, mark, runs_of, terms_of
from portal.site.marking import marked


def test_characters_and_their_pairs_are_indexed() -> None:
    assert terms_of(["助学金"]) == "助 学 金 助学 学金"
    assert terms_of(["助学金", "发放"], [mark("fund_id", 7)]) == "→fundid7 助 学 金 发 放 助学 学金 | 发放"


def test_width_case_and_traditional_forms_are_one() -> None:
    assert runs_of("Ｎ９５ 慈善會") == [["n95"], ["慈", "善", "会"]]
    assert runs_of("阿依古丽·买买提") == runs_of("阿依古丽买买提")


@pytest.mark.parametrize("character", ["𬭎", "㛃", "䶮", "\ue863", "\U0003134a"])
def test_rare_and_private_characters_are_characters(character: str) -> None:
    assert runs_of(f"王{character}明") == [["王", character, "明"]]


@pytest.mark.parametrize(
    "typed",
    ['"x" OR "y"', "terms: x NEAR(y)", "x' & !y | z:*", "'); DROP TABLE x; --", "x*", "→fund_id7", "\x00"],
)
def test_nothing_typed_is_syntax(typed: str) -> None:
    for asked in (ask_entries(typed), ask_things(typed)):
        for term in (*asked.terms, *asked.beginnings):
            assert term.isalnum()


def test_a_very_long_question_is_cut() -> None:
    asked = ask_entries("".join(chr(0x4E00 + number) for number in range(2_000)))
    assert len(asked.terms) == MOST_UNITS - 1


def test_letters_begin_a_spelling_and_characters_stand_as_they_are() -> None:
    asked = ask_things("海珠hz 2026年")
    assert asked.terms == ("海珠", "年") and asked.beginnings == ("hz", "2026")


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1,234.56", 123_456),
        ("1234", 123_400),
        ("¥1234元", 123_400),
        ("１２３４", 123_400),
        ("1.2万", 1_200_000),
        ("1.2萬元", 1_200_000),
        ("3亿", 30_000_000_000),
        ("0.0000001亿", 1_000),
        ("0", None),
        ("1.234", None),
        ("-5", None),
        ("1.23456789万", None),
        ("九千", None),
        ("", None),
    ],
)
def test_sums_as_people_type_them(typed: str, fen: int | None) -> None:
    assert amount_of(typed) == fen


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" e-2026-000123 ", "E-2026-000123"),
        ("慈善", None),
        ("E 1", None),
        ("x" * 61 + "1", None),
        ("' OR 1", None),
    ],
)
def test_numbers_as_they_are_kept(typed: str, number: str | None) -> None:
    assert number_of(typed) == number


def test_what_was_looked_for_is_marked_and_all_else_is_escaped() -> None:
    assert marked("發放<助學金>", "助学金 发") == "<mark>發</mark>放&lt;<mark>助學金</mark>&gt;"
    assert marked("阿依古丽·买买提", "丽买") == "阿依古<mark>丽·买</mark>买提"
    assert marked("N95口罩", "ｎ95") == "<mark>N95</mark>口罩"
    assert marked(None, "x") == "" and marked("海珠", "") == "海珠"
