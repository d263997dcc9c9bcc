"""Rows of a form: those that are known, and spare ones to fill in."""

from collections.abc import Callable
from typing import Any

from wtforms import FieldList, Form, FormField
from wtforms.utils import unset_value

from portal.refusals import Invalid, Sentence
from portal.staff.forms import show_errors

SPARE_ROWS = 3


class Rows(FieldList):  # type: ignore[type-arg]
    """Rows of one shape; what a row says is in use is for ``used`` to tell."""

    def __init__(self, row: type[Form], used: Callable[[Any], bool], **keywords: Any) -> None:
        super().__init__(FormField(row), **keywords)
        self.used = used

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the rows, and keep spare ones behind them."""
        super().process(formdata, data, extra_filters)
        if formdata is None or not formdata:
            for _number in range(SPARE_ROWS):
                self.append_entry()

    @property
    def in_use(self) -> list[Any]:
        """The rows that say something."""
        return [entry.form for entry in self.entries if self.used(entry.form)]

    def show(self, name: str, message: Sentence) -> None:
        """Put a service's message, such as one on ``items-2-name``, beside the field of the row in use it means."""
        _list, _sign, place = name.partition("-")
        number, _sign, column = place.partition("-")
        rows = self.in_use
        if number.isdigit() and int(number) < len(rows) and column in rows[int(number)]:
            field = rows[int(number)][column]
            field.errors = [*field.errors, message]
        else:
            self.errors = [*self.errors, message]


def show_rows(form: Any, problem: Invalid) -> None:
    """Put a service's messages beside the fields and rows they speak of."""
    of_rows = {name: message for name, message in problem.errors.items() if name.startswith("items")}
    for name, message in of_rows.items():
        form.items.show(name, message)
    rest = {name: message for name, message in problem.errors.items() if name not in of_rows}
    if rest:
        show_errors(form, Invalid(rest))
