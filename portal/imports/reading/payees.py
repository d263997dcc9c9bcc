"""Lists of persons who are to be paid: who, by which document, how much, into which account."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portal.beneficiaries.models import DocumentKind
from portal.i18n import lazy_gettext as _l
from portal.imports.reading.cells import PLACEHOLDERS, Cell, fen_of, folded, is_number, text_of
from portal.imports.reading.columns import unit_of
from portal.imports.reading.files import Sheet, UnreadableFile, read_file
from portal.imports.reading.totals import Stated, declared, in_total_row, in_words, is_total_label
from portal.money import AmountError

HEADER_WITHIN = 60
LONGEST_LABEL = 24
_EXACT_DIGITS = 10**15
"""A spreadsheet's number keeps 15 digits; of a longer one the last digits are gone."""


class Column(StrEnum):
    """What a column holds; the words are those of ``Person`` where it is kept there."""

    PLACE = "place"
    SERIAL = "serial"
    MESSAGE = "message"
    DOCUMENT_KIND = "document_kind"
    DOCUMENT = "document_no"
    GUARDIAN = "guardian"
    PHONE = "phone"
    BANK = "bank"
    ACCOUNT = "account"
    STREET = "street"
    GROUP = "group"
    AMOUNT = "amount"
    NAME = "name"
    SCHOOL = "school"
    REMARK = "remark"


_RULES: tuple[tuple[Column, re.Pattern[str]], ...] = tuple(
    (column, re.compile(pattern))
    for column, pattern in (
        (Column.PLACE, r"名单行|原名单行"),
        (Column.SERIAL, r"序号?|编号|行号|no\.?|#|项次"),
        (Column.MESSAGE, r"说明\(.*\)|问题|错误(信息|原因)"),
        (Column.DOCUMENT_KIND, r"(身份)?证件(类型|类别|种类)"),
        (Column.DOCUMENT, r".*(身份证|居住证|证件)(号码?)?(\(.*\))?|.*身份证件?号码?.*|公民身份号码"),
        (Column.GUARDIAN, r".*(监护人|家长|法定代理人)(姓名)?(\(.*\))?"),
        (Column.PHONE, r".*(电话|手机|联系方式|联系号码)(号码?)?(\(.*\))?"),
        (
            Column.BANK,
            r".*(开户行|开户银行|开户网点|所属银行|银行名称|收款银行|开户机构)(名称|全称)?(\(.*\))?",
        ),
        (Column.ACCOUNT, r".*(账号|帐号|卡号|银行卡|账户号?|存折号?|一卡通号?)(码)?(\(.*\))?"),
        (Column.STREET, r"(所[在属])?(街道|镇街|街镇)(\(.*\))?"),
        (Column.GROUP, r"人群|(救助|资助|困难|受助|对象)(类别|类型|对象类别)"),
        (
            Column.AMOUNT,
            r".*(金额|款额|资助额|补助额|奖学金额?|助学金额?|慰问金额?|实发数?|应发数?|标准)(\(.*\)|[/:]?[万]?元)?|[万]?元",
        ),
        (
            Column.NAME,
            r".*(姓名|名字|户名|收款人|受助人|受益人|领款人|领取人|受资助人|资助对象|救助对象|受助学生)(名称)?(\(.*\))?",
        ),
        (Column.SCHOOL, r".*(学校|单位|院校|院系|学院|班级|村居|社区|村社|居委).*"),
        (Column.REMARK, r".*(备注|附注|说明|用途|摘要).*"),
    )
)
_DOCUMENT_KINDS = (
    (re.compile("居住证"), DocumentKind.PERMIT),
    (re.compile("通行证|台胞证|回乡证"), DocumentKind.TRAVEL_PERMIT),
    (re.compile("护照"), DocumentKind.PASSPORT),
    (re.compile("身份证|公民"), DocumentKind.CITIZEN),
)
_PREFERRED = {
    Column.NAME: ("学生姓名", "受助人", "受益人", "姓名", "户名"),
    Column.AMOUNT: ("实发", "发放", "金额"),
}
_SHARED = (Column.SCHOOL, Column.BANK, Column.GROUP, Column.STREET)
"""What a merged cell says of all rows beside it; an amount in one is nobody's for sure."""
_NOTE = re.compile(r"^(注|备注|说明|附注|制表|填表|审核|复核|经办|联系|以上|单位[:：]|负责人|日期)")


