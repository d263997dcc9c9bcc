"""A program of payouts and budgets at random: every line has what plain arithmetic over the payouts says it has."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from portal.db import db, writing
from portal.ledger.models import Entry
from portal.projects import budgets, papers
from portal.projects.budgeting import LineDetails
from portal.projects.models import BudgetLine
from portal.refusals import Refusal
from portal.registry.models import Fund, Project
from portal.spending import reviewing, service
from portal.spending.models import WAITING, Disbursement, DisbursementState
from tests import budgets as making
from tests import factories, gifts, people

pytestmark = pytest.mark.one_engine

AMOUNTS = st.integers(min_value=1, max_value=40_000)
LINES = st.integers(min_value=1, max_value=2)
PICK = st.integers(min_value=0, max_value=9)


class BudgetMachine(RuleBasedStateMachine):
    """One project of two lines, and a fund that never runs dry."""

    app: Flask

    @initialize()
    def begin(self) -> None:
        """A new project in the same books."""
        with writing() as session:
            fund = factories.fund(session)
            self.fund_id = fund.id
            self.project_id = factories.project(session, organisation_id=fund.organisation_id).id
        gifts.posted_gift(self._fund(), 10_000_000)
        making.budget(self._project(), 助学金=60_000, 走访=30_000)

    @rule(amount=AMOUNTS, line_no=LINES)
    def ask(self, amount: int, line_no: int) -> None:
        """A payout is asked for; it is set aside exactly when its line has enough left."""
        line = self._line(line_no)
        left = line.amount_fen - line.committed_fen - line.spent_fen
        code = self._project().code
        try:
            gifts.payout(self._fund(), amount, project=code, budget_line=f"{code}/{line_no}")
        except Refusal:
            assert amount > left
        else:
            assert amount <= left

    @rule(pick=PICK)
    def pay(self, pick: int) -> None:
        """A waiting payout is approved and paid."""
        waiting = self._one(DisbursementState.PENDING, pick)
        if waiting is not None:
            gifts.paid(reviewing.approve(waiting.id, people.reviewer(), waiting.version))

    @rule(pick=PICK, refused=st.booleans())
    def give_up(self, pick: int, refused: bool) -> None:
        """A waiting payout is refused or taken back."""
        waiting = self._one(DisbursementState.PENDING, pick)
        if waiting is None:
            return
        if refused:
            reviewing.refuse(waiting.id, people.reviewer(), waiting.version, "不合用途")
        else:
            service.withdraw(waiting.id, people.clerk(), waiting.version)

    @rule(pick=PICK)
    def reverse(self, pick: int) -> None:
        """A paid one is reversed."""
        paid = self._one(DisbursementState.POSTED, pick)
        if paid is not None and paid.entry is not None and not self._reversed(paid.entry):
            gifts.reversed_entry(paid.entry)

    @rule(amount=st.integers(min_value=1, max_value=90_000), line_no=LINES)
    def change_budget(self, amount: int, line_no: int) -> None:
        """A line gets another amount, but never less than is spent and asked for."""
        line = self._line(line_no)
        used = line.committed_fen + line.spent_fen
        try:
            change = making.change(self._project(), LineDetails(line.name, amount, line_no))
        except Refusal:
            assert amount < used or amount == line.amount_fen
            return
        papers.approve("budget", change.id, people.reviewer(), change.version)
        assert amount >= used and self._line(line_no).amount_fen == amount

    @invariant()
    def lines_agree(self) -> None:
        """What is kept is what waits and what was paid less what was reversed, and never more than the amount."""
        db.session.rollback()
        payouts = db.session.scalars(
            select(Disbursement).where(Disbursement.project_id == self.project_id)
        ).all()
        for line in budgets.lines_of(db.session(), self.project_id):
            own = [one for one in payouts if one.budget_line_id == line.id]
            paid = [one for one in own if one.entry is not None and not self._reversed(one.entry)]
            assert line.committed_fen == sum(one.amount_fen for one in own if one.state in WAITING)
            assert line.spent_fen == sum(one.amount_fen for one in paid)
            assert line.committed_fen + line.spent_fen <= line.amount_fen
        account = budgets.account_of(db.session(), self.project_id)
        assert account.waiting == sum(one.state in WAITING for one in payouts)

    def _fund(self) -> Fund:
        return db.session.get_one(Fund, self.fund_id)

    def _project(self) -> Project:
        return db.session.get_one(Project, self.project_id)

    def _line(self, line_no: int) -> BudgetLine:
        db.session.rollback()
        query = select(BudgetLine).where(
            BudgetLine.project_id == self.project_id, BudgetLine.line_no == line_no
        )
        return db.session.scalars(query.execution_options(populate_existing=True)).one()

    def _one(self, state: DisbursementState, pick: int) -> Any:
        db.session.rollback()
        query = select(Disbursement).where(
            Disbursement.project_id == self.project_id, Disbursement.state == state
        )
        found = db.session.scalars(query.order_by(Disbursement.id)).all()
        return found[pick % len(found)] if found else None

    def _reversed(self, entry: Entry) -> bool:
        return db.session.scalar(select(Entry.id).where(Entry.reverses_id == entry.id)) is not None


def test_budgets_agree_with_plain_arithmetic(app: Flask, app_context: None) -> None:
    BudgetMachine.app = app
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        BudgetMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
