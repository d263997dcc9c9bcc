"""A copy of the books is made while they are written, verified before it counts, and put back with open eyes."""

import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import create_app
from portal.backup import bundles, copies
from portal.backup.reapplying import reapply
from portal.backup.verifying import Damaged
from portal.config import Settings
from portal.db import db, writing
from portal.giving import service as giving
from portal.ledger.figures import fund_balances
from portal.refusals import Conflict, Unavailable
from portal.registry.models import Fund
from portal.schema import missing_guards
from portal.spending import reviewing
from portal.spending.models import Disbursement
from portal.translog import publishing
from portal.translog.beginning import signer_of
from portal.translog.files import in_use
from portal.watch.recomputing import recompute
from tests import factories, gifts, people


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with two gifts, all of it signed."""
    with writing() as writer:
        fund = factories.fund(writer)
        gifts.asks_for_no_evidence(writer, fund)
    for amount in (12_345, 500):
        gifts.posted_gift(fund, amount)
    return fund


@pytest.fixture
def settings_of(app: Flask) -> Settings:
    """The settings of the app."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    return settings


def let_go() -> None:
    """Leave the database, as a site that is stopped does."""
    db.session.remove()
    for engine in db.engines.values():
        engine.dispose()


def test_a_copy_put_back_holds_what_the_books_held(fund: Fund, settings_of: Settings, tmp_path: Path) -> None:
    fund_id = fund.id
    copies.back_up(settings_of, tmp_path / "copy", create_app)
    gifts.posted_gift(fund, 777)
    let_go()
    restored = copies.restore(settings_of, tmp_path / "copy", create_app)
    assert restored.missing == 0 and not restored.problem
    assert fund_balances(db.session(), [fund_id])[fund_id] == 12_845
    assert missing_guards(db.session().connection()) == []


def test_an_older_copy_is_told_apart_and_not_written_to(
    fund: Fund, settings_of: Settings, tmp_path: Path
) -> None:
    code = fund.code
    copies.back_up(settings_of, tmp_path / "copy", create_app)
    gifts.posted_gift(fund, 777)
    publishing.publish(signer_of(settings_of))
    let_go()
    restored = copies.restore(settings_of, tmp_path / "copy", create_app)
    assert restored.missing == 1 and "signed" in restored.problem
    again = db.session.scalars(select(Fund).where(Fund.code == code)).one()
    with pytest.raises(Unavailable, match="恢复了旧备份"):
        gifts.gift(again)


def test_what_was_published_and_lost_comes_back(
    app: Flask, fund: Fund, settings_of: Settings, tmp_path: Path, client: FlaskClient
) -> None:
    code, fund_id = fund.code, fund.id
    waiting = gifts.gift(fund, 700, donor_name="陈某", publish_name=True)
    payout = gifts.payout(fund, 1_000)
    copies.back_up(settings_of, tmp_path / "copy", create_app)
    giving.approve(waiting.id, people.reviewer(), waiting.version)
    payout_id = payout.id
    paid = gifts.paid(reviewing.approve(payout.id, people.reviewer(), payout.version))
    gifts.arrived(paid, 400, 5)
    gifts.taken_back(paid, gifts.arrived(paid, 600, 7))
    waiting_id, version = waiting.id, waiting.version
    lost = gifts.posted_gift(fund, 55)
    gifts.reversed_entry(lost.entry)
    published = client.get("/log/entries.jsonl").data.splitlines()
    figures = client.get(f"/api/v1/summary?fund={code}").json
    let_go()
    copies.restore(settings_of, tmp_path / "copy", create_app)
    signer = signer_of(settings_of)
    forged = [line.replace(b'"fen":700', b'"fen":900') for line in published]
    with pytest.raises(Damaged, match="签名公布过"):
        reapply(forged, signer)
    assert reapply(published, signer) == 7
    db.session.rollback()
    assert db.session.get_one(Disbursement, payout_id).delivery.arrived_fen == 400
    assert recompute(db.session(), signer).ok
    assert client.get(f"/api/v1/summary?fund={code}").json == figures
    assert fund_balances(db.session(), [fund_id])[fund_id] == 12_845 + 700 - 1_000
    with pytest.raises(Conflict):
        giving.approve(waiting_id, people.reviewer(), version)
    db.session.rollback()
    again = db.session.scalars(select(Fund).where(Fund.code == code)).one()
    gifts.posted_gift(again, 1)
    publishing.publish(signer)
    assert recompute(db.session(), signer).ok


@pytest.mark.one_engine
def test_a_copy_made_while_the_books_are_written_is_sound(
    app: Flask, fund: Fund, settings_of: Settings, tmp_path: Path
) -> None:
    code, stop = fund.code, threading.Event()

    def write() -> None:
        with app.app_context():
            mine = db.session.scalars(select(Fund).where(Fund.code == code)).one()
            while not stop.is_set():
                gifts.posted_gift(mine, 1)
            db.session.remove()

    db.session.rollback()
    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [copies.back_up(settings_of, tmp_path / f"copy {number}", create_app) for number in range(3)]
    finally:
        stop.set()
        writer.join()
    counts = [one.contents.entries for one in made if one.contents]
    assert len(counts) == 3 and counts == sorted(counts)


@pytest.mark.one_engine
def test_a_damaged_copy_is_refused_and_changes_nothing(
    fund: Fund, settings_of: Settings, tmp_path: Path
) -> None:
    file, fund_id = tmp_path / "copy", fund.id
    copies.back_up(settings_of, file, create_app)
    damaged = bytearray(file.read_bytes())
    # Where the log lies: the middle of the file may be an empty page, and zeros over zeros damage nothing.
    place = damaged.index(b'"kind":"donation"')
    damaged[place : place + 3000] = b"\0" * 3000
    file.write_bytes(damaged)
    let_go()
    with pytest.raises(Damaged):
        copies.restore(settings_of, file, create_app)
    assert fund_balances(db.session(), [fund_id])[fund_id] == 12_845


@pytest.mark.one_engine
def test_a_copy_whose_books_were_changed_is_refused(
    fund: Fund, settings_of: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "copy"
    copies.back_up(settings_of, file, create_app)
    bundles.unpack(file, tmp_path / "database", tmp_path / "files")
    with sqlite3.connect(tmp_path / "database") as connection:
        connection.execute(
            "UPDATE ledger_fund_balance SET in_fen = in_fen + 1, balance_fen = balance_fen + 1"
        )
    connection.close()
    bundles.pack(tmp_path / "database", tmp_path / "files", file)
    let_go()
    with pytest.raises(Damaged, match="fund_balance"):
        copies.restore(settings_of, file, create_app)


@pytest.mark.one_engine
def test_nothing_is_put_back_under_a_running_site(fund: Fund, settings_of: Settings, tmp_path: Path) -> None:
    copies.back_up(settings_of, tmp_path / "copy", create_app)
    assert settings_of.database_file is not None
    with in_use(settings_of.database_file, alone=False), pytest.raises(Conflict, match="portal serve"):
        copies.restore(settings_of, tmp_path / "copy", create_app)


@pytest.mark.one_engine
def test_a_copy_never_takes_the_place_of_another_file(
    fund: Fund, settings_of: Settings, tmp_path: Path
) -> None:
    (tmp_path / "copy").write_text("mine")
    with pytest.raises(Conflict):
        copies.back_up(settings_of, tmp_path / "copy", create_app)
    assert (tmp_path / "copy").read_text() == "mine"
