"""Form fields that read amounts and counts; WTForms' own would take ``1e3``, ``Infinity`` and half a fen."""

import unicodedata
from typing import Any

from wtforms import StringField

from portal.giving.currency import parse_decimal
from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, format_plain, parse_yuan
from portal.refusals import Sentence
from portal.stock.lines import QuantityError, format_quantity, parse_quantity

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


class OptionalAmountField(AmountField):
    """An amount in yuan that may be left out; ``data`` is then None."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the amount if there is one."""
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)
        else:
            self.data = None


class QuantityField(StringField):
    """A quantity with at most three decimals; ``data`` is thousandths of the unit, 0 when the box is empty."""

    data: int  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the quantity, or say how one is written."""
        self.data = 0
        typed = (valuelist[0] if valuelist else "").strip()
        if not typed:
            return
        try:
            self.data = parse_quantity(typed)
        except QuantityError:
            raise ValueError(str(_l("请填写大于零的数量，例如 12 或 1.5，最多三位小数。"))) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_quantity(self.data) if self.data else ""


class DecimalField(StringField):
    """A positive decimal kept as plain text, such as an amount of foreign money or a rate."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number, or say how one is written."""
        typed = (valuelist[0] if valuelist else "").strip()
        self.data = parse_decimal(typed)
        if typed and not self.data:
            raise ValueError(str(_l("请填写大于零的数字，例如 1,000.00 或 0.9234。")))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else (self.data or "")


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
