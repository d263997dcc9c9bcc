"""Verification recomputes what stands against projects and the lines of their budgets."""

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.registry.models import Fund, Project
from portal.spending.checking import doubtful_budgets
from portal.spending.models import Disbursement
from tests import budgets as making
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
    """A project with a budget of which one payout is paid, one reversed, and one waits."""
    with writing() as writer:
        project = factories.project(writer, organisation_id=fund.organisation_id)
    making.budget(project, 助学金=50_000)
    _ask(fund, project, 3_000)
    reversed_one = _pay(fund, project, 7_000)
    assert reversed_one.entry is not None
    gifts.reversed_entry(reversed_one.entry)
    return _pay(fund, project, 10_000)


def _ask(fund: Fund, project: Project, amount_fen: int) -> Disbursement:
    return gifts.payout(fund, amount_fen, project=project.code, budget_line=f"{project.code}/1")


def _pay(fund: Fund, project: Project, amount_fen: int) -> Disbursement:
    return gifts.posted_payout(fund, amount_fen, project=project.code, budget_line=f"{project.code}/1")


def test_budgets_that_were_kept_by_the_rules_are_in_order(paid: Disbursement) -> None:
    db.session.rollback()
    assert list(doubtful_budgets(db.session())) == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("UPDATE project_budget_line SET spent_fen = spent_fen + 1", "budget_line"),
        ("UPDATE project_budget_line SET committed_fen = 0", "budget_line"),
        ("UPDATE project_account SET helped = helped + 100", "project_account"),
        ("UPDATE project_account SET waiting = 0", "project_account"),
        (
            "UPDATE project_spending SET amount_fen = 1, line_id = NULL WHERE amount_fen = 10000",
            "project_spending",
        ),
    ],
)
def test_a_changed_budget_is_found(paid: Disbursement, change: str, kind: str) -> None:
    behind_the_back(change)
    db.session.rollback()
    assert kind in {found for found, *_rest in doubtful_budgets(db.session())}
