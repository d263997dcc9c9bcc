"""A day is closed by a leaf of its own, even if nothing happened, and says what the books then held."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.verification import verify
from portal.translog import reading
from tests import factories, gifts

START = date(2026, 3, 2)


def leaves(session: Session) -> list[dict[str, object]]:
    return [json.loads(leaf) for leaf in reading.leaves(session, 0, reading.log_size(session))]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> time_machine.Traveller:
    """A clock that the test sets."""
    with time_machine.travel(f"{START}T04:00:00Z", tick=True) as coordinates:
        yield coordinates


def test_each_day_without_a_leaf_gets_its_close_before_the_next_entry(
    clock: time_machine.Traveller, session: Session
) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund, 500)
    clock.shift(timedelta(days=3))
    gifts.posted_gift(fund, 700)
    db.session.rollback()
    closes = [leaf for leaf in leaves(db.session()) if leaf["kind"] == "close"]
    assert [leaf["date"] for leaf in closes] == ["2026-03-02", "2026-03-03", "2026-03-04"]
    assert closes[0]["funds"] == {fund.code: {"in": 500, "out": 0}} and closes[1]["funds"] == {}
    assert [leaf["entries"] for leaf in closes] == [1, 1, 1]
    assert [leaf["seq"] for leaf in leaves(db.session())] == list(range(reading.log_size(db.session())))
    assert verify(db.session()).ok
