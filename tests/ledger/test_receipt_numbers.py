"""Receipt numbers have no gap: eight processes take two hundred each, and break off every third at random."""

import subprocess
import sys

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import PROJECT, Settings
from portal.db import db, writing
from portal.ledger.models import Entry
from tests import factories

RECEIVERS, TIMES = 8, 200


def test_numbers_are_gapless_whatever_is_broken_off(app: Flask, session: Session) -> None:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    with writing() as writer:
        fund = factories.fund(writer)
    receivers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.ledger.receiver",
                str(fund.id),
                str(TIMES),
                str(seed),
                settings.database_url,
            ],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(RECEIVERS)
    ]
    for one in receivers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in receivers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    kept = sum(int(one.communicate()[0]) for one in receivers)
    assert 0 < kept < RECEIVERS * TIMES
    db.session.rollback()
    numbers = db.session.scalars(select(Entry.receipt_no).order_by(Entry.id)).all()
    assert [int(number.rsplit("-", 1)[1]) for number in numbers if number] == list(range(1, kept + 1))
