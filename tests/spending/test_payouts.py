"""Payouts: money is set aside while a payout waits, and a fund never promises what it has not."""

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.balances import available_fen
from portal.ledger.figures import fund_balances
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund
from portal.spending import reviewing, service
from portal.spending.models import DisbursementState
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


def held(fund: Fund) -> int:
    return fund_balances(db.session(), [fund.id])[fund.id]


def test_a_payout_is_set_aside_until_it_is_paid(fund: Fund) -> None:
    approved = gifts.approved_payout(fund, 60_000)
    assert approved.state is DisbursementState.APPROVED and approved.entry_id is None
    assert available(fund) == 40_000 and held(fund) == 100_000
    paid = gifts.paid(approved)
    assert paid.state is DisbursementState.POSTED and paid.entry_id is not None
    assert available(fund) == held(fund) == 40_000


def test_two_payouts_cannot_promise_the_same_money(fund: Fund) -> None:
    gifts.payout(fund, 60_000)
    with pytest.raises(Invalid) as refusal:
        gifts.payout(fund, 50_000)
    assert "400.00" in str(refusal.value.errors["amount"])


def test_what_is_returned_refused_or_withdrawn_is_free_again(fund: Fund) -> None:
    first, second, third = (gifts.payout(fund, 20_000) for _ in range(3))
    approved = gifts.approved_payout(fund, 40_000)
    assert available(fund) == 0
    reviewing.return_to_maker(first.id, people.reviewer(), first.version, "缺少名册")
    reviewing.refuse(second.id, people.reviewer(), second.version, "与上月重复")
    service.withdraw(third.id, people.clerk(), third.version)
    service.withdraw(approved.id, people.clerk(), approved.version)
    assert available(fund) == 100_000


def test_a_refusal_is_final(fund: Fund) -> None:
    refused = gifts.payout(fund)
    refused = reviewing.refuse(refused.id, people.reviewer(), refused.version, "与上月重复")
    with pytest.raises(Conflict):
        service.submit(refused.id, people.clerk(), refused.version)
    with pytest.raises(Conflict):
        reviewing.approve(refused.id, people.reviewer(), refused.version)


def test_a_mended_payout_sets_the_new_amount_aside(fund: Fund) -> None:
    waiting = gifts.payout(fund, 30_000)
    returned = reviewing.return_to_maker(waiting.id, people.reviewer(), waiting.version, "金额不符")
    details = gifts.payout_details(fund, 45_000)
    mended = service.mend(returned.id, details, people.clerk(), returned.version)
    assert (mended.version, mended.state) == (2, DisbursementState.PENDING)
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
        ("beneficiary_count", ""),
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
        "purpose_kind": "poverty",
    }
    answer = log_in(clerk).post("/desk/disbursements/new?kind=aid", data={**typed, field: value})
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert available(fund) == 100_000
    assert log_in(clerk).post("/desk/disbursements/new?kind=aid", data=typed).status_code == 302
