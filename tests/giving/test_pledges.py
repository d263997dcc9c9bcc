"""A pledge is no income; what came in of it, what is due and what is open follow from the gifts in the ledger."""

import uuid
from datetime import date

import pytest
from sqlalchemy.orm import Session

from portal.db import writing
from portal.giving import pledges
from portal.giving.pledge_models import PledgeRhythm
from portal.giving.pledges import PledgeDetails
from portal.ledger.figures import Filters, totals
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.people import LogIn


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def test_a_pledge_is_nobodys_income(session: Session, fund: Fund) -> None:
    gifts.pledge(fund)
    assert totals(session, Filters(fund_id=fund.id)).received_fen == 0


def test_steps_are_a_month_apart_and_lose_no_fen(fund: Fund) -> None:
    pledge = gifts.pledge(fund, 100_00, starts_on=date(2026, 1, 31), instalments=3)
    assert [(one.due_on.isoformat(), one.amount_fen) for one in pledge.instalments] == [
        ("2026-01-31", 3_333),
        ("2026-02-28", 3_333),
        ("2026-03-31", 3_334),
    ]


def test_only_gifts_in_the_ledger_count_and_a_reversed_one_no_more(session: Session, fund: Fund) -> None:
    pledge = gifts.pledge(fund, 120_000, starts_on=date(2026, 1, 1), instalments=12)
    gifts.gift(fund, 10_000, pledge=pledge.pledge_no)
    first = gifts.posted_gift(fund, 15_000, pledge=pledge.pledge_no)
    stands = pledges.standing(session, pledge, date(2026, 3, 15))
    assert (stands.received_fen, stands.due_fen, stands.overdue_fen) == (15_000, 30_000, 15_000)
    assert (stands.open_fen, stands.next_fen) == (105_000, 5_000)
    assert first.entry is not None
    gifts.reversed_entry(first.entry)
    session.rollback()
    assert pledges.standing(session, pledge, date(2026, 3, 15)).received_fen == 0


def test_a_standing_gift_is_due_each_month_until_it_ends(session: Session, fund: Fund) -> None:
    pledge = gifts.pledge(
        fund, 5_000, starts_on=date(2026, 1, 31), rhythm=PledgeRhythm.MONTHLY, instalments=1
    )
    assert pledges.standing(session, pledge, date(2026, 2, 28)).due_fen == 10_000
    assert pledges.standing(session, pledge, date(2026, 3, 30)).due_fen == 10_000
    assert pledges.standing(session, pledge, date(2026, 3, 31)).open_fen is None


def test_a_cancelled_pledge_takes_no_more_gifts(fund: Fund) -> None:
    pledge = gifts.pledge(fund)
    pledges.cancel(pledge.pledge_no, people.clerk())
    with pytest.raises(Conflict):
        pledges.cancel(pledge.pledge_no, people.clerk())
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, pledge=pledge.pledge_no)
    assert "pledge" in refusal.value.errors


def test_a_second_click_notes_it_once(fund: Fund) -> None:
    key = uuid.uuid4().hex
    details = PledgeDetails(fund.code, "珠江实业", 1_000, date(2026, 1, 1))
    first = pledges.record(details, people.clerk(), key)
    assert pledges.record(details, people.clerk(), key).id == first.id


@pytest.mark.one_engine
def test_the_gift_that_fulfils_a_step_opens_filled_in(fund: Fund, log_in: LogIn) -> None:
    pledge = gifts.pledge(fund, 120_000, instalments=12)
    counter = log_in(people.clerk())
    page = counter.get(f"/desk/pledges/{pledge.pledge_no}").text
    assert f"/desk/donations/new?pledge={pledge.pledge_no}" in page
    form = counter.get(f"/desk/donations/new?pledge={pledge.pledge_no}").text
    assert 'value="珠江实业"' in form and 'value="100.00"' in form and pledge.pledge_no in form
    assert counter.get("/desk/pledges").status_code == 200
