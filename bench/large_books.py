"""Books of any size in an SQLite file, written by SQL: the rows that posting would have left, without its checks.

Most gifts come to a few funds by platforms, as in any district; the rest is spread over all funds, stations, projects
and campaigns. Days run evenly through ``DAYS``; what is rare is rare on purpose, and old. Postings and leaves are left
out: no list of the ledger reads them.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.search.entry_words import YEAR
from portal.search.terms import mark, terms_of
from tests import databases, factories, people

ORGANISATIONS, FUNDS, STATIONS, STREETS, PROJECTS, CAMPAIGNS = 30, 300, 60, 18, 50, 20
DAYS = 2_900
FIRST_DAY = "2018-01-01"
PART = 1_000_000
"""Entries that are written at once."""

PURPOSES = (
    "发放秋季助学金",
    "困难家庭医疗救助",
    "敬老节慰问",
    "乡村振兴道路修缮",
    "应急救灾物资采购",
    "社区长者饭堂",
)

_NUMBERS = (
    "WITH RECURSIVE numbers (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n < :last),"
    # A number that looks random and is the same at every run.
    " mixed AS (SELECT n, (n * 2654435761 % 4294967296) / 7 AS h FROM numbers),"
    f" dealt AS (SELECT n, h, CASE WHEN h % 5 THEN 1 + h % 20 ELSE 1 + h / 5 % {FUNDS - 1} END AS fund,"
    " h % 5 = 0 AS spread, n % 10 = 0 AS out FROM mixed)"
)
_ENTRIES = (
    _NUMBERS + " INSERT INTO ledger_entry"
    ' (id, "index", entry_no, kind, direction, form, channel, amount_fen, occurred_on, booked_on, posted_at,'
    " organisation_id, fund_id, station_id, street_id, project_id, campaign_id, agency, late, late_reason, reason,"
    " idempotency_key, content_hash)"
    " SELECT n, n, 'E-' || n, CASE WHEN out THEN 'disbursement' ELSE 'donation' END,"
    " CASE WHEN out THEN 'out' ELSE 'in' END,"
    " CASE WHEN n <= 40 AND NOT out THEN 'ip' WHEN spread AND NOT out AND h % 7 = 0 THEN 'goods' ELSE 'money' END,"
    " CASE WHEN spread THEN 'bank' WHEN h % 3 THEN 'wechat' ELSE 'alipay' END,"
    " CASE WHEN n = 7 THEN 123456789 ELSE (1 + h / 11 % 500) * 1000 END,"
    f" date('{FIRST_DAY}', ((n - 1) * {DAYS} / :entries) || ' days'),"
    f" date('{FIRST_DAY}', ((n - 1) * {DAYS} / :entries) || ' days'), '2026-01-01 00:00:00.000000',"
    f" 1 + fund % {ORGANISATIONS}, CASE WHEN n IN (11, 12, 13) THEN {FUNDS} ELSE fund END,"
    f" CASE WHEN spread AND NOT out THEN 1 + fund % {STATIONS} END,"
    f" CASE WHEN spread AND NOT out THEN 1 + fund % {STATIONS} % {STREETS} END,"
    f" CASE WHEN spread AND fund % 3 = 0 THEN 1 + fund % {PROJECTS} END,"
    f" CASE WHEN spread AND fund % 5 = 0 THEN 1 + fund % {CAMPAIGNS} END,"
    " 0, 0, '', '', 'bench-' || n, '' FROM dealt"
)
_DONATIONS = (
    "INSERT INTO donation (donation_no, organisation_id, fund_id, station_id, project_id, campaign_id, donor_name,"
    " donor_kind, anonymous, publish_name, form, amount_fen, received_on, channel, external_ref, remark, late_reason,"
    " entry_id, idempotency_key, content_hash, state, version, made_at, maker_id)"
    " SELECT 'D-' || id, organisation_id, fund_id, station_id, project_id, campaign_id, '爱心人士' || id, 'person', 0,"
    " id % 3 = 0, form, amount_fen, occurred_on, channel, '', '', '', id, 'bench-' || id, '', 'posted', 1, posted_at, 1"
    " FROM ledger_entry WHERE id BETWEEN :first AND :last AND direction = 'in'"
)
_DISBURSEMENTS = (
    "INSERT INTO disbursement (disbursement_no, organisation_id, fund_id, station_id, project_id, campaign_id,"
    " recipient, purpose, beneficiary_count, amount_fen, paid_on, channel, payment_ref, remark, late_reason,"
    " reserved_fen, entry_id, idempotency_key, content_hash, state, version, made_at, maker_id, kind)"
    " SELECT 'P-' || id, organisation_id, fund_id, station_id, project_id, campaign_id, '困难家庭',"
    " (SELECT words FROM purpose WHERE number = id / 10 % 6), 12,"
    " amount_fen, occurred_on, 'bank', '', '', '', 0, id, 'bench-' || id, '', 'posted', 1, posted_at, 1, 'programme'"
    " FROM ledger_entry WHERE id BETWEEN :first AND :last AND direction = 'out'"
)
_TOTALS = (
    "INSERT INTO ledger_daily_total SELECT occurred_on, organisation_id, fund_id, coalesce(station_id, 0),"
    " coalesce(street_id, 0), coalesce(project_id, 0), coalesce(campaign_id, 0), direction, form, channel, agency,"
    " count(*), sum(amount_fen) FROM ledger_entry GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11"
)
_PERIODS = (
    "INSERT INTO ledger_period_total SELECT :length, date(day, 'start of ' || :length), organisation_id, fund_id,"
    " station_id, street_id, project_id, campaign_id, direction, form, channel, agency, sum(entries), sum(amount_fen)"
    " FROM ledger_daily_total GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"
)
_DISTRICT = (
    "INSERT INTO ledger_district_total SELECT {length}, day, direction, form, channel, agency, sum(entries),"
    " sum(amount_fen) FROM {of} GROUP BY 1, 2, 3, 4, 5, 6"
)
_PLACES = (
    "INSERT INTO ledger_day_places"
    ' SELECT occurred_on, min("index"), max("index") FROM ledger_entry GROUP BY occurred_on'
)
_WORDS = (
    "INSERT INTO search_entry (entry_id, terms) SELECT id, (SELECT terms FROM words WHERE"
    f" number = id / 10 % {len(PURPOSES)} AND year = CAST(substr(occurred_on, 1, 4) AS INTEGER))"
    " || ' →fundid' || fund_id || ' →organisationid' || organisation_id"
    " FROM ledger_entry WHERE id BETWEEN :first AND :last AND direction = 'out' ORDER BY id"
)


def build(file: Path, entries: int) -> None:
    """Make a migrated database at ``file`` with a registry and so many entries."""
    url = f"sqlite:///{file}"
    databases.build(url)
    _register(url, file.parent)
    with _connected(file) as books:
        kept = _without_guards_and_indexes(books)
        _say_words(books)
        for first in range(1, entries + 1, PART):
            given = {"first": first, "last": min(first + PART - 1, entries), "entries": entries}
            for statement in (_ENTRIES, _DONATIONS, _DISBURSEMENTS, _WORDS):
                books.execute(statement, given)
            books.commit()
        books.execute(_TOTALS)
        for length in ("month", "year"):
            books.execute(_PERIODS, {"length": length})
        books.execute(_DISTRICT.format(length="'day'", of="ledger_daily_total"))
        books.execute(_DISTRICT.format(length="length", of="ledger_period_total"))
        books.execute(_PLACES)
        books.execute("INSERT OR REPLACE INTO ledger_head (id, size) VALUES (1, ?)", (entries,))
        for statement in kept:
            books.execute(statement)
        books.commit()
        books.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _register(url: str, folder: Path) -> None:
    app = create_app(Settings(environment="test", database_url=url, storage_dir=folder / "storage"))
    with app.app_context():
        people.clerk()
        with writing() as session:
            owners = [factories.organisation(session).id for _ in range(ORGANISATIONS)]
            streets = [factories.street(session).id for _ in range(STREETS)]
            for number in range(FUNDS):
                factories.fund(
                    session, organisation_id=owners[number % ORGANISATIONS], code=f"BENCH{number + 1}"
                )
            for number in range(STATIONS):
                owner = owners[number % ORGANISATIONS]
                factories.station(session, organisation_id=owner, street_id=streets[number % STREETS])
            for number in range(PROJECTS):
                factories.project(session, organisation_id=owners[number % ORGANISATIONS])
            for number in range(CAMPAIGNS):
                factories.campaign(session, organisation_id=owners[number % ORGANISATIONS])
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _without_guards_and_indexes(books: sqlite3.Connection) -> list[str]:
    """Take away what slows writing; what is returned puts it back."""
    found = books.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'search%'"
        " UNION ALL SELECT type, name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
        " ('ledger_entry', 'donation', 'disbursement', 'ledger_daily_total', 'ledger_period_total')"
    ).fetchall()
    for kind, name, _statement in found:
        books.execute(f"DROP {kind} {name}")
    return [statement for _kind, _name, statement in found]


def _say_words(books: sqlite3.Connection) -> None:
    books.execute("CREATE TEMP TABLE purpose (number INTEGER PRIMARY KEY, words TEXT)")
    books.executemany("INSERT INTO purpose VALUES (?, ?)", enumerate(PURPOSES))
    books.execute(
        "CREATE TEMP TABLE words (number INTEGER, year INTEGER, terms TEXT, PRIMARY KEY (number, year))"
    )
    for number, words in enumerate(PURPOSES):
        for year in range(2018, 2027):
            marks = [mark(YEAR, year), mark("direction", "out")]
            books.execute(
                "INSERT INTO words VALUES (?, ?, ?)", (number, year, terms_of([words, "困难家庭"], marks))
            )


@contextmanager
def _connected(file: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(file)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        yield connection
    finally:
        connection.close()
