"""Form fields that read quantities and decimals; those that read amounts and counts lie with the registry's."""

from typing import Any

from wtforms import StringField

from portal.giving.currency import parse_decimal
from portal.i18n import lazy_gettext as _l
from portal.registry.fields import AmountField, CountField, OptionalAmountField
from portal.stock.lines import QuantityError, format_quantity, parse_quantity

__all__ = ["AmountField", "CountField", "DecimalField", "OptionalAmountField", "QuantityField"]


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