@dataclass(slots=True)
class Payee:
    """One row as it stands. ``place`` is the position in a list this row was downloaded from."""

    row_no: int
    words: dict[str, str]
    amount_fen: int | None
    place: int | None = None


@dataclass
class PayeeList:
    """What was recognised. ``columns`` are the header's own words by what they hold."""

    title: str = ""
    encoding: str = ""
    rows: list[Payee] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    sheets_repeated: int = 0

    @property
    def with_amounts(self) -> bool:
        """Whether the list says how much anybody gets."""
        return Column.AMOUNT in self.columns

    @property
    def stated_total_fen(self) -> int | None:
        """The total the list states of itself."""
        found = declared(self.stated)[0]
        return found.total_fen if found else None

    @property
    def stated_count(self) -> int | None:
        """The number of persons the list states of itself."""
        found = declared(self.stated)[1]
        return found.count if found else None


def read_payees(content: bytes, file_name: str) -> PayeeList:
    """Read a list of persons from every sheet that holds one.

    Raises:
        UnreadableFile: the file cannot be opened, or holds no such list.
    """
    file = read_file(content, file_name)
    found = PayeeList(encoding=file.encoding)
    prints: set[str] = set()
    for sheet in file.sheets:
        part = _read_sheet(sheet)
        if part is None or not part.rows:
            continue
        print_of = repr([(row.words, row.amount_fen) for row in part.rows])
        if print_of in prints:
            found.sheets_repeated += 1
            continue
        prints.add(print_of)
        found.title = found.title or part.title
        found.columns = {**part.columns, **found.columns}
        found.rows += part.rows
        found.stated += part.stated
    if not found.rows:
        raise UnreadableFile(_l("没有认出名单：表头要有“姓名”，发钱的名单还要有“金额”，下面每人一行。"))
    if len(prints) > 1:
        # Each sheet states its own total; none of them speaks of the whole.
        found.stated = _joined(found.stated)
    return found


def column_of(cell: Cell) -> Column | None:
    """What a header's cell announces."""
    if not isinstance(cell, str):
        return None
    words = folded(text_of(cell)).lstrip("*").rstrip("*:")
    if not words or len(words) > LONGEST_LABEL:
        return None
    return next((column for column, pattern in _RULES if pattern.fullmatch(words)), None)


def document_kind_of(words: str) -> DocumentKind | None:
    """The kind of document that words name."""
    return next((kind for pattern, kind in _DOCUMENT_KINDS if pattern.search(words)), None)


class _Reader:
    """Reads the rows below a header."""

    def __init__(self, sheet: Sheet, header: Sequence[Cell], start: int) -> None:
        self._sheet = sheet
        self.labels = [text_of(cell) for cell in header]
        self.places = _places(self.labels, [column_of(cell) for cell in header])
        self._amount = self.places.get(Column.AMOUNT)
        self._unit = unit_of(self.labels[self._amount]) if self._amount is not None else 1
        self._kind = (
            document_kind_of(self.labels[self.places[Column.DOCUMENT]])
            if Column.DOCUMENT in self.places
            else None
        )
        self._start = start

    def read(self, into: PayeeList) -> None:
        """Lay down what the rows hold."""
        for number, row in enumerate(self._sheet.rows[self._start :], start=self._start + 1):
            if not any(text_of(cell) for cell in row):
                continue
            if self._is_total(row):
                amounts = [self._amount] if self._amount is not None else []
                into.stated.append(in_total_row(number, row, self.labels, amounts, self._unit))
            elif self._is_header_again(row):
                continue
            elif self._is_note(row):
                words = in_words(number, " ".join(map(text_of, row)))
                into.stated += [words] if words else []
            else:
                into.rows.append(self._payee(number, row))

    def _is_total(self, row: Sequence[Cell]) -> bool:
        return any(is_total_label(text_of(cell)) for cell in row[: max(3, self.places[Column.NAME] + 1)])

    def _is_header_again(self, row: Sequence[Cell]) -> bool:
        return [text_of(cell) for cell in row] == self.labels

    def _is_note(self, row: Sequence[Cell]) -> bool:
        words = [text for text in map(text_of, row) if text]
        if _NOTE.match(words[0]) and (len(words) <= 2 or not self._text(row, Column.NAME)):
            return True
        known = (Column.NAME, Column.DOCUMENT, Column.AMOUNT, Column.ACCOUNT)
        return not any(self._text(row, column) for column in known) or (
            len(words) == 1 and len(words[0]) > 12
        )

    def _payee(self, number: int, row: Sequence[Cell]) -> Payee:
        words = {
            column.value: self._said(number, row, column)
            for column in self.places
            if column not in (Column.SERIAL, Column.AMOUNT, Column.PLACE, Column.MESSAGE)
        }
        kind = document_kind_of(words.get(Column.DOCUMENT_KIND, "")) or self._kind or DocumentKind.CITIZEN
        words[Column.DOCUMENT_KIND] = kind.value
        amount, amount_words = self._amount_of(row)
        words["amount_words"] = amount_words
        place = self._text(row, Column.PLACE)
        return Payee(number, words, amount, int(place) if place.isdigit() else None)

    def _amount_of(self, row: Sequence[Cell]) -> tuple[int | None, str]:
        cell = row[self._amount] if self._amount is not None and self._amount < len(row) else None
        if text_of(cell) in PLACEHOLDERS:
            return None, ""
        try:
            return fen_of(cell, self._unit), ""
        except AmountError:
            return None, text_of(cell)[:40]

    def _said(self, number: int, row: Sequence[Cell], column: Column) -> str:
        said = self._text(row, column)
        if said or column not in _SHARED:
            return said
        above = self._sheet.merged.get((number - 1, self.places[column]))
        return self._text(self._sheet.rows[above], column) if above is not None else ""

    def _text(self, row: Sequence[Cell], column: Column) -> str:
        place = self.places.get(column)
        if place is None or place >= len(row):
            return ""
        cell = row[place]
        if isinstance(cell, (int, float)) and abs(cell) >= _EXACT_DIGITS:
            return f"{cell:.5E}"
        text = text_of(cell).strip("'`‘’\t")
        if text.startswith('="') and text.endswith('"'):
            text = text[2:-1]
        return "" if text in PLACEHOLDERS else text


