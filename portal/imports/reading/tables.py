"""Where in a sheet the list begins and ends, and what each of its rows is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from types import MappingProxyType

from portal.imports.reading.cells import Cell, folded, is_number, text_of
from portal.imports.reading.columns import Columns, Role, blocks_of, header_of, is_goods, role_of, unit_of
from portal.imports.reading.days import StatedDay, stated_day
from portal.imports.reading.files import Sheet
from portal.imports.reading.guessing import guess_columns
from portal.imports.reading.layouts import Layouts, find_layout
from portal.imports.reading.totals import Stated, in_total_row, in_words, is_total_label

HEADER_WITHIN = 100
"""So many rows may stand above a header (statements begin with a page of notes)."""

_NOTE = re.compile(
    r"^(注|备注|说明|附注|制表|填表|审核|复核|经办|联系|以上|声明|温馨|特此|\*|※|数据|如有|打印|单位[:：])"
)
_HEADING = re.compile(
    r"^([一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[)）])|(公示|明细表?|一览表|名单|汇总|如下|部分)[:：]?$|[:：]$"
)


class Kind(Enum):
    """What a row of the body is."""

    DATA = auto()
    TOTAL = auto()
    SIDE = auto()
    LONELY = auto()


@dataclass(slots=True)
class Line:
    """One row (or one block of it) that may be a donation."""

    row_no: int
    cells: list[Cell]
    columns: Columns
    section: StatedDay | None = None
    lonely: bool = False
    after_blank: bool = False


@dataclass
class Table:
    """What was recognised in one sheet, not yet judged row by row."""

    sheet: Sheet
    preamble: list[tuple[int, str]] = field(default_factory=list)
    footer: list[tuple[int, str]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    columns: Columns | None = None
    goods: bool = False
    guessed: bool = False


def find_table(
    sheet: Sheet, known: list[Columns] | None = None, layouts: Layouts = MappingProxyType({})
) -> Table:
    """Read a sheet's list; ``known`` columns serve a sheet that goes on without a header of its own.

    A header that somebody explained before is taken as explained.
    """
    table, body = begin_table(sheet, known, layouts)
    if body is not None:
        body.read(sheet.rows[body.start :], body.start + 1)
        end_table(table)
    return table


def begin_table(
    sheet: Sheet, known: list[Columns] | None = None, layouts: Layouts = MappingProxyType({})
) -> "tuple[Table, Body | None]":
    """Find the header of a sheet's list, and what reads the rows below it; None where there is no list."""
    table = Table(sheet)
    explained = find_layout(sheet.rows, layouts) if layouts else None
    if explained is not None:
        start = explained[0]
        blocks: list[Columns] | None = [explained[1].columns()]
    else:
        start, blocks = _find_header(sheet, table)
    if table.goods:
        return table, None
    if blocks is None:
        blocks = known or guess_columns(sheet.rows)
        if blocks is None:
            return table, None
        table.guessed = known is None
        start = 0
    for number, row in enumerate(sheet.rows[:start], start=1):
        words = " ".join(text for text in map(text_of, row) if text)
        if words and header_of(row) is None:
            table.preamble.append((number, words))
    blocks = _with_unit(blocks, table.preamble)
    table.columns = blocks[0]
    return table, Body(table, blocks, start)


def _find_header(sheet: Sheet, table: Table) -> tuple[int, list[Columns] | None]:
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        roles = header_of(row)
        words = row
        height = 1
        if roles is None and place + 1 < len(sheet.rows):
            below = sheet.rows[place + 1]
            if sum(role_of(cell) is not None for cell in row) >= 2 and header_of(below) is None:
                # A header of two rows: 捐赠人 | 金额（元） over 单位 | 个人.
                words = [lower if role_of(lower) else upper for upper, lower in zip(row, below, strict=False)]
                roles, height = header_of(words), 2
        if roles is None:
            continue
        if place and height == 1 and not {Role.DONOR, Role.REFERENCE} & set(roles):
            words, roles = _with_row_above(sheet.rows[place - 1], words, roles)
        if is_goods(roles):
            table.goods = True
        return place + height, blocks_of(words, roles)
    return 0, None


