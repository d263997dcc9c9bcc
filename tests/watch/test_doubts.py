"""On doubt the site stays readable, refuses writes and says why."""

import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.periods import now
from portal.refusals import Unavailable
from portal.registry.models import Fund
from portal.translog import publishing
from portal.translog.appending import append
from portal.translog.beginning import signer_of
from portal.watch.keeper import Keeper
from tests import factories, gifts, people
from tests.people import LogIn
from tests.tampering import behind_the_back, forget_last_leaf


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` answers."""

    total: int
    used: int
    free: int


@pytest.fixture
def fund(session: Session, app: Flask) -> Fund:
    """A fund with a gift, all of it signed."""
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund, 12_345)
    people.reviewer()
    settings: Settings = app.config["PORTAL_SETTINGS"]
    publishing.publish(signer_of(settings))
    return fund


def look_after(app: Flask) -> None:
    """What the keeper does beside the site, with a session of its own, until the daily check has ended."""
    with app.app_context():
        keeper = Keeper(app)
        keeper.look_after()
        keeper.check.wait()
        keeper.look_after()
        db.session.remove()


def refused(fund: Fund, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        gifts.gift(fund)
    db.session.rollback()


def readable(client: FlaskClient, why: str) -> None:
    for path in ("/", "/ledger"):
        answer = client.get(path)
        assert answer.status_code == 200 and "暂停登记" in answer.text and why in answer.text


def test_without_a_doubt_nothing_is_said(fund: Fund, client: FlaskClient) -> None:
    assert gifts.gift(fund).id and "暂停登记" not in client.get("/").text


def test_books_behind_the_signer_are_not_written_to(fund: Fund, client: FlaskClient) -> None:
    forget_last_leaf()
    refused(fund, "恢复了旧备份")
    readable(client, "恢复了旧备份")


def test_a_disk_nearly_full_is_not_written_to(
    fund: Fund, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12 - 10**6, 10**6))
    if fund and db.engine.dialect.name == "sqlite":
        refused(fund, "磁盘快满")
        readable(client, "磁盘快满")


def test_a_clock_that_jumped_back_is_not_believed(fund: Fund, client: FlaskClient) -> None:
    with time_machine.travel(now() - timedelta(days=400), tick=False):
        refused(fund, "时钟")
        readable(client, "时钟")


def test_books_that_do_not_agree_are_not_written_to(fund: Fund, client: FlaskClient, app: Flask) -> None:
    behind_the_back("UPDATE ledger_fund_balance SET in_fen = in_fen + 5, balance_fen = balance_fen + 5")
    look_after(app)
    refused(fund, "不一致")
    readable(client, "不一致")


def test_history_that_was_rewritten_is_not_written_to(fund: Fund, client: FlaskClient, app: Flask) -> None:
    forget_last_leaf()
    gifts_of_somebody_else(fund)
    look_after(app)
    refused(fund, "已经签名公布的不一样|不一致")
    readable(client, "暂时只能查看")


def gifts_of_somebody_else(fund: Fund) -> None:
    """Leaves that were never signed, in the place of those that were."""
    with writing(even_in_doubt=True) as session:
        for number in range(3):
            append(
                session, {"kind": "policy", "date": "2026-01-01", "policy": fund.code, "text": str(number)}
            )


def test_staff_can_log_in_and_read_in_doubt_and_are_told_when_they_write(
    fund: Fund, log_in: LogIn, app: Flask
) -> None:
    forget_last_leaf()
    desk = log_in(people.reviewer())
    assert "恢复了旧备份" in desk.get("/desk", follow_redirects=True).text
    answer = log_in(people.clerk()).post("/desk/donations/1/submit", data={"version": 1})
    assert answer.status_code == 503 and "恢复了旧备份" in answer.text


def test_a_signer_that_is_away_does_not_stop_the_desk(fund: Fund, app: Flask, client: FlaskClient) -> None:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    key = settings.signing_key
    key.rename(key.with_name("away.key"))
    gifts.posted_gift(fund, 1)
    assert client.get("/ledger").status_code == 200
    key.with_name("away.key").rename(key)
    signed = publishing.publish(signer_of(settings))
    assert signed is not None and signed.size == 4


def test_the_keeper_verifies_and_publishes_even_when_it_may_not_close_the_day(
    fund: Fund, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = fund.code
    with time_machine.travel(now() + timedelta(days=2), tick=False):
        forget_last_leaf()
        behind_the_back("UPDATE ledger_fund_balance SET in_fen = in_fen + 5, balance_fen = balance_fen + 5")
        look_after(app)
    assert app.extensions["doubts"].found is not None and code
