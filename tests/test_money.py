"""Amounts: what people type is read to the fen or refused, and written as on a receipt."""

import re
from random import Random

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.money import (
    MAX_FEN,
    AmountError,
    fen_from_number,
    format_plain,
    format_words,
    format_yuan,
    parse_yuan,
)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.56", 123_456),
        ("１，２３４．５６", 123_456),
        ("¥1234.5", 123_450),
        ("￥ 1,234.56 元", 123_456),
        ("0.01", 1),
        ("12.", 1_200),
        (" 7 ", 700),
    ],
)
def test_an_amount_is_read_as_people_type_it(text: str, fen: int) -> None:
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("元", "empty"),
        ("-5", "negative"),
        ("−5", "negative"),
        ("0.005", "too_fine"),
        ("1,234.567", "too_fine"),
        ("1e3", "malformed"),
        ("1,2,3", "malformed"),
        ("1 234", "malformed"),
        ("0x10", "malformed"),
        ("٣", "malformed"),
        ("一百", "malformed"),
        ("1000000000000000", "too_large"),
        ("9" * 40, "too_large"),
        ("0.00", "zero"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(AmountError) as refusal:
        parse_yuan(text)
    assert refusal.value.reason == reason


@given(st.integers(1, MAX_FEN))
def test_what_is_written_is_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == parse_yuan(format_plain(fen)) == fen


@given(st.integers(1, 10**11))
def test_a_float_of_a_spreadsheet_keeps_its_fen(fen: int) -> None:
    assert fen_from_number(fen / 100) == fen


def test_float_noise_is_forgiven_but_no_third_decimal() -> None:
    assert fen_from_number(4761028.68000006) == 476_102_868
    with pytest.raises(AmountError):
        fen_from_number(0.005)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1, "人民币壹分"),
        (10, "人民币壹角整"),
        (1_050, "人民币壹拾元零伍角整"),
        (100, "人民币壹元整"),
        (123_456, "人民币壹仟贰佰叁拾肆元伍角陆分"),
        (140_950, "人民币壹仟肆佰零玖元伍角整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (10_000_000, "人民币壹拾万元整"),
        (1_000_000_100, "人民币壹仟万零壹元整"),
        (10**10, "人民币壹亿元整"),
        (10_000_000_001, "人民币壹亿元零壹分"),
        (0, "人民币零元整"),
    ],
)
def test_amounts_in_words_follow_the_payment_rules(fen: int, words: str) -> None:
    assert format_words(fen) == words


def test_words_agree_with_another_hand_for_two_hundred_thousand_amounts() -> None:
    """Two spellings are allowed: 整 after jiao, and 零 between a yuan figure that ends in 0 and the jiao.

    The other hand forgets the 零 for four skipped places (393 亿 0000 万 2807); there everything but 零 is compared.
    """
    random = Random(20260905)  # noqa: S311 - the same amounts each time
    skipped = re.compile(r"[1-9]\d*0000(?=(?:\d{4})*$)")
    for number in range(200_000):
        fen = random.randint(1, 10 ** random.randint(1, 13))
        if number % 3 == 0:
            fen = max(fen // (unit := 10 ** random.randint(1, 9)) * unit, 1)
        ours = re.sub("角整$", "角", format_words(fen).removeprefix("人民币"))
        theirs = cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")
        ours, theirs = (re.sub("元零(.角)", r"元\1", words) for words in (ours, theirs))
        if skipped.match(str(fen // 100)):
            ours, theirs = ours.replace("零", ""), theirs.replace("零", "")
        assert ours == theirs, fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (140_950, "人民币壹仟肆佰零玖元伍角整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (1_640_902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (5, "人民币伍分"),
        (10_000_000_000, "人民币壹亿元整"),
        (100_010_001, "人民币壹佰万零壹佰元零壹分"),
    ],
)
def test_the_examples_of_the_settlement_rules(fen: int, words: str) -> None:
    assert format_words(fen) == words
