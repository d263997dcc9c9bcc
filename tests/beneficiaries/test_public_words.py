"""What the public reads never names a person."""

import pytest

from portal.public_words import private_words
from tests.beneficiaries.persons import card, citizen

NAMES = ["王小明", "阿依古丽", "李"]


@pytest.mark.parametrize(
    "text",
    [
        "资助王小明同学",
        "资助王 小明",
        "资助阿依·古丽",
        f"身份证 {citizen(5)}",
        f"证件{citizen(5).lower()}。",
        "电话 138 0013 8000",
        "联系１３８００１３８０００",
        f"卡号 {card(9)}",
    ],
)
def test_a_name_or_number_of_a_person_is_found(app_context: None, text: str) -> None:
    assert list(private_words({"purpose": text, "recipient": "困难家庭学生"}, NAMES)) == ["purpose"]


@pytest.mark.parametrize(
    "text",
    [
        "发放 2026 年秋季助学金",
        "李家庄小学学生",
        "第 440105 号项目",
        "13800 元慰问金",
        "2026-09-01 至 2026-12-31",
        "",
    ],
)
def test_plain_words_pass(app_context: None, text: str) -> None:
    assert private_words({"purpose": text}, NAMES) == {}
