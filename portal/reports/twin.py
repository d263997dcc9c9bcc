"""A report as a web page: its blocks with their cells in words, so that the template only prints.

The same value as the printed report; a screen reader gets headings, lists, and tables with captions and scopes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from portal.money import format_plain
from portal.reports import document as content
from portal.reports.document import Block, Cell, Chart, Table, TableColumn
from portal.reports.wording import cell_words, in_short, number

_SHAPES: Mapping[type[Block], str] = MappingProxyType(
    {
        content.Paragraph: "paragraph",
        content.Subheading: "subheading",
        content.FigureCards: "cards",
        content.SlipBlock: "slip_block",
        content.Table: "plain_table",
        content.Chart: "chart",
        content.Facts: "facts",
        content.Steps: "steps",
        content.Notice: "notice",
        content.Foreword: "foreword",
        content.SignedState: "signed_state",
    }
)
"""The macro of ``templates/reports/_blocks.html`` that shows each kind of block."""
_CHARTS = {"bars": "bar", "shares": "bar", "path": "bar"}
"""How the site's own charts draw each kind; tiles are a list."""


@dataclass(frozen=True)
class TwinCell:
    """A cell in words; ``value`` is the same for programs, where it is a figure."""

    words: str
    place: str
    label: str = ""
    value: str | None = None
    tone: str = "plain"


@dataclass(frozen=True)
class TwinColumn:
    """A head; ``series`` tells the chart to leave a column out, or that it is the plan's target."""

    title: str
    place: str
    series: str = ""


@dataclass(frozen=True)
class TwinTable:
    """A table in words, and how it is drawn."""

    name: str
    caption: str
    columns: Sequence[TwinColumn]
    rows: Sequence[Sequence[TwinCell]]
    sums: Sequence[TwinCell]
    chart: str = ""
    message: str = ""


@dataclass(frozen=True)
class TwinTile:
    """A tile: name, amount in words, its place, and how strong it is coloured (0 to 4)."""

    name: str
    words: str
    column: int
    row: int
    level: int


@dataclass(frozen=True)
class TwinCard:
    """A headline figure that is no amount."""

    title: str
    words: str
    unit: str


def shape_of(block: Block) -> str:
    """The macro that shows a block."""
    return _SHAPES[type(block)]


def twin_table(table: Table) -> TwinTable:
    """A table without a chart."""
    return _twin(table, [""] * len(table.columns))


def twin_chart(chart: Chart) -> TwinTable:
    """The table of a chart, with what the site's charts need to draw it."""
    series = [
        "" if place in chart.series else "target" if place == chart.target else "skip"
        for place in range(len(chart.table.columns))
    ]
    series[0] = ""
    return _twin(chart.table, series, _CHARTS.get(chart.kind, ""), chart.message)


def twin_tiles(chart: Chart) -> Iterator[TwinTile]:
    """The tiles of a chart of tiles."""
    for row, (column, line), level in zip(chart.table.rows, chart.places, chart.levels, strict=False):
        name, fen = cell_words(row[0], "text"), row[chart.series[0]]
        yield TwinTile(name, in_short(fen if isinstance(fen, int) else 0), column, line, level)


def twin_card(card: content.FigureCard) -> TwinCard:
    """A card of a number."""
    return TwinCard(
        card.title, number(card.figure) if isinstance(card.figure, int) else card.figure, card.unit
    )


def _twin(table: Table, series: Sequence[str], chart: str = "", message: str = "") -> TwinTable:
    places = _places(table.columns)
    columns = [
        TwinColumn(column.title, place, one)
        for column, place, one in zip(table.columns, places, series, strict=True)
    ]
    rows = [_cells(table.columns, places, row) for row in table.rows]
    sums = _cells(table.columns, places, table.sums) if table.sums else ()
    return TwinTable(table.name, table.caption, columns, rows, sums, chart, message)


def _places(columns: Sequence[TableColumn]) -> list[str]:
    """Where each column stands on a phone: the first names the row, amounts stand beside it, the rest below."""
    return [
        "main"
        if place == 0
        else {"money": "money", "count": "number", "percent": "number"}.get(column.kind, "more")
        for place, column in enumerate(columns)
    ]


def _cells(columns: Sequence[TableColumn], places: Sequence[str], row: Sequence[Cell]) -> list[TwinCell]:
    return [
        TwinCell(
            cell_words(cell, column.kind),
            place,
            column.title if number_ else "",
            _value(cell, column),
            column.tone,
        )
        for number_, (cell, column, place) in enumerate(zip(row, columns, places, strict=True))
    ]


def _value(cell: Cell, column: TableColumn) -> str | None:
    if isinstance(cell, int):
        return format_plain(cell) if column.kind == "money" else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return None