def _read_sheet(sheet: Sheet) -> PayeeList | None:
    for place, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        words = list(row)
        below = sheet.rows[place + 1] if place + 1 < len(sheet.rows) else []
        height = 1
        if not _is_header(words):
            words = [low if text_of(low) else up for up, low in _side_by_side(row, below)]
            height = 2
            if sum(column_of(cell) is not None for cell in row) < 2 or not _is_header(words):
                continue
        elif _is_lower_half(words, below):
            words = [low if column_of(low) else up for up, low in _side_by_side(row, below)]
            height = 2
        reader = _Reader(sheet, words, place + height)
        found = PayeeList(columns={column.value: reader.labels[at] for column, at in reader.places.items()})
        above = [text for line in sheet.rows[:place] for cell in line if (text := text_of(cell))]
        found.title = above[0][:200] if above else ""
        found.stated += [one for text in above if (one := in_words(0, text))]
        reader.read(found)
        return found
    return None


def _is_header(row: Sequence[Cell]) -> bool:
    columns = {column_of(cell) for cell in row}
    others = columns & {Column.AMOUNT, Column.DOCUMENT, Column.ACCOUNT, Column.PHONE}
    return Column.NAME in columns and bool(others) and not any(is_number(cell) for cell in row)


def _is_lower_half(header: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether a header goes on in the row below it; a person's row has something where the name stands."""
    name = next(place for place, cell in enumerate(header) if column_of(cell) is Column.NAME)
    named = name < len(below) and bool(text_of(below[name]))
    return not named and sum(column_of(cell) is not None for cell in below) >= 2


def _side_by_side(upper: Sequence[Cell], lower: Sequence[Cell]) -> Iterator[tuple[Cell, Cell]]:
    for place in range(max(len(upper), len(lower))):
        yield (
            upper[place] if place < len(upper) else None,
            lower[place] if place < len(lower) else None,
        )


def _places(labels: Sequence[str], columns: Sequence[Column | None]) -> dict[Column, int]:
    found: dict[Column, list[int]] = {}
    for place, column in enumerate(columns):
        if column is not None:
            found.setdefault(column, []).append(place)
    return {column: _best(column, places, labels) for column, places in found.items()}


def _best(column: Column, places: Sequence[int], labels: Sequence[str]) -> int:
    for word in _PREFERRED.get(column, ()):
        for place in places:
            if word in labels[place]:
                return place
    return places[0]


def _joined(stated: Sequence[Stated]) -> list[Stated]:
    totals = [one.total_fen for one in stated if one.total_fen is not None and not one.partial]
    return [Stated(0, "", "", total_fen=sum(totals))] if totals else []