def _with_row_above(
    above: list[Cell], words: list[Cell], roles: list[Role | None]
) -> tuple[list[Cell], list[Role | None]]:
    """Join the upper half of a header of two rows, where it names columns that the lower half leaves empty."""
    if sum(role_of(cell) is not None for cell in above) < 2:
        return words, roles
    joined = [lower if text_of(lower) else upper for upper, lower in zip(above, words, strict=False)]
    return joined, header_of(joined) or roles


def _with_unit(blocks: list[Columns], preamble: Sequence[tuple[int, str]]) -> list[Columns]:
    for _number, words in preamble:
        found = re.search(r"(?:单位|单\*)[:：](.{1,4})", folded(words))
        if found and unit_of(found[1]) > 1 and blocks[0].unit == 1:
            return [replace(block, unit=unit_of(found[1])) for block in blocks]
    return blocks


class Body:
    """Reads the rows below a header, all at once or part by part; what they hold is laid down in the table."""

    def __init__(self, table: Table, blocks: list[Columns], start: int) -> None:
        self.start = start
        self._table = table
        self._section: StatedDay | None = None
        self._after_blank = False
        self._go_on(blocks)

    def _go_on(self, blocks: list[Columns]) -> None:
        self._blocks = blocks
        self._places = [_Places(one) for one in blocks]
        self._single = len(blocks) == 1

    def read(self, rows: Sequence[list[Cell]], first: int) -> None:
        """Read rows; ``first`` is the number of the first of them."""
        for number, row in enumerate(rows, start=first):
            if any(cell is not None and cell != "" for cell in row):
                self._read_row(number, row)
                self._after_blank = False
            else:
                self._after_blank = True

    def _read_row(self, number: int, row: list[Cell]) -> None:
        table, single = self._table, self._single
        for block, place in zip(self._blocks, self._places, strict=True):
            kind = place.kind_of(row, single)
            if kind is None:
                continue
            if kind is Kind.TOTAL:
                cells = place.own_cells(row, single)
                table.stated.append(in_total_row(number, cells, block.labels, place.amounts, block.unit))
            elif kind is Kind.SIDE:
                table.stated.extend(_beside(number, row, place))
            elif kind is Kind.LONELY:
                roles = header_of(row)
                if roles is not None:
                    self._go_on(_with_unit(blocks_of(row, roles), table.preamble))
                    return
                words = " ".join(text for text in map(text_of, row) if text)
                self._section = stated_day(words) or self._section
                table.lines.append(
                    Line(number, row, block, self._section, lonely=True, after_blank=self._after_blank)
                )
            else:
                table.lines.append(Line(number, row, block, self._section))
                if single and place.free:
                    table.stated.extend(_beside(number, row, place))


def take_lines(table: Table) -> list[Line]:
    """Take the lines that can be judged before the end of the list is seen: those through the last with an amount."""
    data = [place for place, line in enumerate(table.lines) if not line.lonely]
    following = table.lines[data[-1] + 1 :] if data else table.lines
    table.lines = table.lines[: len(table.lines) - len(following)]
    _settle(table)
    taken, table.lines = table.lines, following
    return taken


def end_table(table: Table) -> None:
    """Judge the lines that are left, and gather what the table states of itself."""
    _settle(table)
    table.stated = [*_stated_above(table), *table.stated, *_stated_in(table.footer)]


