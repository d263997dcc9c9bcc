"""How many gifts come into the ledger: one at a time, each safe on the disk; in bulk; and over the counter."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from flask import Flask

from bench import bare_rows, floors
from bench.measuring import Measurement, scratch_portal, seconds
from portal.config import Settings
from portal.db import writing
from portal.giving.bulk import ImportedGift, ImportTarget, post_imported
from portal.imports.models import ImportBatch
from portal.ledger.entries import PostedEntry
from portal.ledger.models import Channel
from portal.periods import now, today
from portal.registry.models import Fund
from tests import gifts, people

SINGLE = 500
BULK = 100_000
COUNTER = 200
COMMITS_OF_A_GIFT = 2


def measurements() -> Iterator[Measurement]:
    """Gifts a second; floors are the same rows written by nothing but ``sqlite3``, or bare durable commits."""
    with scratch_portal() as (app, fund):
        yield from _by_the_ledger(app, fund)
    with scratch_portal() as (_app, fund):
        gifts.posted_gift(fund)
        taken = seconds(lambda: [gifts.posted_gift(fund, 10_000 + number) for number in range(COUNTER)])
    floor = 1 / (COMMITS_OF_A_GIFT * floors.commit())
    yield Measurement("counter gifts logged, approved and posted", COUNTER / taken, "gifts/s", floor)


def _by_the_ledger(app: Flask, fund: Fund) -> Iterator[Measurement]:
    """Donation, entry, postings, balances, daily totals, leaf: in a transaction each, then all in one."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    file = settings.database_file
    if file is None:
        raise SystemExit("this measurement needs an SQLite file")
    target = _target(fund)
    _post(target, _gifts(0, 1))
    singles = [_gifts(number, 1) for number in range(1, SINGLE + 1)]
    taken = seconds(lambda: [_post(target, one) for one in singles])
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        bare = bare_rows.one_by_one(file, bare_rows.written_rows(file, after=1), Path(folder))
    yield Measurement("durable single postings", SINGLE / taken, "gifts/s", SINGLE / bare)
    taken = seconds(lambda: _post(target, _gifts(SINGLE + 1, BULK)))
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        bare = bare_rows.all_at_once(file, bare_rows.written_rows(file, after=SINGLE + 1), Path(folder))
    yield Measurement(f"{BULK} entries posted in bulk", BULK / taken, "gifts/s", BULK / bare)


def _post(target: ImportTarget, given: Sequence[ImportedGift]) -> list[PostedEntry]:
    with writing() as session:
        return post_imported(session, target, given)


def _gifts(first: int, count: int) -> list[ImportedGift]:
    return [
        ImportedGift(
            row_no=number,
            donor_name=f"捐赠人{number}",
            amount_fen=100 + number % 5_000,
            received_on=today(),
            channel=Channel.CASH,
            external_ref=f"4200{number:024d}",
            remark="",
            content_key=f"gift-{number}",
        )
        for number in range(first, first + count)
    ]


def _target(fund: Fund) -> ImportTarget:
    maker = people.clerk()
    with writing() as session:
        batch = ImportBatch(
            file_name="bench",
            file_sha256="0" * 64,
            file_size=0,
            organisation_id=fund.organisation_id,
            fund_id=fund.id,
            channel=Channel.CASH,
            fingerprint="0" * 64,
            maker_id=maker.id,
            made_at=now(),
        )
        session.add(batch)
        session.flush()
    return ImportTarget(
        batch_id=batch.id,
        organisation_id=fund.organisation_id,
        fund=fund,
        station=None,
        campaign_id=None,
        project_id=None,
        maker_id=maker.id,
        publish_names=False,
        late_reason="",
    )
