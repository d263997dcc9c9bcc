"""Lines of goods as fields: which thing, and how much of it."""

from typing import Any

from wtforms import FieldList, Form, FormField, SelectField, StringField
from wtforms.utils import unset_value

from portal.choices import options
from portal.db import db
from portal.i18n import lazy_gettext as _l
from portal.refusals import Sentence
from portal.staff.scope import Scope
from portal.stock.figures import items_at
from portal.stock.lines import QuantityError, format_quantity, parse_quantity

SPARE_LINES = 8


def _item_id(value: str | int | None) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() else 0


class CountedField(StringField):
    """A quantity, or nothing; ``data`` is thousandths, None when the box is empty. A count may find none: 0."""

    data: int | None  # type: ignore[assignment]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the quantity, or say how one is written."""
        self.data = None
        typed = (valuelist[0] if valuelist else "").strip()
        if not typed:
            return
        try:
            self.data = 0 if typed.strip("0.") == "" else parse_quantity(typed)
        except QuantityError:
            raise ValueError(str(_l("请填写数量，例如 12 或 1.5，最多三位小数。"))) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_quantity(self.data) if self.data is not None else ""


class GoodsForm(Form):
    """One line."""

    item = SelectField(_l("物资"), coerce=_item_id, validate_choice=False)
    quantity = CountedField(_l("数量"))


class GoodsList(FieldList):  # type: ignore[type-arg]
    """The lines, with spare ones to fill."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(FormField(GoodsForm), label=_l("物资明细"), max_entries=100, **keywords)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the lines, and keep spare ones behind them."""
        super().process(formdata, data, extra_filters)
        while len(self.entries) < SPARE_LINES:
            self.append_entry()

    def offer(self, scope: Scope) -> None:
        """Set what may be chosen: everything that is in stock within reach."""
        things = [
            (str(row[0].id), f"{row[0].label} {format_quantity(int(row[1]))}")
            for row in items_at(db.session(), scope)
        ]
        for entry in self.entries:
            entry.form.item.choices = options([("", _l("（不用）")), *things])

    @property
    def stated(self) -> list[tuple[int, int]]:
        """Things and thousandths of the lines in use."""
        return [(one.item.data, one.quantity.data or 0) for one in self._in_use]

    @property
    def _in_use(self) -> list[GoodsForm]:
        return [entry.form for entry in self.entries if entry.form.item.data]

    def show(self, name: str, message: Sentence) -> None:
        """Put a rule's message (for ``items-0-quantity`` and so on, counting lines in use) beside its field."""
        _, number, field = name.split("-", 2)
        lines = self._in_use
        if int(number) < len(lines):
            target = lines[int(number)][field]
            target.errors = [*target.errors, str(message)]
