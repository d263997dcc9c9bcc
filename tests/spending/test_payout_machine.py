"""Payouts at random, step by step: what waits is set aside, freed once, and never arrives beyond itself."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select, update

from portal.db import db, writing
from portal.ledger.models import Delivery, FundBalance, LedgerArrival
from portal.ledger.verification import verify
from portal.periods import now
from portal.refusals import Refusal
from portal.registry.models import Fund, Organisation
from portal.spending import expiring, reviewing, service
from portal.spending.models import WAITING, Disbursement
from portal.spending.models import DisbursementState as State
from tests import factories, gifts, people

GIVEN_FEN, THRESHOLD_FEN = 100_000, 20_000
AMOUNTS = st.integers(min_value=1, max_value=40_000)
PICK = st.integers(min_value=0, max_value=9)


class PayoutMachine(RuleBasedStateMachine):
    """A fund with a thousand yuan; what was paid and what waits is kept by plain arithmetic beside it."""

    app: Flask

    @initialize()
    def open_fund(self) -> None:
        """A fund whose organisation wants two approvals above two hundred yuan."""
        with writing() as session:
            fund = factories.fund(session)
            session.execute(
                update(Organisation)
                .where(Organisation.id == fund.organisation_id)
                .values(second_approval_fen=THRESHOLD_FEN)
            )
            gifts.asks_for_no_evidence(session, fund)
        self.fund_id = fund.id
        gifts.posted_gift(fund, GIVEN_FEN)
        self.waiting: dict[int, int] = {}
        self.paid: dict[int, int] = {}
        self.arrived: dict[int, int] = {}

    @rule(amount=AMOUNTS)
    def request(self, amount: int) -> None:
        """Money is set aside, if there is enough."""
        free = GIVEN_FEN - sum(self.paid.values()) - sum(self.waiting.values())
        if amount > free:
            self._refused(lambda: gifts.payout(self._fund(), amount))
        else:
            self.waiting[gifts.payout(self._fund(), amount).id] = amount

    @rule(pick=PICK, second=st.booleans())
    def approve(self, pick: int, second: bool) -> None:
        """Either reviewer approves, or is told that it is not theirs to."""
        payout = self._pick(pick)
        if payout is None:
            return
        state, first = payout.state, payout.approver_id
        reviewer = people.second_reviewer() if second else people.reviewer()

        def deed() -> Disbursement:
            return reviewing.approve(payout.id, reviewer, payout.version)

        if state is State.PENDING:
            large = payout.amount_fen > THRESHOLD_FEN
            assert deed().state is (State.SECOND_PENDING if large else State.APPROVED)
        elif (state is State.SECOND_PENDING and first != reviewer.id) or (
            state is State.APPROVED and reviewer.id in (first, payout.second_approver_id)
        ):
            assert deed().state is State.APPROVED
        else:
            self._refused(deed)

    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        """Only what was approved is paid; a second time is the same payment."""
        payout = self._pick(pick)
        if payout is None:
            return
        if payout.state not in (State.APPROVED, State.POSTED):
            self._refused(lambda: gifts.paid(payout))
            return
        gifts.paid(payout)
        if payout.id in self.waiting:
            self.paid[payout.id] = self.waiting.pop(payout.id)
            self.arrived[payout.id] = 0

    @rule(pick=PICK, final=st.booleans())
    def turn_down(self, pick: int, final: bool) -> None:
        """A reviewer refuses or returns what is under review, and nothing else."""
        payout = self._pick(pick)
        if payout is None:
            return
        turn_down = reviewing.refuse if final else reviewing.return_to_maker

        def deed() -> Disbursement:
            return turn_down(payout.id, people.second_reviewer(), payout.version, "名册不符")

        if payout.state in (State.PENDING, State.SECOND_PENDING):
            deed()
            del self.waiting[payout.id]
        else:
            self._refused(deed)

    @rule(pick=PICK)
    def submit_again(self, pick: int) -> None:
        """What was returned goes to review again, if there is still enough."""
        payout = self._pick(pick)
        if payout is None:
            return
        free = GIVEN_FEN - sum(self.paid.values()) - sum(self.waiting.values())
        amount = payout.amount_fen
        if payout.state is State.RETURNED and amount <= free:
            service.submit(payout.id, people.clerk(), payout.version)
            self.waiting[payout.id] = amount
        else:
            self._refused(lambda: service.submit(payout.id, people.clerk(), payout.version))

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        """Until it is paid its maker takes it back."""
        payout = self._pick(pick)
        if payout is None:
            return
        if payout.state in (*WAITING, State.RETURNED):
            service.withdraw(payout.id, people.clerk(), payout.version)
            self.waiting.pop(payout.id, None)
        else:
            self._refused(lambda: service.withdraw(payout.id, people.clerk(), payout.version))

    @rule(pick=PICK)
    def expire(self, pick: int) -> None:
        """One that has waited for two months lapses; the others stay."""
        payout = self._pick(pick)
        if payout is None:
            return
        with writing() as session:
            old = now() - timedelta(days=61)
            session.execute(update(Disbursement).where(Disbursement.id == payout.id).values(submitted_at=old))
        assert expiring.expire_overdue() == (1 if self.waiting.pop(payout.id, 0) else 0)

    @rule(pick=PICK, amount=AMOUNTS)
    def arrive(self, pick: int, amount: int) -> None:
        """A part of what was paid arrives, never more than is on its way."""
        payout = self._pick(pick)
        if payout is None:
            return
        number = payout.id
        if number in self.paid and self.arrived[number] + amount <= self.paid[number]:
            gifts.arrived(payout, amount)
            self.arrived[number] += amount
        else:
            self._refused(lambda: gifts.arrived(payout, amount))

    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        """A payment is cancelled: its money is back, and nothing of it has arrived."""
        payout = self._pick(pick)
        if payout is None or payout.id not in self.paid or payout.entry is None:
            return
        gifts.reversed_entry(payout.entry)
        del self.paid[payout.id], self.arrived[payout.id]

    @invariant()
    def sums_agree(self) -> None:
        """The fund holds and sets aside, and of each payout has arrived, what plain arithmetic says."""
        if not hasattr(self, "arrived"):
            return
        db.session.rollback()
        fund = db.session.get_one(FundBalance, self.fund_id)
        assert fund.reserved_fen == sum(self.waiting.values())
        assert fund.balance_fen == GIVEN_FEN - sum(self.paid.values())
        set_aside = select(func.coalesce(func.sum(Disbursement.reserved_fen), 0))
        assert db.session.scalar(set_aside.where(Disbursement.fund_id == self.fund_id)) == fund.reserved_fen
        for number, arrived in self.arrived.items():
            entry_id = db.session.get_one(Disbursement, number).entry_id
            assert db.session.get_one(Delivery, entry_id).arrived_fen == arrived

    def teardown(self) -> None:
        """At the end of each program everything is recomputed; nothing of what was reversed has arrived."""
        db.session.rollback()
        assert verify(db.session()).differences == []
        standing = select(func.coalesce(func.sum(LedgerArrival.amount_fen), 0)).join(
            Disbursement, Disbursement.entry_id == LedgerArrival.entry_id
        )
        if hasattr(self, "arrived"):
            found = db.session.scalar(standing.where(Disbursement.fund_id == self.fund_id))
            assert found == sum(self.arrived.values())

    def _fund(self) -> Fund:
        return db.session.get_one(Fund, self.fund_id)

    def _pick(self, pick: int) -> Disbursement | None:
        wanted = select(Disbursement).where(Disbursement.fund_id == self.fund_id).order_by(Disbursement.id)
        found = db.session.scalars(wanted).all()
        return found[pick % len(found)] if found else None

    def _refused(self, deed: Any) -> None:
        with pytest.raises(Refusal):
            deed()
        db.session.rollback()


def test_every_payout_is_freed_once_and_none_arrives_beyond_itself(app: Flask) -> None:
    checks = settings(
        max_examples=15,
        stateful_step_count=30,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    with app.app_context():
        PayoutMachine.app = app
        people.clerk(), people.reviewer(), people.second_reviewer()
        run_state_machine_as_test(PayoutMachine, settings=checks)
