"""A program of the desk at random: record, approve, return, pay, reverse, publish, restart; figures agree.

The life of a payout in all its states has a machine of its own (``tests/spending/test_payout_machine.py``).
"""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.config import Settings
from portal.db import db, writing
from portal.giving import service as giving
from portal.giving.models import Donation
from portal.ledger.figures import Filters, fund_balances, totals
from portal.ledger.models import Entry
from portal.refusals import Refusal
from portal.registry.models import Fund
from portal.reversals import service as reversals
from portal.spending import reviewing
from portal.spending.models import Disbursement, DisbursementState
from portal.staff.documents import DocumentState
from portal.translog import notes, publishing, reading, tree
from portal.translog.beginning import signer_of
from portal.translog.checkpoints import Checkpoint
from portal.watch.recomputing import recompute
from tests import factories, gifts, people

pytestmark = pytest.mark.one_engine

AMOUNTS = st.integers(min_value=1, max_value=50_000)
PICK = st.integers(min_value=0, max_value=9)


class DeskMachine(RuleBasedStateMachine):
    """The desk of one fund; ``held`` and ``received`` are kept by plain arithmetic beside it."""

    app: Flask

    @initialize()
    def open_fund(self) -> None:
        """A new fund in the same books: what earlier programs left stays, and must agree as well."""
        with writing() as session:
            self.fund_id = factories.fund(session).id
        self.held = self.received = self.reserved = 0
        self.heads: list[Checkpoint] = []

    @rule(amount=AMOUNTS)
    def log_gift(self, amount: int) -> None:
        """A gift waits for review."""
        gifts.gift(self._fund(), amount)

    @rule(pick=PICK)
    def approve_gift(self, pick: int) -> None:
        """A gift is approved; a second approval of the same version changes nothing."""
        gift = self._one(Donation, DocumentState.PENDING, pick)
        if gift is None:
            return
        number, version, amount = gift.id, gift.version, gift.amount_fen
        giving.approve(number, people.reviewer(), version)
        self.held, self.received = self.held + amount, self.received + amount
        self._refused(lambda: giving.approve(number, people.reviewer(), version))

    @rule(pick=PICK)
    def return_and_withdraw_gift(self, pick: int) -> None:
        """A gift is sent back and given up; it counts nowhere."""
        gift = self._one(Donation, DocumentState.PENDING, pick)
        if gift is not None:
            giving.return_to_maker(gift.id, people.reviewer(), gift.version, "金额不清楚")
            giving.withdraw(gift.id, people.clerk(), gift.version)

    @rule(amount=AMOUNTS)
    def ask_for_payout(self, amount: int) -> None:
        """Money is set aside for a payout, if there is enough."""
        if amount > self.held - self.reserved:
            self._refused(lambda: gifts.payout(self._fund(), amount))
        else:
            gifts.payout(self._fund(), amount)
            self.reserved += amount

    @rule(pick=PICK, approved=st.booleans())
    def decide_payout(self, pick: int, approved: bool) -> None:
        """A payout is approved and paid, or sent back; its reserve is freed exactly once."""
        payout = self._one(Disbursement, DisbursementState.PENDING, pick)
        if payout is None:
            return
        amount = payout.amount_fen
        if approved:
            gifts.paid(reviewing.approve(payout.id, people.reviewer(), payout.version))
            self.held -= amount
        else:
            reviewing.return_to_maker(payout.id, people.reviewer(), payout.version, "缺少凭证")
        self.reserved -= amount

    @rule(pick=PICK)
    def reverse_gift(self, pick: int) -> None:
        """A gift is reversed, unless its money is spent or set aside."""
        gift = self._one(Donation, DocumentState.POSTED, pick)
        if gift is None:
            return
        number, amount = gift.entry.entry_no, gift.amount_fen
        done = db.session.scalar(select(Entry.id).where(Entry.reverses_id == gift.entry_id))
        if done is not None:
            self._refused(lambda: gifts.reversed_entry(gift.entry))
            return
        wanted = reversals.request(number, "录错", people.clerk(), f"undo {number} {pick} {self.held}")
        if amount > self.held - self.reserved:
            self._refused(lambda: reversals.approve(wanted.id, people.reviewer(), wanted.version))
            reversals.withdraw(wanted.id, people.clerk(), wanted.version)
        else:
            reversals.approve(wanted.id, people.reviewer(), wanted.version)
            self.held, self.received = self.held - amount, self.received - amount

    @rule()
    def publish(self) -> None:
        """A head is signed; it continues every head before it."""
        settings: Settings = self.app.config["PORTAL_SETTINGS"]
        signed = publishing.publish(signer_of(settings))
        assert signed is not None
        head = Checkpoint.parse(notes.parse(signed.note))
        subtrees = reading.subtrees(db.session())
        for old in self.heads:
            proof = tree.consistency_proof(old.size, head.size, subtrees)
            tree.verify_consistency(old.size, head.size, old.root, head.root, proof)
        self.heads.append(head)

    @rule()
    def restart(self) -> None:
        """The process ends and begins anew."""
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()

    @invariant()
    def figures_agree(self) -> None:
        """Balance and sums are what plain arithmetic says."""
        if not hasattr(self, "fund_id"):
            return
        db.session.rollback()
        assert fund_balances(db.session(), [self.fund_id])[self.fund_id] == self.held
        sums = totals(db.session(), Filters(fund_id=self.fund_id))
        assert (sums.received_fen, sums.balance_fen) == (self.received, self.held)

    def teardown(self) -> None:
        """At the end of each program everything is recomputed."""
        db.session.rollback()
        settings: Settings = self.app.config["PORTAL_SETTINGS"]
        report = recompute(db.session(), signer_of(settings))
        assert report.ok, report.differences

    def _fund(self) -> Fund:
        return db.session.get_one(Fund, self.fund_id)

    def _one(self, model: type[Any], state: DocumentState | DisbursementState, pick: int) -> Any:
        wanted = select(model).where(model.fund_id == self.fund_id, model.state == state).order_by(model.id)
        found = db.session.scalars(wanted).all()
        return found[pick % len(found)] if found else None

    def _refused(self, deed: Any) -> None:
        with pytest.raises(Refusal):
            deed()
        db.session.rollback()


def test_the_desk_agrees_with_plain_arithmetic(app: Flask) -> None:
    checks = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    with app.app_context():
        DeskMachine.app = app
        people.clerk(), people.reviewer()
        run_state_machine_as_test(DeskMachine, settings=checks)
