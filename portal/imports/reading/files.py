"""From bytes to sheets of cells, whatever the file says it is; what cannot be read is refused with a reason.

The content decides, not the ending of the name: banks export text as ``.xls``, and a program may be called ``.xlsx``.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from portal.i18n import lazy_gettext as _l
from portal.imports.reading.cells import Cell
from portal.refusals import Refusal, Sentence

ENDINGS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xls", ".xlsm"})
MOST_BYTES = 100 * 1024 * 1024
MOST_UNPACKED = 400 * 1024 * 1024
MOST_CELLS = 6_000_000
MOST_ROWS = 200_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
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
_BROKEN = _l("这个 Excel 文件打不开，可能已经损坏。请用 Excel 或 WPS 打开后另存一份再导入。")
_LOCKED = _l("这个 Excel 文件有密码保护。请去掉密码后另存一份再导入。")
_TOO_BIG = _l("表格大得不合常理（解开后过大，或在很远的格子里有内容）。请只留名单本身，另存一份再导入。")

_CELL_PLACE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"')


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
    if PurePath(filename).suffix.lower() not in ENDINGS:
        raise UnreadableFile(_l("只能导入 .xlsx、.xls 或 .csv 文件。"))
    if not content.strip(b"\0 \t\r\n"):
        raise UnreadableFile(_l("文件是空的，没有可以导入的内容。"))
    if len(content) > MOST_BYTES:
        raise UnreadableFile(_TOO_BIG)
    for magic, message in _FOREIGN:
        if content.startswith(magic):
            raise UnreadableFile(message)
    if content.startswith(b"PK"):
        _check_package(content)
        return ReadFile(_read_workbook(content))
    if content.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFile(_LOCKED)
        return ReadFile(_read_workbook(content))
    text, encoding = decode(content)
    return ReadFile([Sheet("", _read_text(text))], encoding)


def decode(content: bytes) -> tuple[str, str]:
    """Text and its encoding: byte order mark, then strict UTF-8, then strict GB18030; zero bytes mean UTF-16.

    Short GBK files fool statistical detectors, so none is asked.

    Raises:
        UnreadableFile: none of them fits.
    """
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if not _binary(text):
            return text, encoding.removesuffix("-sig")
    raise UnreadableFile(_l("文件的文字编码认不出来，请用 Excel 或 WPS 打开，另存为 UTF-8 的 CSV 再导入。"))


def _encodings(content: bytes) -> Iterator[str]:
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


def _binary(text: str) -> bool:
    return any(ord(sign) < 32 and sign not in "\t\r\n\f\v\x1a" for sign in text[:5000])


def _read_text(text: str) -> list[list[Cell]]:
    if re.match(r"\s*<(?:!doctype|html|table|\?xml|meta)", text, re.IGNORECASE):
        raise UnreadableFile(_l("这其实是网页，不是表格。请用 Excel 或 WPS 打开后另存为 .xlsx 再导入。"))
    sample = text[:20_000]
    delimiter = max(",\t;|", key=sample.count)
    if delimiter != "," and sample.count(delimiter) < 2 * sample.count(","):
        delimiter = ","
    try:
        rows: list[list[Cell]] = [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error:
        raise UnreadableFile(
            _l("这个 CSV 文件的引号或分隔符不完整，请用 Excel 或 WPS 打开后另存再导入。")
        ) from None
    if len(rows) > MOST_ROWS:
        raise UnreadableFile(_too_many())
    return rows


def _too_many() -> Sentence:
    return _l("一次最多导入 %(count)d 行，请把名单拆开。", count=MOST_ROWS)


def _check_package(content: bytes) -> None:
    """Look into the zip before anything is unpacked for good: declared sizes, checksums, and how far cells reach."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            names = {member.filename.lower() for member in members}
            if not any(name.startswith("xl/workbook") for name in names):
                raise UnreadableFile(
                    _l("这不是 Excel 文件（可能是压缩包或 Word 文件）。请导入 .xlsx、.xls 或 .csv。")
                )
            if any(member.flag_bits & 1 for member in members):
                raise UnreadableFile(_LOCKED)
            if len(members) > 2000 or sum(member.file_size for member in members) > MOST_UNPACKED:
                raise UnreadableFile(_TOO_BIG)
            for member in members:
                # Reading checks the checksum, so a member that lies about its size is found out here.
                unpacked = package.read(member)
                if member.filename.lower().startswith("xl/worksheets/") and _reach(unpacked) > MOST_CELLS:
                    raise UnreadableFile(_TOO_BIG)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as problem:
        raise UnreadableFile(_BROKEN) from problem


def _reach(sheet: bytes) -> int:
    """How many cells a reader would lay out: it makes a full rectangle, even for two cells far apart."""
    column = row = 0
    widest = b""
    for letters, number in _CELL_PLACE.findall(sheet):
        if len(number) >= 5:
            row = max(row, int(number))
        if (len(letters), letters) > (len(widest), widest):
            widest = letters
    for letter in widest:
        column = column * 26 + letter - 64
    return max(row, 10_000) * max(column, 1)


def _read_workbook(content: bytes) -> list[Sheet]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_read_sheet(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except PasswordError:
        raise UnreadableFile(_LOCKED) from None
    except (CalamineError, OSError, ValueError) as problem:
        raise UnreadableFile(_BROKEN) from problem
    except BaseException as problem:
        # The reader is written in Rust; a broken old .xls can make it panic instead of raising an error.
        if type(problem).__name__ == "PanicException":
            raise UnreadableFile(_BROKEN) from problem
        raise


def _read_sheet(name: str, sheet: CalamineSheet) -> Sheet:
    if sheet.height * sheet.width > MOST_CELLS:
        raise UnreadableFile(_TOO_BIG)
    if sheet.height > MOST_ROWS:
        raise UnreadableFile(_too_many())
    rows: list[list[Cell]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    merged: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
            merged[row, left] = top
    return Sheet(name, rows, merged)
