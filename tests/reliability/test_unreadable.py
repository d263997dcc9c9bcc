"""Leaves that were taken away or spoilt: the keeper lives on, writing stops, the verification says what it found."""

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.refusals import Unavailable
from portal.registry.models import Fund
from portal.translog.beginning import signer_of
from portal.translog.publishing import publish
from portal.watch.cli import verify_command
from portal.watch.keeper import Keeper
from tests import factories, gifts
from tests.tampering import behind_the_back

SPOILT = {"sqlite": "x'{}'", "postgresql": r"'\x{}'"}


@pytest.fixture
def fund(app: Flask, session: Session) -> int:
    """The id of a fund with two gifts, all of it signed."""
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund)
    gifts.posted_gift(fund)
    settings: Settings = app.config["PORTAL_SETTINGS"]
    publish(signer_of(settings))
    return fund.id


def found_by_everybody(app: Flask, fund_id: int) -> None:
    answer = CliRunner().invoke(verify_command)
    assert answer.exit_code == 1 and isinstance(answer.exception, SystemExit), answer.exception
    assert "leaf" in answer.output
    with app.app_context():
        keeper = Keeper(app)
        keeper.look_after()
        keeper.check.wait()
        keeper.look_after()
        db.session.remove()
    db.session.rollback()
    with pytest.raises(Unavailable):
        gifts.gift(db.session.get_one(Fund, fund_id))


def test_a_leaf_that_was_taken_away_stops_the_desk(app: Flask, fund: int) -> None:
    behind_the_back('DELETE FROM log_leaf WHERE "index" = 2')
    found_by_everybody(app, fund)


@pytest.mark.parametrize(("index", "bytes_"), [(0, b"{}"), (1, b"[]"), (2, b"no JSON"), (3, b"\xff\xfe")])
def test_a_leaf_that_was_spoilt_stops_the_desk(app: Flask, fund: int, index: int, bytes_: bytes) -> None:
    spoilt = SPOILT[db.engine.dialect.name].format(bytes_.hex())
    behind_the_back(f'UPDATE log_leaf SET data = {spoilt} WHERE "index" = {index}')  # noqa: S608
    found_by_everybody(app, fund)
