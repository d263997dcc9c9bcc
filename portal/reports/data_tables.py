"""The tables of a report for machines: plain values, to attach as CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from portal.i18n import gettext as _
from portal.money import format_plain
from portal.reports.document import Cell, ColumnKind, Document, SlipBlock, Table

Value = str | int | None


@dataclass(frozen=True)
class DataTable:
    """One table: amounts are yuan with two decimals and no separators, days ISO 8601, what is not known is None."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables_of(document: Document) -> Sequence[DataTable]:
    """All tables and slips of a report. Sums are left out: whoever reads the rows adds them up."""
    return tuple(_every(document))


def _every(document: Document) -> Iterator[DataTable]:
    yield from (_slip(one) for one in document.slips)
    yield from (_table(one) for one in document.tables)


def _table(table: Table) -> DataTable:
    kinds = [column.kind for column in table.columns]
    return DataTable(
        table.name,
        tuple(column.title for column in table.columns),
        tuple(tuple(_value(cell, kind) for cell, kind in zip(row, kinds, strict=True)) for row in table.rows),
    )


def _slip(slip: SlipBlock) -> DataTable:
    rows = tuple((one.words, format_plain(one.fen)) for one in slip.lines if one.fen is not None)
    return DataTable(slip.name, (_("项目"), _("金额（元）")), rows)


def _value(cell: Cell, kind: ColumnKind) -> Value:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return format_plain(cell) if kind == "money" else cell
    return f"{cell:f}"
