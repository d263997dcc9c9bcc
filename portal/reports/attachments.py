"""The tables of a report as CSV files that travel inside it, packed while they are written."""

import csv
import io
import zlib
from collections.abc import Iterable, Sequence

from portal.opendata.delimited import BYTE_ORDER_MARK, safe
from portal.reports.archive import Attachment
from portal.reports.data_tables import DataTable, Value


class CsvFile:
    """A CSV file in the making: rows go in, packed bytes come out; the plain text is never held whole."""

    def __init__(self, name: str, description: str, columns: Sequence[str]) -> None:
        self._name, self._description = name, description
        self._packer = zlib.compressobj()
        self._packed: list[bytes] = []
        self._size = 0
        self._buffer = io.StringIO(BYTE_ORDER_MARK)
        self._buffer.seek(len(BYTE_ORDER_MARK))
        self._writer = csv.writer(self._buffer)
        self._writer.writerow(map(safe, columns))

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        """Write rows. No text can become a formula in a spreadsheet; what is not known stays empty."""
        self._writer.writerows([safe(one) if isinstance(one, str) else one for one in row] for row in rows)
        self._pack()

    def attachment(self) -> Attachment:
        """The file; nothing can be added after."""
        self._pack()
        self._packed.append(self._packer.flush())
        return Attachment(f"{self._name}.csv", self._description, b"".join(self._packed), self._size)

    def _pack(self) -> None:
        content = self._buffer.getvalue().encode()
        self._buffer.seek(0)
        self._buffer.truncate()
        self._size += len(content)
        self._packed.append(self._packer.compress(content))


def csv_of(table: DataTable) -> Attachment:
    """One table of a report."""
    file = CsvFile(table.name, table.name, table.columns)
    file.add(table.rows)
    return file.attachment()