class _Places:
    """The places of one block of columns, looked up once and not for every row."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        amount = columns.place(Role.AMOUNT)
        self.amounts = [amount] if amount is not None else list(columns.incomes)
        own = (
            set(columns.places.values()) | set(columns.remarks) | set(columns.incomes) | set(columns.outgoes)
        )
        self.money = [*self.amounts, *columns.outgoes]
        self.labels = [
            place
            for role in (Role.SERIAL, Role.DAY, Role.DONOR, Role.REFERENCE, Role.CLOCK, Role.DEAL)
            if (place := columns.place(role)) is not None
        ]
        self.named = [
            place for role in (Role.DONOR, Role.REFERENCE) if (place := columns.place(role)) is not None
        ]
        self.free = [place for place, words in enumerate(columns.labels) if not words and place not in own]
        self.own = sorted(own)

    def own_cells(self, row: list[Cell], single: bool) -> list[Cell]:
        """A total row without its running number, and without the blocks beside this one."""
        serial = self.columns.place(Role.SERIAL)
        return [
            None if (not single and place not in self.own) or (place == serial and is_number(cell)) else cell
            for place, cell in enumerate(row)
        ]

    def kind_of(self, row: list[Cell], single: bool) -> Kind | None:
        """What a row is to this block; None when it has nothing in it."""
        for place in self.labels:
            cell = row[place] if place < len(row) else None
            if isinstance(cell, str) and cell and is_total_label(cell):
                return Kind.TOTAL
        if single and self._labelled_elsewhere(row):
            return Kind.TOTAL
        filled = [place for place in self.own if place < len(row) and text_of(row[place])]
        if any(place in self.money for place in filled):
            money = next(place for place in filled if place in self.money)
            return Kind.LONELY if role_of(row[money]) else Kind.DATA
        if not single:
            return Kind.LONELY if any(place in self.named for place in filled) else None
        if not filled and any(is_number(row[place]) for place in self.free if place < len(row)):
            return Kind.SIDE
        return Kind.LONELY

    def _labelled_elsewhere(self, row: list[Cell]) -> bool:
        """A label in the amount's column or in a free one: 总金额314540755.69."""
        named = any(place < len(row) and text_of(row[place]) for place in self.named)
        if named:
            return False
        return any(isinstance(cell, str) and is_total_label(cell) for cell in row)


def _beside(number: int, row: list[Cell], place: _Places) -> Iterator[Stated]:
    """Sums written in an unheaded column beside a row."""
    for column in place.free:
        cell = row[column] if column < len(row) else None
        if cell is None or cell == "":
            continue
        if is_number(cell):
            yield replace(in_total_row(number, [cell], [""], [0], place.columns.unit), beside=True)
        elif found := in_words(number, text_of(cell)):
            yield replace(found, beside=True)


def _settle(table: Table) -> None:
    """Tell headings, signatures and notes from donors whose amount is missing."""
    data = [place for place, line in enumerate(table.lines) if not line.lonely]
    last = data[-1] if data else -1
    kept: list[Line] = []
    ended = False
    for place, line in enumerate(table.lines):
        words = " ".join(text for text in map(text_of, line.cells) if text)
        ended = ended or (place > last and _closes(table, place, words))
        if line.lonely and (ended or _is_heading(line, words)):
            if words:
                table.footer.append((line.row_no, words))
        else:
            kept.append(line)
    table.lines = kept


def _closes(table: Table, place: int, words: str) -> bool:
    """Whether a row without an amount, after the last one with one, is where the list ends."""
    line = table.lines[place]
    following = table.lines[place + 1] if place + 1 < len(table.lines) else None
    title = folded("".join(text for _number, text in table.preamble))
    if _NOTE.match(words) or not _names_somebody(line):
        return True
    return _is_single(line) and (
        line.after_blank
        or stated_day(words) is not None
        or folded(words) in title
        or len(words) > 60
        or (following is not None and stated_day(" ".join(map(text_of, following.cells))) is not None)
    )


def _is_heading(line: Line, words: str) -> bool:
    if _NOTE.match(words) or not _names_somebody(line):
        return True
    return _is_single(line) and (bool(_HEADING.search(words)) or stated_day(words) is not None)


def _is_single(line: Line) -> bool:
    """Whether one cell is all there is in a row."""
    return sum(bool(text_of(cell)) for cell in line.cells) == 1


def _names_somebody(line: Line) -> bool:
    for role in (Role.DONOR, Role.REFERENCE):
        place = line.columns.place(role)
        if place is not None and place < len(line.cells) and text_of(line.cells[place]):
            return True
    return False


def _stated_above(table: Table) -> Iterator[Stated]:
    """Sums in the lines above; of a statement's summary only the line of what came in (收入：1笔 28.50元)."""
    statement = table.columns is not None and table.columns.is_statement
    lines = [(number, words) for number, words in table.preamble if not statement or words.startswith("收入")]
    return _stated_in(lines)


def _stated_in(texts: Sequence[tuple[int, str]]) -> Iterator[Stated]:
    for number, words in texts:
        found = in_words(number, words)
        if found:
            yield found
