"""The lines of a gift that is not money, as fields ``items-0-item`` and so on."""

from typing import Any

from wtforms import FieldList, Form, FormField, SelectField, StringField
from wtforms.utils import unset_value

from portal.choices import options
from portal.giving.fields import OptionalAmountField, QuantityField
from portal.giving.items import MOST_LINES, ItemDetails
from portal.giving.models import DonationItem
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.refusals import Sentence
from portal.registry.fields import DayField
from portal.stock.lines import ValuationBasis

SPARE_LINES = 3


def _basis(value: str | ValuationBasis | None) -> ValuationBasis | None:
    return ValuationBasis(value) if value else None


class ItemForm(Form):
    """One line: what, how much, and what it is worth if something says so."""

    item = StringField(_l("名称"))
    specification = StringField(_l("规格型号"))
    quantity = QuantityField(_l("数量"))
    unit = StringField(_l("单位"))
    value = OptionalAmountField(_l("价值（元，整行）"))
    valuation_basis = SelectField(_l("价值依据"), coerce=_basis, default=None, validate_choice=False)
    valuation_document = StringField(_l("凭据"))
    expires_on = DayField(_l("有效期至"))

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.valuation_basis.choices = options(
            [("", _l("没有价值，只计数量")), *((one.value, label(one)) for one in ValuationBasis)]
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed on the line; an unused line is no line."""
        typed = (self.item, self.specification, self.quantity, self.unit, self.value, self.valuation_document)
        return not any((one.raw_data or [""])[0].strip() for one in typed) and not self.item.data

    def details(self) -> ItemDetails:
        """What was stated."""
        return ItemDetails(
            item=(self.item.data or "").strip(),
            specification=(self.specification.data or "").strip(),
            quantity_thousandths=self.quantity.data or 0,
            unit=(self.unit.data or "").strip(),
            value_fen=self.value.data,
            valuation_basis=self.valuation_basis.data,
            valuation_document=(self.valuation_document.data or "").strip(),
            expires_on=self.expires_on.data,
        )


class ItemList(FieldList):  # type: ignore[type-arg]
    """The lines, in the order they were typed, with some spare ones to type on."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(
            FormField(ItemForm), label=_l("物品明细"), max_entries=MOST_LINES + SPARE_LINES, **keywords
        )

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the lines, and keep spare ones behind them."""
        super().process(formdata, data, extra_filters)
        while len(self.entries) < SPARE_LINES:
            self.append_entry()

    def add_line(self) -> None:
        """One more line to type on."""
        self.append_entry()

    @property
    def stated(self) -> list[tuple[int, ItemForm]]:
        """The lines that are in use, with their numbers on the page."""
        lines = [(number, entry.form) for number, entry in enumerate(self.entries)]
        return [(number, one) for number, one in lines if not one.is_empty]

    def show(self, name: str, message: Sentence) -> None:
        """Put a rule's message (for ``items-0-unit`` and so on, counting lines in use) beside its field."""
        _, number, field = name.split("-", 2)
        _, line = self.stated[int(number)]
        line[field].errors = [*line[field].errors, str(message)]


def typed_of(items: list[DonationItem]) -> list[dict[str, object]]:
    """The lines of a gift as the form shows them."""
    return [
        {
            "item": one.item,
            "specification": one.specification,
            "quantity": one.quantity_thousandths,
            "unit": one.unit,
            "value": one.value_fen,
            "valuation_basis": one.valuation_basis,
            "valuation_document": one.valuation_document,
            "expires_on": one.expires_on,
        }
        for one in items
    ]
