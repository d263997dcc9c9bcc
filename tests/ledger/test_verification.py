"""``portal ledger verify`` finds what was changed behind the ledger's back, and names the entry."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.verification import verify
from portal.registry.models import Fund
from tests import factories, gifts
from tests.tampering import behind_the_back


@pytest.fixture
def books(session: Session) -> Fund:
    """A fund with gifts, a payout and a reversal."""
    with writing() as writer:
        fund = factories.fund(writer)
    for amount_fen in (123_456, 200_000, 300_000):
        last = gifts.posted_gift(fund, amount_fen)
    gifts.posted_payout(fund, 50_000)
    assert last.entry is not None
    gifts.reversed_entry(last.entry)
    return fund


def first_difference(kind: str) -> str | None:
    db.session.rollback()
    report = verify(db.session())
    assert not report.ok
    found = [one for one in report.differences if one.kind == kind]
    assert found, report.differences
    return found[0].entry_no


def test_untouched_books_agree(books: Fund) -> None:
    report = verify(db.session())
    assert report.ok and report.entries == 5


def test_a_changed_posting_is_found_and_its_entry_named(books: Fund) -> None:
    number = db.session.execute(text("SELECT entry_no FROM ledger_entry WHERE id = 2")).scalar_one()
    behind_the_back(
        "UPDATE ledger_posting SET amount_fen = amount_fen + 1 WHERE entry_id = 2 AND line_no = 1"
    )
    assert first_difference("balance") == number


def test_a_changed_amount_is_found_even_when_it_balances(books: Fund) -> None:
    behind_the_back("UPDATE ledger_posting SET amount_fen = amount_fen * 2 WHERE entry_id = 1")
    behind_the_back("UPDATE ledger_entry SET amount_fen = amount_fen * 2 WHERE id = 1")
    assert first_difference("content") is not None


def test_a_removed_entry_is_found(books: Fund) -> None:
    behind_the_back("DELETE FROM ledger_posting WHERE entry_id = 3")
    assert first_difference("postings") is not None


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE ledger_fund_balance SET in_fen = in_fen + 5, balance_fen = balance_fen + 5", "fund_balance"),
        ("UPDATE ledger_daily_total SET amount_fen = amount_fen + 5", "daily_total"),
        ("UPDATE ledger_period_total SET entries = entries + 1 WHERE length = 'month'", "period_total"),
        ("DELETE FROM ledger_period_total WHERE length = 'year'", "period_total"),
        (
            "UPDATE ledger_district_total SET amount_fen = amount_fen + 5 WHERE length = 'day'",
            "district_total",
        ),
        ("DELETE FROM ledger_day_places", "day_places"),
        ("UPDATE ledger_day_places SET newest = newest + 1", "day_places"),
        ("UPDATE ledger_year_total SET amount_fen = amount_fen + 5", "year_total"),
        ("INSERT INTO ledger_year_arrival VALUES (1, 2026, 5)", "year_arrival"),
        ("UPDATE ledger_head SET size = 9", "size"),
        ("UPDATE ledger_receipt_counter SET last = last + 1", "receipts"),
    ],
)
def test_sums_kept_beside_are_recomputed(books: Fund, statement: str, kind: str) -> None:
    behind_the_back(statement)
    first_difference(kind)
