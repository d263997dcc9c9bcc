"""The way of one gift in a fund with a million gifts and 50,000 payouts, and back from a payout to its gifts."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from bench.measuring import Measurement, middle_milliseconds, scratch_portal
from portal.config import Settings
from portal.db import db
from portal.ledger.trail import shares_of, sources_of
from portal.periods import now, today
from portal.registry.models import Fund

GIFTS = 1_000_000
PAYOUTS = 50_000
GIFT_FEN = 10_000
EACH = GIFTS // PAYOUTS
REVERSED_EVERY = 500
SEED = 5


def measurements() -> Iterator[Measurement]:
    """Milliseconds a gift and a payout; the floor is fetching the same entry and its postings by their keys."""
    with scratch_portal() as (app, fund):
        file = _fill(app, fund)
        random.seed(SEED)
        gifts = [_gift_id(random.randrange(PAYOUTS), random.randrange(EACH)) for _ in range(40)]
        payouts = [_payout_id(random.randrange(PAYOUTS)) for _ in range(40)]
        floor = _floor(file, gifts)
        taken = middle_milliseconds(lambda: _each(shares_of, gifts), 3) / len(gifts)
        yield Measurement(f"the way of a gift among {GIFTS}", taken, "ms", floor)
        taken = middle_milliseconds(lambda: _each(sources_of, payouts), 3) / len(payouts)
        yield Measurement(f"the gifts behind one of {PAYOUTS} payouts", taken, "ms", floor)


def _each(ask: object, ids: list[int]) -> None:
    assert callable(ask)
    for entry_id in ids:
        ask(db.session(), entry_id)


def _gift_id(block: int, number: int) -> int:
    return block * (EACH + 1) + number + 1


def _payout_id(block: int) -> int:
    return (block + 1) * (EACH + 1)


def _fill(app: Flask, fund: Fund) -> Path:
    """Write the books as the ledger would, without its checks; a payout takes a little less than what came before."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    file = settings.database_file
    if file is None:
        raise SystemExit("this measurement needs an SQLite file")
    with sqlite3.connect(file) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.executemany(_ENTRY, _entries(fund))
        connection.executemany(
            "INSERT INTO ledger_posting (entry_id, line_no, account_code, fund_id, amount_fen, fund_in_after_fen,"
            " fund_out_after_fen) VALUES (?, ?, ?, ?, ?, ?, ?)",
            _postings(fund),
        )
        connection.executemany(
            "INSERT INTO ledger_cancellation VALUES (?, ?, ?, 0, ?, ?)",
            [
                (fund.id, _gift_id(block, 0), GIFT_FEN, (block * EACH + 1) * GIFT_FEN, _went(block))
                for block in range(0, PAYOUTS, REVERSED_EVERY)
            ],
        )
        connection.execute(
            "INSERT INTO ledger_fund_balance (fund_id, balance_fen, reserved_fen, in_fen, out_fen)"
            " VALUES (?, ?, 0, ?, ?)",
            (fund.id, GIFTS * GIFT_FEN - _went(PAYOUTS), GIFTS * GIFT_FEN, _went(PAYOUTS)),
        )
    connection.close()
    return file


_ENTRY = (
    'INSERT INTO ledger_entry (id, "index", entry_no, kind, direction, form, channel, amount_fen, occurred_on,'
    " booked_on, posted_at, organisation_id, fund_id, agency, late, late_reason, reason, idempotency_key, content_hash)"
    " VALUES (?, ?, ?, ?, ?, 'money', 'cash', ?, ?, ?, ?, ?, ?, 0, 0, '', '', ?, '')"
)


def _went(payouts: int) -> int:
    return payouts * (EACH * GIFT_FEN - 10)


def _entries(fund: Fund) -> Iterator[tuple[object, ...]]:
    day, instant = today().isoformat(), now().isoformat()
    for block in range(PAYOUTS):
        for number in range(EACH + 1):
            paid = number == EACH
            entry = _payout_id(block) if paid else _gift_id(block, number)
            kind, direction = ("disbursement", "out") if paid else ("donation", "in")
            amount = EACH * GIFT_FEN - 10 if paid else GIFT_FEN
            place = (fund.organisation_id, fund.id, f"bench-{entry}")
            yield (entry, entry, f"E-{entry}", kind, direction, amount, day, day, instant, *place)


def _postings(fund: Fund) -> Iterator[tuple[object, ...]]:
    for block in range(PAYOUTS):
        for number in range(EACH):
            entry, came = _gift_id(block, number), (block * EACH + number + 1) * GIFT_FEN
            yield (entry, 1, "1001", fund.id, GIFT_FEN, came, _went(block))
            yield (entry, 2, "410102", fund.id, -GIFT_FEN, came, _went(block))
        came, amount = (block + 1) * EACH * GIFT_FEN, EACH * GIFT_FEN - 10
        yield (_payout_id(block), 1, "5101", fund.id, amount, came, _went(block + 1))
        yield (_payout_id(block), 2, "1002", fund.id, -amount, came, _went(block + 1))


def _floor(file: Path, gifts: list[int]) -> float:
    """Milliseconds to read an entry and its postings by nothing but ``sqlite3``."""
    with sqlite3.connect(file) as connection:

        def read() -> None:
            for entry in gifts:
                connection.execute("SELECT * FROM ledger_entry WHERE id = ?", (entry,)).fetchall()
                connection.execute("SELECT * FROM ledger_posting WHERE entry_id = ?", (entry,)).fetchall()

        taken = middle_milliseconds(read, 5) / len(gifts)
    connection.close()
    return taken
