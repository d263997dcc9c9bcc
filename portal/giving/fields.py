"""Form fields that read amounts and counts; WTForms' own would take ``1e3``, ``Infinity`` and half a fen."""

import unicodedata
from typing import Any

from wtforms import StringField

from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, format_plain, parse_yuan
from portal.refusals import Sentence

REASONS: dict[str, Sentence] = {
    "empty": _l("请填写金额。"),
    "negative": _l("金额不能是负数；要冲减已入账的一笔，请用“红冲”。"),
    "too_fine": _l("金额最多两位小数，精确到分。"),
    "too_large": _l("金额太大，请核对位数（单笔不超过一千亿元）。"),
    "zero": _l("金额必须大于零。"),
    "malformed": _l("看不懂这个金额，请按 1,234.56 的样式填写，单位是元。"),
}


class AmountField(StringField):
    """An amount typed in yuan; ``data`` is fen. What was typed stays in the box."""

    data: int | None  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the amount, or say how one is written."""
        self.data = None
        try:
            self.data = parse_yuan(valuelist[0] if valuelist else "")
        except AmountError as problem:
            raise ValueError(str(REASONS[problem.reason])) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_plain(self.data) if self.data else ""


class CountField(StringField):
    """A whole number of people or things; ``data`` is an int, or None when the box is empty."""

    data: int | None  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number, or say how one is written."""
        self.data = None
        text = unicodedata.normalize("NFKC", valuelist[0] if valuelist else "").strip().replace(",", "")
        if not text:
            return
        if not (text.isascii() and text.isdigit() and len(text) <= 9):
            raise ValueError(str(_l("请填写整数，例如 120。")))
        self.data = int(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return str(self.data) if self.data is not None else ""
