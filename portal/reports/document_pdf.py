"""A report on paper: its blocks set one after the other, with cover, contents, bookmarks and the code to check it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from portal.i18n import gettext as _
from portal.reports import document as content
from portal.reports.charts import chart_drawing
from portal.reports.column_widths import widths_of
from portal.reports.document import Document, Section
from portal.reports.drawings import AddressCode, Cover, FigureCards, SignedHead
from portal.reports.headings import CAPTION, ContentsPage, SectionHeading
from portal.reports.panels import FOREWORD, SIGNATURE, FactList, NumberedSteps, Panel
from portal.reports.sheet import Contents, Imprint, Printed, render
from portal.reports.slip import Line, Slip
from portal.reports.tables import Cell, Column, MoneyTable
from portal.reports.typography import AMBER, BODY, INK, LEAD, RIVER, SMALL, SUBTITLE, para
from portal.reports.wording import MINUS, amount, cell_words, number, signed, yuan

_ROOM = 62 * mm
_CHART_ROOM = 172 * mm
"""A section does not begin where less than this is left of a page."""
_TABLE_ROOM = 34 * mm
_SLIP_WIDTH = 134 * mm
_INDENT = "\N{IDEOGRAPHIC SPACE}" * 2
_LONGEST_CELL = 160
_LONGEST_FACT = 600
"""Longer words are cut with an ellipsis, or one of them could fill pages."""
_TEXT_STYLES = {"body": BODY, "lead": LEAD, "small": SMALL}
_COLOURS = {"plain": INK, "in": RIVER, "out": AMBER, "target": INK}


@dataclass(frozen=True)
class Appendix:
    """What follows the report's own sections, such as every entry of the year."""

    title: str
    story: Sequence[Flowable]
    key: str = "appendix"


def print_document(document: Document, base_address: str, appendix: Appendix | None = None) -> Printed:
    """Set a report; ``base_address`` is the site where it can be checked. The same report gives the same bytes.

    The last section closes the report, behind the appendix: it holds the code that readers scan.
    """
    contents = Contents()
    origin = document.origin
    imprint = Imprint(
        title=f"{document.subtitle} {document.title}",
        publisher=origin.publisher,
        state=origin.state,
        address=base_address + origin.path,
        language=origin.language,
        demo=origin.demonstration,
    )
    return render(
        imprint, list(_story(document, contents, imprint.address, appendix)), contents, cover=_cover(document)
    )


def _cover(document: Document) -> Cover:
    cover = document.cover
    return Cover(
        (document.subtitle, document.title),
        (cover.headline, cover.figure),
        cover.sentence,
        cover.foot,
        cover.ornament,
    )


def _story(
    document: Document, contents: Contents, address: str, appendix: Appendix | None
) -> Iterator[Flowable]:
    *body, last = document.sections
    titled = [(one.key, one.title) for one in body]
    titled += [(appendix.key, appendix.title)] if appendix else []
    titled.append((last.key, last.title))
    yield ContentsPage(titled)
    places = {key: place for place, (key, _title) in enumerate(titled, 1)}
    for section in body:
        yield from _section(section, places[section.key], contents)
    if appendix is not None:
        yield PageBreak()
        yield SectionHeading(appendix.title, appendix.key, contents, places[appendix.key])
        yield from appendix.story
    yield from _section(last, places[last.key], contents)
    yield AddressCode(address, document.origin.invitation, document.origin.invitation_note)


def _section(section: Section, place: int, contents: Contents) -> Iterator[Flowable]:
    yield PageBreak() if section.opens_page else CondPageBreak(_room_of(section))
    yield SectionHeading(section.title, section.key, contents, place)
    for block in section.blocks:
        yield from _set(block)


def _room_of(section: Section) -> float:
    """A section does not begin where its first drawing would not fit."""
    return _CHART_ROOM if any(isinstance(one, content.Chart) for one in section.blocks[:2]) else _ROOM


