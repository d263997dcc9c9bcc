"""Two hundred thousand entries are written without holding them: the memory hardly grows."""

import os
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.ledger import posting
from portal.ledger.entries import Dimensions, Document, money_received
from portal.ledger.models import Channel
from portal.registry.models import Fund
from tests import factories

pytestmark = pytest.mark.one_engine

FEW, MANY = 1_000, 200_000
MOST_GROWTH = 48 * 1024

_CHILD = """
import resource, sys
from click.testing import CliRunner
from portal.cli import main
for period in ("2025-01", "2025-02"):
    for name in ("csv", "hledger"):
        done = CliRunner().invoke(main, ["export", name, "--period", period, "--out", f"{sys.argv[1]}/{period}"])
        assert done.exit_code == 0, done.output
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _fill(fund: Fund, day: date, count: int) -> None:
    for start in range(0, count, 20_000):
        with writing() as session:
            posting.post_all(
                session,
                [
                    money_received(
                        amount_fen=100,
                        channel=Channel.BANK,
                        occurred_on=day,
                        dimensions=Dimensions(fund.organisation_id, fund.id),
                        restricted=False,
                        document=Document(uuid.uuid4().hex),
                        receipt_series=fund.code,
                    )
                    for _ in range(min(20_000, count - start))
                ],
            )
        db.session.remove()


def test_a_long_month_takes_no_more_memory_than_a_short_one(
    app: Flask, session: Session, settings: Settings, tmp_path: Path
) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
    _fill(fund, date(2025, 1, 5), FEW)
    _fill(fund, date(2025, 2, 5), MANY)
    environment = os.environ | {
        "PORTAL_DATABASE_URL": settings.database_url,
        "PORTAL_STORAGE_DIR": str(settings.storage_dir),
        "PORTAL_SIGNING_KEY_FILE": str(settings.signing_key_file),
    }
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(tmp_path)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    few, many = (int(line) for line in done.stdout.split())
    with (tmp_path / "2025-02" / "ledger.csv").open() as file:
        assert sum(1 for _ in file) == MANY + 1
    assert many - few < MOST_GROWTH, (few, many)
