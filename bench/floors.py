"""The floors that measurements stand on: what this machine needs for the bare minimum, measured in the same run."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineWorkbook

from bench.measuring import seconds

COMMITS = 100
ROWS_OF_A_GIFT = 4
"""Two postings, an entry and the donation itself."""


def reading(content: bytes) -> float:
    """Seconds to read a workbook's cells and do nothing with them."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        return seconds(lambda: CalamineWorkbook.from_path(file.name).get_sheet_by_index(0).to_python())


def plain_rows(gifts: int) -> float:
    """Seconds to store as many rows of like width in a bare SQLite table, in one durable transaction."""
    with _database() as database:
        row = (
            1,
            2,
            3,
            4,
            5,
            6,
            7,
            8,
            9,
            10_000,
            "2026-09-05",
            "2026-09-05",
            "E-2026-000001",
            "cash",
            "x" * 64,
        )
        rows = [(number, *row) for number in range(gifts * ROWS_OF_A_GIFT)]

        def store() -> None:
            with database:
                database.executemany(f"INSERT INTO plain VALUES ({','.join('?' * len(rows[0]))})", rows)

        return seconds(store)


def commit() -> float:
    """Seconds of one durable commit of one row."""
    with _database() as database:

        def store() -> None:
            for number in range(COMMITS):
                with database:
                    database.execute("INSERT INTO plain (id) VALUES (?)", (number,))

        return seconds(store) / COMMITS


@contextmanager
def _database() -> Iterator[sqlite3.Connection]:
    with tempfile.TemporaryDirectory(prefix="portal-floor-") as folder:
        connection = sqlite3.connect(Path(folder) / "plain.sqlite3")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        columns = ", ".join(f"c{number}" for number in range(15))
        connection.execute(f"CREATE TABLE plain (id INTEGER PRIMARY KEY, {columns})")
        connection.commit()
        yield connection
        connection.close()
