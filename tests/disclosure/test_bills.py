"""Monthly bills: they add up, join on to each other, and stay as they were published."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bills
from portal.periods import Month, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import Fund
from portal.staff.models import Role
from tests import factories, gifts, people

THIS = Month.of(today())
LAST = THIS.plus(-1)
BEFORE = THIS.plus(-2)


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a gift and a payout in each of two past months."""
    with writing() as writer:
        made = factories.fund(writer)
    for month in (BEFORE, LAST):
        gifts.posted_gift(made, 100_000, month.first)
        gifts.posted_payout(made, 30_000, month.last)
    return made


def figures(fund: Fund, month: Month) -> tuple[int, int, int, int]:
    db.session.rollback()
    bill = bills.bill_figures(db.session(), f"{month}-{fund.code}")
    return bill.opening_fen, bill.income_fen, bill.outgo_fen, bill.closing_fen


def test_what_closes_one_month_opens_the_next(fund: Fund) -> None:
    assert figures(fund, BEFORE) == (0, 100_000, 30_000, 70_000)
    assert figures(fund, LAST) == (70_000, 100_000, 30_000, 140_000)
    assert figures(fund, THIS) == (140_000, 0, 0, 140_000)


def test_a_published_bill_never_moves_again(fund: Fund) -> None:
    bills.publish(fund.code, LAST, "", people.clerk())
    gifts.posted_gift(fund, 5_000, LAST.last, late_reason="补交凭证")
    assert figures(fund, LAST) == (70_000, 100_000, 30_000, 140_000)
    assert figures(fund, THIS) == (140_000, 5_000, 0, 145_000)


def test_a_gift_of_a_published_month_is_reversed_in_the_running_one(fund: Fund) -> None:
    entry = gifts.posted_gift(fund, 5_000, LAST.last).entry
    bills.publish(fund.code, LAST, "", people.clerk())
    assert entry is not None
    gifts.reversed_entry(entry)
    assert figures(fund, LAST) == (70_000, 105_000, 30_000, 145_000)
    assert figures(fund, THIS) == (145_000, -5_000, 0, 140_000)


def test_a_running_month_is_not_published(fund: Fund) -> None:
    with pytest.raises(Conflict):
        bills.publish(fund.code, THIS, "", people.clerk())


def test_a_bill_is_published_once(fund: Fund) -> None:
    bills.publish(fund.code, LAST, "", people.clerk())
    with pytest.raises(Conflict):
        bills.publish(fund.code, LAST, "", people.clerk())
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(text("UPDATE bill SET income_fen = 1"))


def test_an_organisations_bill_sums_its_funds(fund: Fund) -> None:
    with writing() as writer:
        second = factories.fund(writer, organisation_id=fund.organisation_id)
    gifts.posted_gift(second, 1, LAST.first)
    bill = bills.bill_figures(db.session(), f"{LAST}-{fund.organisation.uscc}")
    assert (bill.income_fen, bill.outgo_fen, bill.entry_count) == (100_001, 30_000, 3)
    assert sum(bill.income_by_channel.values()) == bill.income_fen
    assert sum(bill.outgo_by_cost.values()) == bill.outgo_fen
    assert sum(row.amount_fen for row in bill.rows if row.direction == "in") == bill.income_fen


def test_nobody_publishes_for_another_organisation(fund: Fund) -> None:
    with writing() as writer:
        elsewhere = factories.organisation(writer)
    stranger = people.member("clerk.elsewhere", Role.FEDERATION_CLERK, elsewhere.id)
    with pytest.raises(NotFound):
        bills.publish(fund.code, LAST, "", stranger)


@pytest.mark.parametrize(
    "number", ["2026-13-HZ0001", "2999-01-HZ0001", "2026-01", "x", "2026-01-NOSUCH", "2026-01_HZ"]
)
def test_what_is_no_bill_is_not_found(session: Session, number: str) -> None:
    with pytest.raises(NotFound):
        bills.bill_figures(session, number)


def test_a_note_has_an_end(fund: Fund) -> None:
    with pytest.raises(Invalid):
        bills.publish(fund.code, LAST, "长" * 2001, people.clerk())


def test_a_late_gift_of_two_months_ago_stands_in_the_running_bill(fund: Fund) -> None:
    for month in (BEFORE, LAST):
        bills.publish(fund.code, month, "", people.clerk())
    gifts.posted_gift(fund, 700, BEFORE.last - timedelta(days=1), late_reason="漏记")
    assert figures(fund, THIS) == (140_000, 700, 0, 140_700)
