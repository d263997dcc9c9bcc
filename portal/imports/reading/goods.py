"""Lists of goods, received or given out: who, what, which kind, which unit, how much."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.imports.reading.cells import Cell, folded, text_of
from portal.imports.reading.days import moment_of, stated_day, stated_year
from portal.imports.reading.faults import Fault, Problem
from portal.imports.reading.files import Sheet, read_file
from portal.stock.lines import QuantityError, parse_quantity

HEADER_WITHIN = 100

_DONOR = re.compile(r"^(捐赠|捐献|捐助)(单位|人|方|者|企业)|^捐赠来源$|^来源(单位)?$")
_RECIPIENT = re.compile(
    r"^(接收|接受|受赠|受助|领取|领用|发放|分配|调拨|使用)(单位|人|方|对象|机构|医院|去向)|^去向$"
)
_ITEM = re.compile(r"品名|物资|物品|货物|^名称$|^产品")
_SPECIFICATION = re.compile(r"规格|型号")
_UNIT = re.compile(r"^(计量)?单位$|计量")
_QUANTITY = re.compile(r"数量|件数")
_TOTAL = re.compile(r"^(合计|总计|小计|共计|总数)")
_NOTHING = frozenset({"/", "-", "—", "无", "、", "\\"})


@dataclass(slots=True)
class GoodsRow:
    """One line of a list. ``party`` is the donor or the recipient, taken over from above where the cell is empty."""

    position: int
    row_no: int
    party: str
    item: str
    specification: str
    unit: str
    quantity_thousandths: int | None
    problems: list[Problem] = field(default_factory=list)


@dataclass
class GoodsList:
    """What was recognised: received or given out, the day (None if the list states none), and its lines."""

    received: bool
    title: str
    encoding: str
    day: date | None
    rows: list[GoodsRow]


@dataclass(frozen=True)
class _Columns:
    received: bool
    party: int
    item: int
    specification: int | None
    unit: int | None
    quantity: int


def read_goods(content: bytes, file_name: str) -> GoodsList | None:
    """Read a list of goods; None when the file is none.

    Raises:
        UnreadableFile: the file cannot be opened at all.
    """
    file = read_file(content, file_name)
    for sheet in file.sheets:
        start, columns = _header(sheet)
        if columns is not None:
            return GoodsList(
                columns.received,
                _title(sheet.rows[: start - 1]),
                file.encoding,
                _day(sheet.rows, start, file_name),
                list(_lines(sheet, start, columns)),
            )
    return None


def _header(sheet: Sheet) -> tuple[int, _Columns | None]:
    for number, row in enumerate(sheet.rows[:HEADER_WITHIN], start=1):
        words = [folded(text_of(cell)) for cell in row]
        donor, recipient = _place(words, _DONOR), _place(words, _RECIPIENT)
        party = donor if donor is not None else recipient
        item, quantity = _place(words, _ITEM), _place(words, _QUANTITY)
        if party is not None and item is not None and quantity is not None and item != party:
            columns = _Columns(
                donor is not None,
                party,
                item,
                _place(words, _SPECIFICATION),
                _place(words, _UNIT),
                quantity,
            )
            return number, columns
    return 0, None


def _place(words: Sequence[str], pattern: re.Pattern[str]) -> int | None:
    return next((place for place, text in enumerate(words) if pattern.search(text)), None)


def _lines(sheet: Sheet, start: int, columns: _Columns) -> Iterator[GoodsRow]:
    party, position = "", 0
    for number, row in enumerate(sheet.rows[start:], start=start + 1):
        item, quantity = _text(row, columns.item), _text(row, columns.quantity)
        if (not item and not quantity) or _TOTAL.match(folded(item or _text(row, columns.party))):
            continue
        party = _text(row, columns.party) or party
        position += 1
        yield _line(position, number, party, row, columns)


def _line(position: int, row_no: int, party: str, row: Sequence[Cell], columns: _Columns) -> GoodsRow:
    line = GoodsRow(
        position,
        row_no,
        party[:200],
        _text(row, columns.item)[:120],
        _plain(_text(row, columns.specification))[:120],
        _plain(_text(row, columns.unit))[:12],
        None,
    )
    stated = _text(row, columns.quantity)
    try:
        line.quantity_thousandths = parse_quantity(stated)
    except QuantityError:
        line.problems.append(Problem(Fault.BAD_QUANTITY, row_no, "", stated))
    if not line.item:
        line.problems.append(Problem(Fault.NO_ITEM, row_no))
    if not line.unit:
        line.problems.append(Problem(Fault.NO_UNIT, row_no))
    return line


def _text(row: Sequence[Cell], place: int | None) -> str:
    return text_of(row[place]) if place is not None and place < len(row) else ""


def _plain(text: str) -> str:
    return "" if text in _NOTHING else text


def _title(rows: Sequence[Sequence[Cell]]) -> str:
    return next((text for row in rows for cell in row if (text := text_of(cell))), "")[:200]


def _day(rows: Sequence[Sequence[Cell]], start: int, file_name: str) -> date | None:
    """The day a list speaks of: above its header, or in its file's name; the year may stand in its foot."""
    above = [text for row in rows[: start - 1] for cell in row if (text := text_of(cell))]
    year = next((found for text in (*above, file_name) if (found := stated_year(text))), None)
    year = year or _foot_year(rows[start:])
    for text in (*above, file_name):
        stated = stated_day(text, bare=True)
        if stated is not None and (day := stated.with_year(year)):
            return day
    return None


def _foot_year(rows: Sequence[Sequence[Cell]]) -> int | None:
    for row in reversed(rows[-10:]):
        for cell in row:
            moment = moment_of(cell) if cell not in ("", None) else None
            if moment is not None and moment.day is not None:
                return moment.day.year
    return None
