"""Eight processes pay from one fund at once: it never falls below zero, whatever isolation level was asked for."""

import subprocess
import sys

from flask import Flask
from sqlalchemy.orm import Session

from portal.config import PROJECT, Settings
from portal.db import db, writing
from portal.ledger.figures import fund_balances
from portal.ledger.verification import verify
from tests import factories, gifts

PAYERS, TIMES, FEN = 8, 10, 100
AFFORDABLE = 25

LEVELS = ("read committed", "repeatable read", "serializable")


def addresses(url: str) -> list[str]:
    """The database as asked for with each isolation level; SQLite has but one."""
    if db.engine.dialect.name == "sqlite":
        return [url]
    option = "&options=-c%20default_transaction_isolation%3D"
    return [url + option + level.replace(" ", "%5C%20") for level in LEVELS]


def answers(payers: list[subprocess.Popen[str]]) -> list[str]:
    lines = []
    for payer in payers:
        assert payer.stdout is not None
        lines.append(payer.stdout.readline().strip())
    return lines


def start(payers: list[subprocess.Popen[str]]) -> None:
    for payer in payers:
        assert payer.stdin is not None
        payer.stdin.write("go\n")
        payer.stdin.flush()


def test_a_fund_pays_exactly_what_it_holds(app: Flask, session: Session) -> None:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    urls = addresses(settings.database_url)
    with writing() as writer:
        fund = factories.fund(writer)
    command = [sys.executable, "-m", "tests.ledger.payer", str(fund.id), str(TIMES), str(FEN), *urls]
    payers = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(PAYERS)
    ]
    for _url in urls:
        held = fund_balances(db.session(), [fund.id])[fund.id]
        gifts.posted_gift(fund, AFFORDABLE * FEN + FEN // 2 - held)
        assert answers(payers) == ["ready"] * PAYERS
        start(payers)
        assert sum(map(int, answers(payers))) == AFFORDABLE
        db.session.rollback()
        assert fund_balances(db.session(), [fund.id])[fund.id] == FEN // 2
    for payer in payers:
        assert payer.wait(timeout=60) == 0
    assert verify(db.session()).ok
