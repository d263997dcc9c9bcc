"""Private numbers, addresses of the net and markup are found however they are spelt; numbers of the books are not."""

import pytest

from portal.questions.asking import Asking
from portal.questions.screening import Found, cleaned, found_in, private_numbers_in
from portal.refusals import Invalid
from tests import factories


@pytest.mark.parametrize(
    "text",
    [
        "请打 13800138000 找我",
        "请打 138 0013 8000 找我",
        "请打 138-0013-8000 找我",
        "请打１３８００１３８０００找我",
        "请打 1 3 8 0 0 1 3 8 0 0 0",
        "电话+86 13800138000",
        "一三八零零一三八零零零",
        "幺三八〇〇幺三八〇〇〇",
        "138.0013.8000",
        "138\u200b0013\u200b8000",
        "138，0013，8000",
        "①③⑧00138000",
    ],
)
def test_a_mobile_telephone_is_found_however_it_is_spelt(text: str) -> None:
    assert Found.MOBILE in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "身份证 440105199003071234",
        "身份证 44010519900307123X",
        "身份证 440105 1990 0307 1234",
        "４４０１０５１９９００３０７１２３４",
        "卡号 6222 0200 0000 0000 001",
        "座机 020-84441234",
        "座机 8444 1234",
        "四四零一零五一九九零零三零七一二三四",
    ],
)
def test_identity_cards_bank_accounts_and_telephones_are_found(text: str) -> None:
    assert found_in(text) == [Found.LONG_NUMBER]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("写信到 someone@example.com", Found.MAIL),
        ("写信到 someone＠example．com", Found.MAIL),
        ("加微信 abc_12345 详谈", Found.ACCOUNT_NAME),
        ("VX：haizhu2026", Found.ACCOUNT_NAME),
        ("去 https://example.org/x 看看", Found.LINK),
        ("去 WWW.example.org 看看", Found.LINK),
        ("上 cheap-loans.top 借钱", Found.LINK),
        ("<script>alert(1)</script>", Found.MARKUP),
        ("<img src=x onerror=alert(1)>", Found.MARKUP),
        ("[url=x]点这里[/url]", Found.MARKUP),
        ("好好好好好好好好好好好好好好", Found.REPETITION),
    ],
)
def test_addresses_links_and_markup_are_found(text: str, kind: Found) -> None:
    assert kind in found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "E-2026-000123 这一笔和 E-2026-000124 是同一笔吗？",
        "回执 ST001-2026-000123 上的金额是 1,234,567.00 元",
        "2026-09-HZ0001 这张账单里 9 月 5 日的支出",
        "2025-01-02 到 2026.09.05 之间收到 12345678 元",
        "2023、2024、2025、2026 年各收了多少？",
        "为什么 2023 2024 2025 年都没有公布？",
        "一共 1234 人次，每人 500 元，合计 617000 元",
        "金额 < 100 元的也公布吗？收入>支出？",
        "一是账目，二是用途，三是结果，四是时间，五是人",
    ],
)
def test_numbers_of_the_accounts_days_and_amounts_are_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_a_credit_code_is_left_alone() -> None:
    assert found_in(f"组织代码 {factories.uscc(7)} 对不对？") == []


def test_an_answer_may_name_an_office_telephone_and_no_private_number() -> None:
    assert private_numbers_in("请打办公室电话 020-84441234") == []
    assert private_numbers_in("请打 138 0013 8000") == [Found.MOBILE]
    assert private_numbers_in("转到 6222020000000000001") == [Found.LONG_NUMBER]


def test_invisible_signs_and_empty_lines_are_taken_out() -> None:
    assert cleaned(" 第一行\r\n\r\n\r\n\r\n第二\u202e行\u200b\x00 ") == "第一行\n\n第二行"


@pytest.mark.parametrize("words", ["", "   ", "短", "长" * 3 + "好" * 498, "\u200b" * 50])
def test_a_question_is_neither_empty_nor_endless(words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Asking(words).checked()
    assert "words" in refusal.value.errors


def test_a_nickname_is_looked_through_as_well() -> None:
    with pytest.raises(Invalid) as refusal:
        Asking("这笔钱用到哪里去了？", "13800138000").checked()
    assert "nickname" in refusal.value.errors
