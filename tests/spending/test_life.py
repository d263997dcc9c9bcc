"""The life of a payout: one or two approvals, payment, arrival; each step by whoever may take it, and once."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger.models import Channel, LedgerArrival
from portal.periods import today
from portal.refusals import Conflict, Forbidden, Invalid
from portal.registry.models import Fund, Organisation
from portal.registry.services.organisations import ORGANISATIONS
from portal.spending import arriving, expiring, paying, reviewing
from portal.spending.arriving import ArrivalDetails
from portal.spending.details import PaymentDetails
from portal.spending.models import Disbursement, DisbursementKind
from portal.spending.models import DisbursementState as State
from tests import factories, gifts, people
from tests.evidence import pieces


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a thousand yuan, of an organisation that wants two reviewers above five hundred."""
    with writing() as writer:
        made = factories.fund(writer)
        writer.execute(
            update(Organisation)
            .where(Organisation.id == made.organisation_id)
            .values(second_approval_fen=50_000)
        )
        gifts.asks_for_no_evidence(writer, made)
    gifts.posted_gift(made, 100_000)
    return made


def approve(payout: Disbursement) -> Disbursement:
    return reviewing.approve(payout.id, people.reviewer(), payout.version)


def test_up_to_the_threshold_one_reviewer_is_enough(fund: Fund) -> None:
    assert approve(gifts.payout(fund, 50_000)).state is State.APPROVED


def test_above_the_threshold_another_reviewer_approves_as_well(fund: Fund) -> None:
    once = approve(gifts.payout(fund, 50_001))
    assert once.state is State.SECOND_PENDING
    with pytest.raises(Forbidden):
        approve(once)
    twice = reviewing.approve(once.id, people.second_reviewer(), once.version)
    assert (twice.state, twice.approver_id) == (State.APPROVED, people.reviewer().id)


def test_what_lacks_its_second_approval_is_not_paid(fund: Fund) -> None:
    once = approve(gifts.payout(fund, 60_000))
    with pytest.raises(Conflict):
        gifts.paid(once)


def test_a_mended_payout_needs_both_approvals_anew(fund: Fund) -> None:
    once = approve(gifts.payout(fund, 60_000))
    returned = reviewing.return_to_maker(once.id, people.second_reviewer(), once.version, "缺少名册")
    mended = gifts.mended(returned, gifts.payout_details(fund, 70_000))
    assert mended.approver_id is None
    assert approve(mended).state is State.SECOND_PENDING


def test_approving_twice_answers_as_before(fund: Fund) -> None:
    first = approve(gifts.payout(fund))
    assert approve(first).state is State.APPROVED


def test_what_nobody_approved_is_not_paid(fund: Fund) -> None:
    with pytest.raises(Conflict):
        gifts.paid(gifts.payout(fund))


def test_paying_twice_in_the_same_words_pays_once(fund: Fund) -> None:
    first = gifts.posted_payout(fund)
    assert gifts.paid(first).entry_id == first.entry_id
    with pytest.raises(Conflict):
        gifts.paid(first, payment_ref="another")


@pytest.mark.parametrize("channel", [Channel.BANK, Channel.WECHAT, Channel.ALIPAY])
def test_a_bank_or_platform_leaves_a_reference(fund: Fund, channel: Channel) -> None:
    approved = gifts.approved_payout(fund)
    with pytest.raises(Invalid) as refusal:
        paying.pay(approved.id, PaymentDetails(today(), channel), people.clerk(), approved.version)
    assert set(refusal.value.errors) == {"payment_ref"}


def test_cash_needs_no_reference(fund: Fund) -> None:
    approved = gifts.approved_payout(fund)
    payment = PaymentDetails(today(), Channel.CASH)
    assert paying.pay(approved.id, payment, people.clerk(), approved.version).state is State.POSTED


def test_nothing_is_paid_on_a_day_to_come(fund: Fund) -> None:
    approved = gifts.approved_payout(fund)
    with pytest.raises(Invalid) as refusal:
        gifts.paid(approved, today() + timedelta(days=1))
    assert set(refusal.value.errors) == {"paid_on"}


@pytest.mark.parametrize(
    ("kind", "given", "wrong"),
    [
        (DisbursementKind.AID, {"beneficiary_count": None}, "beneficiary_count"),
        (DisbursementKind.GRANT, {"recipient": " "}, "recipient"),
        (DisbursementKind.GRANT, {"recipient_uscc": "91440101MA59UQ0000"}, "recipient_uscc"),
        (DisbursementKind.PURCHASE, {"recipient": ""}, "recipient"),
        (DisbursementKind.MANAGEMENT, {"beneficiary_count": 3}, "beneficiary_count"),
        (DisbursementKind.FUNDRAISING, {"project": "PJ001"}, "project"),
        (DisbursementKind.AID, {"recipient_uscc": "91440101MA59UQ0000"}, "recipient_uscc"),
    ],
)
def test_each_kind_has_its_own_rules(
    fund: Fund, kind: DisbursementKind, given: dict[str, object], wrong: str
) -> None:
    details = {"kind": kind, "recipient": "晓港小学", **given}
    if kind is DisbursementKind.AID and wrong == "beneficiary_count":
        details["beneficiary_count"] = None
    with pytest.raises(Invalid) as refusal:
        gifts.payout(fund, **details)
    assert wrong in refusal.value.errors


