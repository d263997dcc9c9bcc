"""Form fields that read what people type and hand on plain values; the rules live in the services.

WTForms' own fields of numbers would take ``1e3``, ``Infinity`` and half a fen.
"""

import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput

from portal.choices import options
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, format_plain, parse_yuan
from portal.refusals import Sentence


def read_yuan(text: str) -> int:
    """An amount typed in yuan, which may be nought, in fen.

    Raises:
        ValueError: it is no amount; the message says how one is written.
    """
    try:
        return parse_yuan(text)
    except AmountError as problem:
        if problem.reason == "zero":
            return 0
        raise ValueError(_("看不懂这个金额，请按 1,234.56 的样式填写，单位是元。")) from None


def read_number(text: str) -> int:
    """A whole number as typed; raises as ``read_yuan``."""
    plain = text.replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9):
        raise ValueError(_("请填写整数，例如 60。"))
    return int(plain)


class DayField(DateField):
    """A calendar day; also takes ``2026/9/5``, ``2026年9月5日`` and full-width digits."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the day, or explain how one is written."""
        text = unicodedata.normalize("NFKC", valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not text:
            return
        for sign in ("年", "月", "/", "."):
            text = text.replace(sign, "-")
        try:
            year, month, day = (int(part) for part in text.removesuffix("日").split("-"))
            self.data = date(year, month, day)
        except (ValueError, OverflowError):
            raise ValueError(_("请按 2026-09-05 的样式填写日期。")) from None

    def _value(self) -> str:
        # What was typed stays, so that it can be mended.
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""


class PickField(SelectField):
    """A choice from the registry by code. Whether the choice is allowed is for the service to say."""

    def __init__(
        self, label: Any, *, empty: Any = "", coerce: Callable[[Any], Any] = str, **kwargs: Any
    ) -> None:
        super().__init__(label, validate_choice=False, choices=[], coerce=coerce, **kwargs)
        self.empty = empty

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Set the options; what is chosen already stays among them even when it is not open for business now."""
        offered = list(choices)
        if self.data and self.data not in {code for code, _words in offered}:
            offered.append((str(self.data), str(self.data)))
        self.choices = options([("", self.empty or _l("请选择")), *offered])

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the code; an empty one is no choice."""
        self.data = (valuelist[0].strip() or None) if valuelist else None


class ChecksField(SelectMultipleField):
    """Any number of choices, each with a box to tick."""

    option_widget = CheckboxInput()


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


class CountField(StringField):
    """A whole number of people or things; ``data`` is an int, or None when the box is empty."""

    data: int | None  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the number, or say how one is written."""
        self.data = None
        text = unicodedata.normalize("NFKC", valuelist[0] if valuelist else "").strip()
        if text:
            self.data = self.read(text)

    def read(self, text: str) -> int:
        """The value of what was typed."""
        return read_number(text)

    def shown(self, value: int) -> str:
        """The value as it is typed."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.shown(self.data) if self.data is not None else ""


class YuanField(CountField):
    """An amount typed in yuan that may be left out and may be nought; ``data`` is fen."""

    def read(self, text: str) -> int:
        """The amount in fen."""
        return read_yuan(text)

    def shown(self, value: int) -> str:
        """The amount in yuan."""
        return format_plain(value)
