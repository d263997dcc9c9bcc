"""Search in large books on both databases: a million entries, or as many as ``PORTAL_BENCH_ENTRIES`` says.

The books are written by SQL, a third of the entries with words of their own. Asked is what is hard: one frequent
character, words that stand in the wrong order, a sum that thousands gave, the first page and a late one.
"""

import os
import sqlite3
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from flask import Flask
from sqlalchemy import create_engine, text

from bench.measuring import Measurement, seconds
from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.search.entry_words import YEAR
from portal.search.terms import mark, terms_of
from tests import databases, factories

ENTRIES = int(os.environ.get("PORTAL_BENCH_ENTRIES", "1000000"))
FUNDS = 300
BUDGET_MS = 100
TIMES = 30

PURPOSES = (
    "发放秋季助学金",
    "困难家庭医疗救助",
    "敬老节慰问",
    "乡村振兴道路修缮",
    "应急救灾物资采购",
    "社区长者饭堂",
)
PLACES = ("琶洲", "昌岗", "沙园", "江南中", "海幢", "赤岗", "新港", "滨江", "素社", "南石头", "凤阳", "龙凤")
RARE = "𬭎"

QUESTIONS = {
    "one frequent character": "q=学",
    "two characters": "q=助学",
    "a whole purpose": "q=困难家庭医疗救助",
    "the wrong order": "q=学助",
    "frequent pairs that never meet": "q=助学 慰问",
    "a rare character": f"q={RARE}",
    "the same late in the list": "q=助学&kind=entry&after={late}",
    "with direction and year": "q=助学&kind=entry&direction=out&year=2022",
    "a sum that many gave": "q=100",
    "the name of a fund": "q=琶洲社区慈善基金7",
    "a word of every fund": "q=慈善",
    "pinyin": "q=pazhou",
    "the ledger by words": "/ledger?q=助学",
    "the ledger by words, one fund": "/ledger?q=助学&fund=BENCH0",
}


def measurements() -> Iterator[Measurement]:
    """The 50th and 99th percentile of whole pages, in milliseconds; the floor is the most that is allowed."""
    with tempfile.TemporaryDirectory(prefix="portal-search-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        databases.build(url)
        yield from _measured("SQLite", url, Path(folder))
    with (
        tempfile.TemporaryDirectory(prefix="portal-search-") as folder,
        databases.running_cluster() as cluster,
    ):
        cluster.execute('CREATE DATABASE "search"')
        databases.build(cluster.url("search"))
        yield from _measured("PostgreSQL", cluster.url("search"), Path(folder))


def _measured(engine: str, url: str, folder: Path) -> Iterator[Measurement]:
    with _portal(url, folder) as app:
        _fill(url)
        client = app.test_client()
        for name, question in QUESTIONS.items():
            address = question.format(late=ENTRIES // 20)
            address = quote(address if address[0] == "/" else f"/search?{address}", safe="/?&=")
            taken = sorted(seconds(partial(_get, client, address)) * 1000 for _ in range(TIMES))
            of = f"search of {name} in {ENTRIES} entries, {engine}"
            yield Measurement(f"{of}, p50", statistics.median(taken), "ms", BUDGET_MS)
            yield Measurement(f"{of}, p99", taken[-1], "ms", BUDGET_MS)


def _get(client: object, address: str) -> None:
    answer = client.get(address)  # type: ignore[attr-defined]
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")


@contextmanager
def _portal(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(Settings(environment="test", database_url=url, storage_dir=folder / "storage"))
    with app.app_context():
        with writing() as session:
            owner = factories.organisation(session, name="海珠区慈善会").id
            for number in range(FUNDS):
                place = PLACES[number % len(PLACES)]
                factories.fund(
                    session,
                    organisation_id=owner,
                    code=f"BENCH{number}",
                    name=f"{place}社区慈善基金{number}",
                )
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


_ENTRY = (
    'INSERT INTO ledger_entry (id, "index", entry_no, kind, direction, form, channel, amount_fen, occurred_on,'
    " booked_on, posted_at, organisation_id, fund_id, agency, late, late_reason, reason, idempotency_key, content_hash)"
)
_COLUMNS = (
    "n, n, 'E-' || n, CASE n % 10 WHEN 0 THEN 'disbursement' ELSE 'donation' END,"
    " CASE n % 10 WHEN 0 THEN 'out' ELSE 'in' END, 'money', 'bank', (1 + n % 500) * 1000, {day}, {day}, {instant},"
    f" 1, 1 + n % {FUNDS}, {{no}}, {{no}}, '', '', 'bench-' || n, ''"
)


def _fill(url: str) -> None:
    """Write the books as the ledger would, without its checks."""
    if url.startswith("sqlite"):
        _fill_sqlite(url.removeprefix("sqlite:///"))
    else:
        _fill_postgresql(url)


def _words() -> list[tuple[int, str]]:
    """For each remainder of an entry's number the terms of its words; a third of all remainders has some."""
    found = []
    for number in range(0, 6_000, 10):
        marks = [
            mark(YEAR, 2018 + number // 10 % 8),
            mark("direction", "out"),
            mark("fund_id", 1 + number % FUNDS),
        ]
        words = [PURPOSES[number // 10 % len(PURPOSES)], PLACES[number // 10 % len(PLACES)] + "街道居民"]
        found.append((number, terms_of(words, marks)))
        for step in (3, 7):
            name = chr(0x4E00 + (number + step) * 3 % 20_000) + chr(0x4E00 + (number + step) * 7 % 20_000)
            marks = [mark(YEAR, 2018 + number // 10 % 8), mark("direction", "in")]
            found.append((number + step, terms_of(["王" + name], marks)))
    return found


def _fill_sqlite(file: str) -> None:
    columns = _COLUMNS.format(
        day="date('2018-01-01', (n * 2900 / ?) || ' days')", instant="'2026-01-01 00:00:00'", no=0
    ).replace("?", str(ENTRIES))
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'search%'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(
            f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {ENTRIES})"
            f" {_ENTRY} SELECT {columns} FROM numbers"
        )
        connection.execute("CREATE TEMP TABLE words (rest INTEGER PRIMARY KEY, terms TEXT)")
        connection.executemany("INSERT INTO words VALUES (?, ?)", _words())
        connection.execute(_SEARCH)
        connection.execute(_RAREST)
    connection.close()


_SEARCH = (
    "INSERT INTO search_entry (entry_id, terms)"
    " SELECT id, terms FROM ledger_entry JOIN words ON words.rest = id % 6000 ORDER BY id"
)
_RAREST = f"INSERT INTO search_entry (entry_id, terms) VALUES (1, '{RARE}')"


def _fill_postgresql(url: str) -> None:
    columns = _COLUMNS.format(
        day=f"date '2018-01-01' + (n * 2900 / {ENTRIES})::int", instant="'2026-01-01+00'", no="false"
    )
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(f"{_ENTRY} SELECT {columns} FROM generate_series(1::bigint, {ENTRIES}) AS n"))
        connection.execute(text("CREATE TEMP TABLE words (rest bigint PRIMARY KEY, terms text)"))
        rows = [{"rest": rest, "terms": terms} for rest, terms in _words()]
        connection.execute(text("INSERT INTO words VALUES (:rest, :terms)"), rows)
        connection.execute(text(_SEARCH))
        connection.execute(text(_RAREST))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
