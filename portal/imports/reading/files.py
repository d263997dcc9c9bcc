"""From bytes to sheets of cells, whatever the file says it is; what cannot be read is refused with a reason.

The content decides, not the ending of the name: banks export text as ``.xls``, and a program may be called ``.xlsx``.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePath
from typing import cast

from portal.files.apart import UnreadableWorkbook, read_workbook
from portal.files.workbooks import MOST_ROWS, OLE
from portal.i18n import lazy_gettext as _l
from portal.imports.reading.cells import Cell
from portal.refusals import Refusal, Sentence

ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xls", ".xlsm"})
MOST_BYTES = 100 * 1024 * 1024
SAMPLE = 20_000
"""So many signs tell the delimiter."""

_FOREIGN: tuple[tuple[bytes, Sentence], ...] = (
    (b"MZ", _l("这是一个 Windows 程序，不是表格，没有打开它。")),
    (b"\x7fELF", _l("这是一个程序，不是表格，没有打开它。")),
    (b"%PDF", _l("这是 PDF 文件。请导入 Excel 或 CSV 格式的名单。")),
    (b"\x89PNG", _l("这是图片。请导入 Excel 或 CSV 格式的名单。")),
    (b"\xff\xd8\xff", _l("这是图片。请导入 Excel 或 CSV 格式的名单。")),
    (b"GIF8", _l("这是图片。请导入 Excel 或 CSV 格式的名单。")),
    (b"Rar!", _l("这是压缩包。请解压后导入里面的 Excel 或 CSV 文件。")),
    (b"7z\xbc\xaf", _l("这是压缩包。请解压后导入里面的 Excel 或 CSV 文件。")),
    (b"\x1f\x8b", _l("这是压缩包。请解压后导入里面的 Excel 或 CSV 文件。")),
)
UNKNOWN_ENCODING = _l("文件的文字编码认不出来，请用 Excel 或 WPS 打开，另存为 UTF-8 的 CSV 再导入。")
_TOO_BIG = _l("表格大得不合常理（解开后过大，或在很远的格子里有内容）。请只留名单本身，另存一份再导入。")


class UnreadableFile(Refusal):
    """The file cannot be read as a list; the message says why and what to do."""

    def __init__(self, message: Sentence) -> None:
        super().__init__(message, field="file")


class UnrecognisedList(UnreadableFile):
    """The file holds tables, but which columns are a list of donations has to be said by a person."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows (the first is number 1), and for vertically merged cells the row their value stands in."""

    name: str
    rows: list[list[Cell]]
    merged: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadFile:
    """What a file holds. ``encoding`` is empty for workbooks."""

    sheets: list[Sheet]
    encoding: str = ""


def read_file(content: bytes, filename: str) -> ReadFile:
    """Read a workbook or a text table.

    Raises:
        UnreadableFile: it is empty, too big, locked, broken, or something else altogether.
    """
    refuse_foreign(content, filename)
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_TOO_BIG)
    if is_workbook(content):
        return ReadFile(_read_workbook(content))
    text, encoding = decode(content)
    return ReadFile([Sheet("", _read_text(text))], encoding)


def refuse_foreign(beginning: bytes, filename: str) -> None:
    """Refuse what is no table by its name or its first bytes.

    Raises:
        UnreadableFile: it is empty, or something else altogether.
    """
    if PurePath(filename).suffix.lower() not in ENDINGS:
        raise UnreadableFile(_l("只能导入 .xlsx、.xls 或 .csv 文件。"))
    if not beginning.strip(b"\0 \t\r\n"):
        raise UnreadableFile(_l("文件是空的，没有可以导入的内容。"))
    for magic, message in _FOREIGN:
        if beginning.startswith(magic):
            raise UnreadableFile(message)


def is_workbook(beginning: bytes) -> bool:
    """Whether a file's first bytes are those of a workbook."""
    return beginning.startswith((b"PK", OLE))


def decode(content: bytes) -> tuple[str, str]:
    """Text and its encoding: byte order mark, then strict UTF-8, then strict GB18030; zero bytes mean UTF-16.

    Short GBK files fool statistical detectors, so none is asked.

    Raises:
        UnreadableFile: none of them fits.
    """
    for encoding in encodings_of(content):
        try:
            text = content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if not is_binary(text):
            return text, encoding.removesuffix("-sig")
    raise UnreadableFile(UNKNOWN_ENCODING)


def encodings_of(content: bytes) -> Iterator[str]:
    """The encodings that a text with this beginning may have, the likeliest first."""
    if content.startswith(b"\xef\xbb\xbf"):
        yield "utf-8-sig"
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    elif b"\0" in content[:2000]:
        # Latin digits and commas have their zero byte first in big endian, second in little endian.
        even = content[:2000:2].count(0)
        yield "utf-16-be" if even > content[1:2000:2].count(0) else "utf-16-le"
    else:
        yield from ("utf-8", "gb18030")


def is_binary(text: str) -> bool:
    """Whether a text has signs that no table has."""
    return any(ord(sign) < 32 and sign not in "\t\r\n\f\v\x1a" for sign in text[:5000])


def _read_text(text: str) -> list[list[Cell]]:
    rows = list(islice(text_rows(io.StringIO(text, newline=""), text[:SAMPLE]), MOST_ROWS + 1))
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(too_many(MOST_ROWS))
    return rows


def text_rows(lines: Iterable[str], sample: str) -> Iterator[list[Cell]]:
    """The rows of a text table, one after another; ``sample`` is its beginning.

    Raises:
        UnreadableFile: it is a web page, or its quotes do not end.
    """
    if re.match(r"\s*<(?:!doctype|html|table|\?xml|meta)", sample, re.IGNORECASE):
        raise UnreadableFile(_l("这其实是网页，不是表格。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。"))
    delimiter = max(",\t;|", key=sample.count)
    if delimiter != "," and sample.count(delimiter) < 2 * sample.count(","):
        delimiter = ","
    try:
        yield from cast("Iterator[list[Cell]]", csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        raise UnreadableFile(
            _l("这个 CSV 文件的引号或分隔符不完整，请用 Excel 或 WPS 打开后另存再导入。")
        ) from None


def too_many(most: int) -> Sentence:
    """What to say of a list with more rows than can be taken in."""
    return _l("一次最多导入 %(count)d 行，请把名单拆开。", count=most)


def _read_workbook(content: bytes) -> list[Sheet]:
    try:
        return [Sheet(*one) for one in read_workbook(content)]
    except UnreadableWorkbook as problem:
        raise UnreadableFile(problem.message) from None
