"""Payouts: money is set aside while a payout waits, and a fund never promises what it has not."""

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.balances import available_fen
from portal.ledger.figures import fund_balances
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from portal.spending import service
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from tests import factories, gifts, people
from tests.people import LogIn


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a thousand yuan."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 100_000)
    return made


def available(fund: Fund) -> int:
    db.session.rollback()
    return available_fen(db.session(), fund.id)


def test_a_waiting_payout_is_set_aside_and_posting_it_pays(fund: Fund) -> None:
    waiting = gifts.payout(fund, 60_000)
    assert available(fund) == 40_000
    paid = service.approve(waiting.id, people.reviewer(), waiting.version)
    assert paid.state is DocumentState.POSTED and available(fund) == 40_000
    assert fund_balances(db.session(), [fund.id])[fund.id] == 40_000


def test_two_payouts_cannot_promise_the_same_money(fund: Fund) -> None:
    gifts.payout(fund, 60_000)
    with pytest.raises(Invalid) as refusal:
        gifts.payout(fund, 50_000)
    assert "400.00" in str(refusal.value.errors["amount"])


def test_what_is_returned_or_withdrawn_is_free_again(fund: Fund) -> None:
    first, second = gifts.payout(fund, 30_000), gifts.payout(fund, 40_000)
    service.return_to_maker(first.id, people.reviewer(), first.version, "缺少名册")
    service.withdraw(second.id, people.clerk(), second.version)
    assert available(fund) == 100_000


def test_a_mended_payout_sets_the_new_amount_aside(fund: Fund) -> None:
    waiting = gifts.payout(fund, 30_000)
    returned = service.return_to_maker(waiting.id, people.reviewer(), waiting.version, "金额不符")
    details = service.DisbursementDetails(
        fund=fund.code,
        amount_fen=45_000,
        paid_on=returned.paid_on,
        recipient="困难家庭学生",
        purpose="发放助学金",
    )
    mended = service.mend(returned.id, details, people.clerk(), returned.version)
    assert (mended.version, mended.state) == (2, DocumentState.PENDING)
    assert available(fund) == 55_000


def test_a_reversed_payout_brings_the_money_back(fund: Fund) -> None:
    entry = gifts.posted_payout(fund, 60_000).entry
    assert entry is not None
    gifts.reversed_entry(entry, "重复支付")
    assert available(fund) == 100_000


def test_a_gift_already_promised_is_not_reversed(fund: Fund) -> None:
    gifts.payout(fund, 60_000)
    entry = gifts.posted_gift(fund, 1_000).entry
    assert entry is not None
    gifts.reversed_entry(entry)
    big = gifts.posted_gift(fund, 10_000).entry
    gifts.payout(fund, 45_000)
    assert big is not None
    with pytest.raises(Invalid):
        gifts.reversed_entry(big)


def test_a_second_request_for_the_same_reversal_is_refused(fund: Fund) -> None:
    entry = gifts.posted_payout(fund, 1_000).entry
    assert entry is not None
    gifts.reversed_entry(entry)
    with pytest.raises(Conflict):
        gifts.reversed_entry(entry)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "2,000.00"),
        ("amount", "1e3"),
        ("recipient", ""),
        ("purpose", ""),
        ("beneficiary_count", "-3"),
        ("beneficiary_count", "三十"),
        ("paid_on", "2999-01-01"),
        ("fund", "NOSUCH"),
    ],
)
def test_a_wrong_field_is_named(
    fund: Fund, clerk: StaffMember, log_in: LogIn, field: str, value: str
) -> None:
    typed = {
        "amount": "10",
        "fund": fund.code,
        "purpose": "发放助学金",
        "recipient": "困难家庭学生",
        "beneficiary_count": "12",
        "paid_on": "2026-01-05",
        "channel": "bank",
        "cost_kind": "programme",
    }
    answer = log_in(clerk).post("/desk/disbursements/new", data={**typed, field: value})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert available(fund) == 100_000
    assert log_in(clerk).post("/desk/disbursements/new", data=typed).status_code == 302