def test_a_payout_is_on_its_way_until_all_of_it_arrived(fund: Fund) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    assert delivery(paid) == (0, None, True)
    gifts.arrived(paid, 4_000, 5)
    assert delivery(paid) == (4_000, 5, True)
    gifts.arrived(paid, 6_000, 7)
    assert delivery(paid) == (10_000, 12, False)


def test_no_more_arrives_than_was_paid(fund: Fund) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    gifts.arrived(paid, 6_000)
    with pytest.raises(Invalid) as refusal:
        gifts.arrived(paid, 4_001)
    assert "40.00" in str(refusal.value.errors["amount"])
    assert delivery(paid)[0] == 6_000


def test_nothing_arrives_before_it_is_paid(fund: Fund) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    details = ArrivalDetails(today() - timedelta(days=1), 10_000)
    with pytest.raises(Invalid) as refusal:
        arriving.report_arrival(paid.id, details, people.clerk(), uuid.uuid4().hex)
    assert set(refusal.value.errors) == {"arrived_on"}
    with pytest.raises(Conflict):
        gifts.arrived(gifts.approved_payout(fund), 1_000)


@pytest.mark.parametrize(("amount_fen", "lacks"), [(5_000, True), (4_999, False)])
def test_from_an_amount_on_evidence_comes_before_arrival(fund: Fund, amount_fen: int, lacks: bool) -> None:
    with writing() as session:
        session.execute(
            update(Organisation)
            .where(Organisation.id == fund.organisation_id)
            .values(evidence_required_fen=5_000)
        )
    paid = gifts.posted_payout(fund, amount_fen)
    if lacks:
        with pytest.raises(Invalid) as refusal:
            gifts.arrived(paid, amount_fen)
        assert set(refusal.value.errors) == {"evidence"}
        pieces.kept(paid)
    gifts.arrived(paid, amount_fen)
    assert delivery(paid) == (amount_fen, None, False)


def test_an_arrival_reported_by_mistake_is_taken_back_once(fund: Fund) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    wrong = gifts.arrived(paid, 10_000, 12)
    gifts.taken_back(paid, wrong)
    assert delivery(paid) == (0, None, True)
    with pytest.raises(Conflict):
        gifts.taken_back(paid, wrong)
    gifts.arrived(paid, 10_000, 3)
    assert delivery(paid) == (10_000, 3, False)


def test_the_same_report_twice_is_one_arrival(fund: Fund) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    details = ArrivalDetails(today(), 4_000, 5)
    first = arriving.report_arrival(paid.id, details, people.clerk(), "key-1")
    assert arriving.report_arrival(paid.id, details, people.clerk(), "key-1").id == first.id
    assert delivery(paid)[0] == 4_000
    with pytest.raises(Conflict):
        arriving.report_arrival(paid.id, ArrivalDetails(today(), 1), people.clerk(), "key-1")


def test_nothing_has_arrived_of_a_reversed_payout(fund: Fund) -> None:
    paid = gifts.posted_payout(fund, 10_000)
    gifts.arrived(paid, 4_000)
    assert paid.entry is not None
    gifts.reversed_entry(paid.entry)
    db.session.rollback()
    rows = db.session.scalars(select(LedgerArrival.amount_fen).where(LedgerArrival.entry_id == paid.entry_id))
    assert sorted(rows) == [-4_000, 4_000]
    with pytest.raises(Conflict):
        gifts.arrived(paid, 1_000)


@pytest.mark.parametrize("kind", [DisbursementKind.MANAGEMENT, DisbursementKind.FUNDRAISING])
def test_own_costs_have_nobody_to_reach(fund: Fund, kind: DisbursementKind) -> None:
    paid = gifts.posted_payout(fund, 1_000, kind=kind)
    with pytest.raises(Conflict):
        gifts.arrived(paid, 1_000)


@pytest.mark.parametrize("step", [gifts.payout, gifts.approved_payout])
def test_what_waits_too_long_lapses_and_frees_its_money_once(
    fund: Fund, step: Callable[[Fund, int], Disbursement]
) -> None:
    waiting, fresh = step(fund, 30_000), step(fund, 20_000)
    gifts.wait_too_long(waiting)
    assert (expiring.expire_overdue(), expiring.expire_overdue()) == (1, 0)
    db.session.rollback()
    states = [db.session.get_one(Disbursement, one.id).state for one in (waiting, fresh)]
    assert states == [State.EXPIRED, fresh.state]
    gifts.payout(fund, 80_000)


def delivery(paid: Disbursement) -> tuple[int, int | None, bool]:
    """What arrived of a payout, how many people it speaks of, and whether something is still on its way."""
    db.session.rollback()
    found = db.session.get_one(Disbursement, paid.id).delivery
    assert found is not None
    return found.arrived_fen, found.people, found.on_its_way


def test_a_threshold_is_not_lifted_for_one_payout(fund: Fund) -> None:
    waiting = gifts.payout(fund, 60_000)
    owner = db.session.get_one(Organisation, fund.organisation_id)
    details = replace(ORGANISATIONS.details(owner), second_approval_fen=None)
    ORGANISATIONS.edit(people.clerk(), owner.uscc, details, "放宽限额")
    db.session.rollback()
    once = reviewing.approve(waiting.id, people.reviewer(), waiting.version)
    assert once.state is State.SECOND_PENDING
