"""Tables as CSV and JSON Lines: header and values exactly as the API names and gives them.

People open CSV in WPS and Excel: a mark in front tells them that it is UTF-8, and no text can become a formula.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from portal.opendata.columns import Table

BYTE_ORDER_MARK = "\ufeff"
ROWS_AT_ONCE = 500

_FORMULA = re.compile(r"^[\s\u3000\x00]*[=+\-@＝＋－＠]|^[\t\r\n\x00]")

Document = Mapping[str, Any]


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula: in doubt an apostrophe goes before it (OWASP)."""
    plain = text.replace("\x00", "")
    return f"'{plain}" if _FORMULA.match(text) else plain


def csv_text(table: Table, documents: Iterable[Document], *, mark: bool = True) -> Iterator[str]:
    """The lines of a table (RFC 4180), some hundred at once."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(table.header)
    if mark:
        yield BYTE_ORDER_MARK
    for count, document in enumerate(documents, start=1):
        writer.writerow(_cells(table, document))
        if count % ROWS_AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def json_lines(documents: Iterable[Document]) -> Iterator[str]:
    """One document a line, as the API gives it."""
    lines: list[bytes] = []
    for document in documents:
        lines.append(orjson.dumps(document, option=orjson.OPT_APPEND_NEWLINE))
        if len(lines) == ROWS_AT_ONCE:
            yield b"".join(lines).decode()
            lines.clear()
    yield b"".join(lines).decode()


def _cells(table: Table, document: Document) -> Iterator[str]:
    for column in table.columns:
        value = column.of(document)
        if value is None:
            yield ""
        elif column.free:
            yield safe(value)
        elif isinstance(value, bool):
            yield "true" if value else "false"
        else:
            yield str(value)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
