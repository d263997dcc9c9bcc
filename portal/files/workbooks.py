"""A workbook to plain cells, in a process of its own with limits on memory and time (``apart.py`` starts it).

This file is run by its path and knows nothing of the portal: what parses a stranger's file has nothing to lose. It
reads the workbook from its standard input and writes the cells, or why there are none, to its standard output.
"""

import io
import pickle
import re
import resource
import sys
import zipfile
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

MEMORY = 1_500 * 1024 * 1024
SECONDS = 60
MOST_UNPACKED = 400 * 1024 * 1024
MOST_CELLS = 6_000_000
MOST_ROWS = 200_000
MOST_MEMBERS = 2_000

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BROKEN, LOCKED, TOO_BIG, TOO_MANY, NOT_EXCEL = "broken", "locked", "too_big", "too_many", "not_excel"

_CELL_PLACE = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})(\d{1,7})"')

PlainSheet = tuple[str, list[list[Any]], dict[tuple[int, int], int]]
"""Name, rows of cells, and for vertically merged cells the row their value stands in."""


class Refused(Exception):
    """The workbook is not read; ``why`` is one of the words above."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read(content: bytes) -> list[PlainSheet]:
    """The sheets of a workbook.

    Raises:
        Refused: it is locked, broken, too large, or no workbook.
    """
    if content.startswith(b"PK"):
        _check_package(content)
    elif content.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise Refused(LOCKED)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_read_sheet(name, book.get_sheet_by_name(name)) for name in book.sheet_names]
    except PasswordError:
        raise Refused(LOCKED) from None
    except MemoryError:
        raise Refused(TOO_BIG) from None
    except (CalamineError, OSError, ValueError) as problem:
        raise Refused(BROKEN) from problem
    except BaseException as problem:
        # The reader is written in Rust; a broken old .xls can make it panic instead of raising an error.
        if type(problem).__name__ == "PanicException":
            raise Refused(BROKEN) from problem
        raise


def _check_package(content: bytes) -> None:
    """Look into the zip before anything is unpacked for good: declared sizes, checksums, and how far cells reach."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            names = {member.filename.lower() for member in members}
            if not any(name.startswith("xl/workbook") for name in names):
                raise Refused(NOT_EXCEL)
            if any(member.flag_bits & 1 for member in members):
                raise Refused(LOCKED)
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
                raise Refused(TOO_BIG)
            for member in members:
                # Reading checks the checksum, so a member that lies about its size is found out here.
                unpacked = package.read(member)
                if member.filename.lower().startswith("xl/worksheets/") and _reach(unpacked) > MOST_CELLS:
                    raise Refused(TOO_BIG)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
    ) as problem:
        raise Refused(BROKEN) from problem


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


def _read_sheet(name: str, sheet: CalamineSheet) -> PlainSheet:
    if sheet.height * sheet.width > MOST_CELLS:
        raise Refused(TOO_BIG)
    if sheet.height > MOST_ROWS:
        raise Refused(TOO_MANY)
    rows: list[list[Any]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    merged: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or ():
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
            merged[row, left] = top
    return name, rows, merged


def main() -> None:
    """Read one workbook."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer: tuple[str, Any] = ("", read(sys.stdin.buffer.read()))
    except Refused as refused:
        answer = (refused.why, None)
    except MemoryError:
        answer = (TOO_BIG, None)
    pickler = pickle.Pickler(sys.stdout.buffer, protocol=5)
    pickler.fast = True
    pickler.dump(answer)


if __name__ == "__main__":
    main()
