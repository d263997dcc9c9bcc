"""The floor of posting: the very rows that the ledger wrote, written again by nothing but ``sqlite3``.

They go into a second database of the same schema, guards and indexes and all, with the same durability.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.measuring import seconds
from tests import databases

INSERTED = ("ledger_posting", "ledger_entry", "log_leaf", "donation")
"""Tables that grow by rows, in the order in which they may be written."""
COPIED = (
    "staff_member",
    "district",
    "street",
    "community",
    "organisation",
    "fund",
    "import_batch",
)
"""What those rows point at."""
_KEPT = (
    "UPDATE ledger_fund_balance SET balance_fen = balance_fen + 1, in_fen = in_fen + 1",
    "UPDATE ledger_daily_total SET entries = entries + 1, amount_fen = amount_fen + 1",
    "UPDATE ledger_period_total SET entries = entries + 1, amount_fen = amount_fen + 1",
    "UPDATE ledger_head SET size = size + 1",
    "UPDATE log_head SET size = size + 1, frontier = randomblob(320)",
    "UPDATE ledger_receipt_counter SET last = last + 1",
    "UPDATE donation_counter SET last = last + 1",
)

Rows = dict[str, list[tuple[object, ...]]]


def written_rows(file: Path, after: int) -> list[Rows]:
    """What the ledger wrote for each entry after an id, by table."""
    with _connected(file) as books:
        gifts = []
        for entry_id, index in books.execute(
            'SELECT id, "index" FROM ledger_entry WHERE id > ? ORDER BY id', (after,)
        ).fetchall():
            keys = {
                "ledger_posting": "entry_id",
                "ledger_entry": "id",
                "log_leaf": '"index"',
                "donation": "entry_id",
            }
            gifts.append(
                {
                    table: books.execute(
                        f"SELECT * FROM {table} WHERE {key} = ?",
                        (index if table == "log_leaf" else entry_id,),
                    ).fetchall()
                    for table, key in keys.items()
                }
            )
        return gifts


def one_by_one(file: Path, gifts: Sequence[Rows], folder: Path) -> float:
    """Seconds to write the rows of each gift, and to move what is kept beside, in a durable transaction each."""
    with _twin(file, folder) as twin:
        statements = _statements(twin)

        def store() -> None:
            for gift in gifts:
                twin.execute("BEGIN IMMEDIATE")
                for table in INSERTED:
                    for row in gift[table]:
                        twin.execute(statements[table], row)
                for statement in _KEPT:
                    twin.execute(statement)
                twin.execute("COMMIT")

        return seconds(store)


def all_at_once(file: Path, gifts: Sequence[Rows], folder: Path, tables: Sequence[str] = INSERTED) -> float:
    """Seconds to write all rows by ``executemany`` in one durable transaction."""
    with _twin(file, folder) as twin:
        statements = _statements(twin)
        rows = {table: [row for gift in gifts for row in gift[table]] for table in tables}

        def store() -> None:
            twin.execute("BEGIN IMMEDIATE")
            for table in tables:
                twin.executemany(statements[table], rows[table])
            twin.execute("COMMIT")

        return seconds(store)


def _statements(database: sqlite3.Connection) -> dict[str, str]:
    return {
        table: f"INSERT INTO {table} VALUES "
        f"({','.join('?' * len(database.execute(f'PRAGMA table_info({table})').fetchall()))})"
        for table in INSERTED
    }


@contextmanager
def _twin(file: Path, folder: Path) -> Iterator[sqlite3.Connection]:
    """An empty database like the books, with the registry and one row of everything that is kept beside."""
    path = folder / "twin.sqlite3"
    for old in folder.glob("twin.sqlite3*"):
        old.unlink()
    databases.build(f"sqlite:///{path}")
    with _connected(path) as twin:
        twin.execute("PRAGMA foreign_keys=OFF")
        twin.execute("ATTACH ? AS books", (str(file),))
        kept = {"ledger_period_total": 2} | dict.fromkeys(
            ("ledger_fund_balance", "ledger_daily_total", "ledger_receipt_counter", "donation_counter"), 1
        )
        for table in (*COPIED, *kept):
            limit = f" LIMIT {kept[table]}" if table in kept else ""
            twin.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM books.{table}{limit}")
        twin.execute("DETACH books")
        twin.execute("PRAGMA foreign_keys=ON")
        yield twin


@contextmanager
def _connected(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")
    try:
        yield connection
    finally:
        connection.close()
