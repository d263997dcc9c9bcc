"""Arrivals in the books: leaves that say them, sums that agree, and a database that refuses to change them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.verification import verify
from portal.registry.models import Fund
from portal.spending.models import Disbursement
from tests import factories, gifts
from tests.tampering import behind_the_back


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a thousand yuan."""
    with writing() as writer:
        made = factories.fund(writer)
        gifts.asks_for_no_evidence(writer, made)
    gifts.posted_gift(made, 100_000)
    return made


@pytest.fixture
def paid(fund: Fund) -> Disbursement:
    """A payout of which something arrived, was taken back, and arrived otherwise."""
    made = gifts.posted_payout(fund, 10_000)
    gifts.taken_back(made, gifts.arrived(made, 6_000, 7))
    gifts.arrived(made, 4_000, 5)
    return made


def test_what_arrived_agrees_with_the_log(paid: Disbursement) -> None:
    db.session.rollback()
    assert verify(db.session()).differences == []


def test_a_reversed_payout_leaves_the_books_in_order(paid: Disbursement) -> None:
    assert paid.entry is not None
    gifts.reversed_entry(paid.entry)
    db.session.rollback()
    assert verify(db.session()).differences == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE ledger_arrival SET amount_fen = 4001 WHERE amount_fen = 4000", "arrival"),
        ("UPDATE ledger_arrival SET people = 6 WHERE people = 5", "arrival"),
        ("UPDATE ledger_arrival SET arrived_on = '2020-01-01' WHERE amount_fen = 4000", "arrival"),
        ("DELETE FROM disbursement_arrival; DELETE FROM ledger_arrival WHERE amount_fen = 4000", "arrival"),
        ("UPDATE ledger_delivery SET arrived_fen = 4001", "delivery"),
        ("UPDATE ledger_delivery SET people = 6", "delivery"),
        ("UPDATE ledger_delivery SET amount_fen = 10001", "delivery"),
        ("DELETE FROM ledger_delivery", "delivery"),
    ],
)
def test_what_is_changed_is_found(paid: Disbursement, change: str, kind: str) -> None:
    for statement in change.split("; "):
        behind_the_back(statement)
    db.session.rollback()
    assert kind in {one.kind for one in verify(db.session()).differences}


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_arrival SET people = 9", "DELETE FROM ledger_arrival WHERE takes_back_id > 0"],
)
def test_the_database_itself_keeps_arrivals(paid: Disbursement, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), writing() as session:
        session.execute(text(statement))