@singledispatch
def _set(block: object) -> Iterator[Flowable]:
    """The flowables of one block."""
    raise TypeError(block)


@_set.register
def _paragraph(block: content.Paragraph) -> Iterator[Flowable]:
    yield para(block.text, _TEXT_STYLES[block.style])


@_set.register
def _subheading(block: content.Subheading) -> Iterator[Flowable]:
    yield CondPageBreak(_TABLE_ROOM)
    yield para(block.text, SUBTITLE)


@_set.register
def _cards(block: content.FigureCards) -> Iterator[Flowable]:
    yield FigureCards([_card(one) for one in block.cards])


def _card(card: content.FigureCard) -> tuple[str, int | str, str]:
    if card.kind == "money" and isinstance(card.figure, int):
        return card.title, card.figure, yuan(card.figure)
    shown = number(card.figure) if isinstance(card.figure, int) else card.figure
    return card.title, shown, card.unit


@_set.register
def _slip(block: content.SlipBlock) -> Iterator[Flowable]:
    yield Slip(
        block.title, [_slip_line(one) for one in block.lines], subtitles=block.subtitles, width=_SLIP_WIDTH
    )


def _slip_line(line: content.SlipLine) -> Line:
    return Line(line.words, slip_value(line), line.kind, _COLOURS[line.tone])


def slip_value(line: content.SlipLine) -> str:
    """The amount of a line as it is printed: with the sign of its direction where it has one."""
    if line.fen is None:
        return ""
    if line.kind == "part":
        return amount(line.fen)
    if line.tone in ("in", "out") and line.kind == "row":
        return signed(line.fen, "+" if line.tone == "in" else MINUS)
    return yuan(line.fen)


@_set.register
def _table(block: content.Table) -> Iterator[Flowable]:
    yield CondPageBreak(_TABLE_ROOM)
    yield para(block.caption, CAPTION)
    if not block.rows:
        yield para(_("没有可列的记录。"), SMALL)
        return
    columns = [_column(*one) for one in zip(block.columns, widths_of(block), strict=True)]
    yield MoneyTable(columns, (_row(block, row) for row in block.rows), total=block.total)


def _column(column: content.TableColumn, width: float) -> Column:
    kind = {"money": "money", "count": "number", "percent": "number"}.get(column.kind, "text")
    return Column(column.title, width, kind, column.summed, _COLOURS[column.tone])  # type: ignore[arg-type]


def _row(table: content.Table, row: tuple[content.Cell, ...]) -> list[Cell]:
    return [
        cell if isinstance(cell, int) else _cut(cell_words(cell, column.kind), _LONGEST_CELL)
        for cell, column in zip(row, table.columns, strict=True)
    ]


@_set.register
def _chart(block: content.Chart) -> Iterator[Flowable]:
    drawing = chart_drawing(block)
    if drawing is not None:
        yield CondPageBreak(drawing.height + _TABLE_ROOM)
        yield drawing
    yield from _table(block.table)


@_set.register
def _facts(block: content.Facts) -> Iterator[Flowable]:
    yield FactList([(words, _cut(value, _LONGEST_FACT)) for words, value in block.rows])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


@_set.register
def _steps(block: content.Steps) -> Iterator[Flowable]:
    yield NumberedSteps(block.items)


@_set.register
def _notice(block: content.Notice) -> Iterator[Flowable]:
    yield Panel(block.title, block.text)


@_set.register
def _foreword(block: content.Foreword) -> Iterator[Flowable]:
    yield from (para(f"{_INDENT}{text}", FOREWORD) for text in block.paragraphs)
    if block.signed:
        yield para(block.signed, SIGNATURE)


@_set.register
def _signed_state(block: content.SignedState) -> Iterator[Flowable]:
    yield Spacer(1, 4 * mm)
    yield SignedHead(block.state, block.words, block.note)
