"""At the end of the day the cash is counted against what was logged; a difference needs a word."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving import service as giving
from portal.ledger.models import Channel
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Fund
from portal.till import service as till
from portal.till.models import TillCount
from tests import factories, gifts, people


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def test_what_was_taken_in_is_told_apart_by_channel_and_state(fund: Fund) -> None:
    gifts.posted_gift(fund, 100_00)
    gifts.gift(fund, 50_00)
    gifts.gift(fund, 70_00, channel=Channel.WECHAT)
    withdrawn = gifts.gift(fund, 1_00)
    giving.withdraw(withdrawn.id, people.clerk(), withdrawn.version)
    taken = till.taken_on(db.session(), people.clerk(), today())
    assert [(one.channel, one.gifts, one.logged_fen, one.posted_fen) for one in taken] == [
        (Channel.CASH, 2, 150_00, 100_00),
        (Channel.WECHAT, 1, 70_00, 0),
    ]


def test_a_count_that_agrees_needs_no_word_and_a_difference_does(fund: Fund) -> None:
    gifts.gift(fund, 150_00)
    assert till.count(people.clerk(), 150_00, "").difference_fen == 0
    with pytest.raises(Invalid) as refusal:
        till.count(people.clerk(), 149_00, "")
    assert set(refusal.value.errors) == {"note"}
    assert till.count(people.clerk(), 149_00, "找错一元").difference_fen == -1_00
    assert factories.count(db.session(), TillCount) == 2


def test_the_desk_counts(app: Flask, fund: Fund) -> None:
    gifts.gift(fund, 150_00)
    client = people.log_in(app, people.clerk())
    app.config["WTF_CSRF_ENABLED"] = False
    assert "150.00" in client.get("/desk/till").text
    assert client.post("/desk/till", data={"counted": "一百"}).status_code == 422
    assert client.post("/desk/till", data={"counted": "150"}).status_code == 302
    reviewer = people.log_in(app, people.reviewer())
    assert "陈经办" in reviewer.get("/desk/till/counts").text
