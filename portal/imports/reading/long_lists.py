"""Lists too long for the memory: a text table read part by part, by the rules of any other list."""

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import BinaryIO

from portal.imports.reading.cells import Cell
from portal.imports.reading.columns import Columns
from portal.imports.reading.faults import Fault, Problem
from portal.imports.reading.files import (
    SAMPLE,
    UNKNOWN_ENCODING,
    Sheet,
    UnreadableFile,
    encodings_of,
    is_binary,
    is_workbook,
    refuse_foreign,
    text_rows,
    too_many,
)
from portal.imports.reading.keys import Fingerprint, Keys
from portal.imports.reading.layouts import Layouts
from portal.imports.reading.recognised import Recognised, Row
from portal.imports.reading.recognising import Days, none_found, nothing_received, title_of
from portal.imports.reading.table_reading import TableReading
from portal.imports.reading.tables import Body, begin_table, end_table, take_lines
from portal.imports.reading.totals import Stated, declared, differences

LONG = 3 * 1024 * 1024
"""A text table of more bytes than this is read part by part."""
PART = 5_000
MOST_ROWS = 5_000_000
_BEGINNING = 256 * 1024
_BLOCK = 1024 * 1024


def is_long(beginning: bytes, size: int) -> bool:
    """Whether a file is to be read part by part: a text, and a long one."""
    return size > LONG and not is_workbook(beginning)


def beginning_of(path: Path) -> bytes:
    """The first rows of a long text table, enough to see what its columns hold."""
    with path.open("rb") as file:
        content = file.read(_BEGINNING)
    return content[: content.rfind(b"\n") + 1] if b"\0" not in content[:2000] else content


@contextmanager
def opened(
    path: Path,
    filename: str,
    *,
    today: date,
    dated: date | None = None,
    layouts: Layouts = MappingProxyType({}),
) -> "Iterator[LongList]":
    """Open a long list; arguments and errors are those of ``recognise``."""
    with path.open("rb") as file:
        refuse_foreign(file.read(SAMPLE), filename)
        yield LongList(file, filename, today=today, dated=dated, layouts=layouts)


class LongList:
    """A list on its way: its parts in order, once; then what it says of itself."""

    def __init__(
        self, file: BinaryIO, filename: str, *, today: date, dated: date | None, layouts: Layouts
    ) -> None:
        encoding, self.lines = _survey(file)
        self.encoding = encoding.removesuffix("-sig")
        self._rows = _rows(file, encoding)
        self._first = list(islice(self._rows, PART))
        self._table, body = begin_table(Sheet("", self._first), None, layouts)
        if body is None:
            raise none_found(goods=self._table.goods)
        self._body: Body = body
        self._reading = TableReading(self._table, PurePath(filename).stem, today, dated)
        self._keys = Keys(self._reading.inner_channel)
        self._print = Fingerprint()
        self._days = Days()
        self._count = 0
        self._total_fen = 0
        self._stated: list[Stated] = []

    @property
    def statement(self) -> bool:
        """Whether it is a bank's or a platform's statement."""
        return self._columns.is_statement

    @property
    def _columns(self) -> Columns:
        assert self._table.columns is not None  # noqa: S101 - a table with a body has columns
        return self._table.columns

    def parts(self) -> Iterator[list[Row]]:
        """The rows, part by part.

        Raises:
            UnreadableFile: it breaks off, or has more rows than can be taken in.
        """
        rows, number = self._first[self._body.start :], self._body.start + 1
        while rows:
            self._body.read(rows, number)
            number += len(rows)
            if number > MOST_ROWS:
                raise UnreadableFile(too_many(MOST_ROWS))
            yield self._counted(self._reading.read(take_lines(self._table)))
            rows = list(islice(self._rows, PART))
        end_table(self._table)
        last = self._reading.read(self._table.lines)
        rest, self._stated = self._reading.end()
        yield self._counted([*last, *rest])

    def summary(self) -> Recognised:
        """What holds for the whole list, after its last part; the rows themselves are not in it.

        Raises:
            UnrecognisedList: there was no gift in it.
        """
        problems = []
        if self._table.guessed:
            roles = "、".join(role.value for role in self._columns.places)
            problems.append(Problem(Fault.NO_HEADER, value=roles))
        if not self._count:
            problems.append(nothing_received(statement=self.statement))
        problems += differences(self._stated, self._total_fen, self._count)
        problems += self._days.problems(self._reading)
        total, count = declared(self._stated)
        return Recognised(
            title=title_of(self._table),
            encoding=self.encoding,
            rows=[],
            columns=[words for words in self._columns.labels if words],
            day_sources=sorted(self._reading.sources),
            declared_total_fen=total.total_fen if total else None,
            declared_count=count.count if count else None,
            problems=problems,
            channel=self._reading.channel,
            statement=self.statement,
            not_gifts=self._reading.not_gifts,
            inner_channel=self._reading.inner_channel,
            fingerprint=self._print.hexadecimal,
        )

    def _counted(self, rows: list[Row]) -> list[Row]:
        for position, row in enumerate(rows, start=self._count + 1):
            row.position = position
        self._keys.give(rows)
        self._print.add(rows)
        self._days.add(rows)
        self._count += len(rows)
        self._total_fen += sum(row.amount_fen or 0 for row in rows)
        return rows


def _rows(file: BinaryIO, encoding: str) -> Iterator[list[Cell]]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    sample = text.read(SAMPLE)
    text.seek(0)
    return text_rows(text, sample)


def _survey(file: BinaryIO) -> tuple[str, int]:
    """The encoding of a whole text, and how many lines it has."""
    file.seek(0)
    beginning = file.read(SAMPLE)
    for encoding in encodings_of(beginning):
        try:
            if is_binary(codecs.getincrementaldecoder(encoding)().decode(beginning)):
                continue
            return encoding, _lines(file, encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(UNKNOWN_ENCODING)


def _lines(file: BinaryIO, encoding: str) -> int:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    lines = 0
    while block := file.read(_BLOCK):
        decoder.decode(block)
        lines += block.count(b"\n")
    decoder.decode(b"", final=True)
    return lines
