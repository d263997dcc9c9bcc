"""Many hands at once: no fund is overdrawn, nothing is posted twice, no number is given twice or left out."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving import service as giving
from portal.ledger import posting
from portal.ledger.entries import Dimensions, Document, money_paid, money_received
from portal.ledger.figures import Filters, fund_balances, totals
from portal.ledger.models import Channel
from portal.ledger.verification import verify
from portal.periods import today
from portal.refusals import Refusal
from portal.registry.models import Fund
from tests import factories, gifts, people

HANDS = 6


@dataclass(frozen=True)
class Purse:
    """A fund in plain values: what belongs to a session must not be shared between threads."""

    id: int
    code: str
    organisation_id: int

    @property
    def dimensions(self) -> Dimensions:
        return Dimensions(self.organisation_id, self.id)


@pytest.fixture
def fund(session: Session) -> Purse:
    """A fund with ten yuan."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 1_000)
    return Purse(made.id, made.code, made.organisation_id)


def all_at_once(app: Flask, deed: Callable[[], object]) -> list[str]:
    """Let every hand do the same deed at the same moment; tell how each ended."""
    outcomes: list[str] = []
    start = threading.Barrier(HANDS)

    def one() -> None:
        with app.app_context():
            start.wait()
            try:
                deed()
                outcomes.append("done")
            except Refusal:
                outcomes.append("refused")
            finally:
                db.session.remove()

    db.session.rollback()
    hands = [threading.Thread(target=one) for _ in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=60)
    return sorted(outcomes)


def test_a_fund_is_never_overdrawn(app: Flask, fund: Purse) -> None:
    def pay() -> None:
        entry = money_paid(
            amount_fen=300,
            channel=Channel.BANK,
            cost_account="5101",
            occurred_on=today(),
            dimensions=fund.dimensions,
            document=Document(uuid.uuid4().hex),
            release_fen=0,
        )
        with writing() as writer:
            posting.post(writer, entry)

    assert all_at_once(app, pay) == ["done"] * 3 + ["refused"] * (HANDS - 3)
    assert fund_balances(db.session(), [fund.id])[fund.id] == 100
    assert verify(db.session()).ok


def test_one_gift_approved_by_many_is_posted_once(app: Flask, fund: Purse) -> None:
    waiting = gifts.gift(db.session.get_one(Fund, fund.id), 500).id
    people.reviewer()
    outcomes = all_at_once(app, lambda: giving.approve(waiting, people.reviewer(), 1))
    assert outcomes == ["done"] + ["refused"] * (HANDS - 1)
    assert totals(db.session(), Filters(fund_id=fund.id)).received_fen == 1_500


def test_one_form_sent_by_many_is_one_gift(app: Flask, fund: Purse) -> None:
    details = giving.DonationDetails(fund=fund.code, amount_fen=700, received_on=today())
    assert all_at_once(app, lambda: giving.record(details, people.clerk(), "one-sheet")) == ["done"] * HANDS
    assert factories.count(db.session(), giving.Donation) == 2


def test_numbers_run_without_a_gap_whoever_posts(app: Flask, fund: Purse) -> None:
    def receive() -> None:
        entry = money_received(
            amount_fen=10,
            channel=Channel.CASH,
            occurred_on=today(),
            dimensions=fund.dimensions,
            restricted=False,
            document=Document(uuid.uuid4().hex),
            receipt_series=fund.code,
        )
        with writing() as writer:
            posting.post(writer, entry)

    assert all_at_once(app, receive) == ["done"] * HANDS
    report = verify(db.session())
    assert report.ok and report.entries == HANDS + 1, report.differences
