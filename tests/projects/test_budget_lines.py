"""A payout of a project names a line of its budget; no line is ever overdrawn, and what is not paid is free again."""

from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.projects import budgets
from portal.projects.models import BudgetLine
from portal.refusals import Invalid
from portal.registry.models import Fund, Project
from portal.spending import reviewing, service
from tests import budgets as making
from tests import factories, gifts, people


@dataclass
class World:
    """A fund with a thousand yuan, and a project that may spend six hundred of it in two lines."""

    fund: Fund
    project: Project
    line: BudgetLine

    @property
    def named(self) -> dict[str, str]:
        return {"project": self.project.code, "budget_line": f"{self.project.code}/1"}


@pytest.fixture
def world(session: Session) -> World:
    with writing() as writer:
        fund = factories.fund(writer)
        project = factories.project(writer, organisation_id=fund.organisation_id)
    gifts.posted_gift(fund, 100_000)
    first, _second = making.budget(project, 助学金=50_000, 走访=10_000)
    return World(fund, project, first)


def figures(world: World) -> tuple[int, int]:
    now = making.line(world.line.id)
    return now.committed_fen, now.spent_fen


def test_asking_sets_aside_and_paying_spends(world: World) -> None:
    waiting = gifts.payout(world.fund, 20_000, **world.named)
    assert figures(world) == (20_000, 0)
    approved = reviewing.approve(waiting.id, people.reviewer(), waiting.version)
    assert figures(world) == (20_000, 0)
    gifts.paid(approved)
    assert figures(world) == (0, 20_000)
    assert budgets.account_of(db.session(), world.project.id).helped == 12


def test_more_than_a_line_has_left_is_refused_with_what_is_left(world: World) -> None:
    gifts.payout(world.fund, 45_000, **world.named)
    with pytest.raises(Invalid) as refused:
        gifts.payout(world.fund, 5_001, **world.named)
    assert "只剩 50.00 元" in str(refused.value.errors["amount"])
    assert figures(world) == (45_000, 0)


@pytest.mark.parametrize("ending", ["returned", "refused", "withdrawn"])
def test_what_is_not_paid_is_free_again_once(world: World, ending: str) -> None:
    waiting = gifts.payout(world.fund, 20_000, **world.named)
    if ending == "returned":
        reviewing.return_to_maker(waiting.id, people.reviewer(), waiting.version, "缺名册")
        service.withdraw(waiting.id, people.clerk(), waiting.version)
    elif ending == "refused":
        reviewing.refuse(waiting.id, people.reviewer(), waiting.version, "不合用途")
    else:
        service.withdraw(waiting.id, people.clerk(), waiting.version)
    account = budgets.account_of(db.session(), world.project.id)
    assert figures(world) == (0, 0)
    assert (account.waiting, account.committed_fen) == (0, 0)


def test_reversing_a_payout_gives_its_line_back(world: World) -> None:
    paid = gifts.posted_payout(world.fund, 20_000, **world.named)
    assert paid.entry is not None
    gifts.reversed_entry(paid.entry)
    assert figures(world) == (0, 0)
    assert budgets.account_of(db.session(), world.project.id).helped == 0


def test_a_project_with_a_budget_wants_a_line(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        gifts.payout(world.fund, 1_000, project=world.project.code)
    assert "助学金、走访" in str(refused.value.errors["budget_line"])
    with pytest.raises(Invalid) as refused:
        gifts.payout(world.fund, 1_000, project=world.project.code, budget_line="旅费")
    assert set(refused.value.errors) == {"budget_line"}
    assert gifts.payout(world.fund, 1_000, project=world.project.code, budget_line="走访").budget_line_id


def test_a_project_draws_on_the_funds_it_names_only(world: World) -> None:
    with writing() as writer:
        other = factories.fund(writer, organisation_id=world.fund.organisation_id)
        writer.get_one(Project, world.project.id).funds = [other]
    with pytest.raises(Invalid) as refused:
        gifts.payout(world.fund, 1_000, **world.named)
    assert other.name in str(refused.value.errors["fund"])


def test_the_database_itself_refuses_an_overdrawn_line(world: World) -> None:
    with pytest.raises(IntegrityError), writing() as writer:
        writer.execute(
            text("UPDATE project_budget_line SET spent_fen = 50001 WHERE id = :id"), {"id": world.line.id}
        )


def test_what_was_spent_is_written_once(world: World) -> None:
    gifts.posted_payout(world.fund, 20_000, **world.named)
    for statement in ("UPDATE project_spending SET amount_fen = 1", "DELETE FROM project_spending"):
        with pytest.raises(IntegrityError), writing() as writer:
            writer.execute(text(statement))


def test_what_was_written_down_before_the_budget_is_not_handed_in_past_it(session: Session) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
        project = factories.project(writer, organisation_id=fund.organisation_id)
    gifts.posted_gift(fund, 100_000)
    asked = gifts.payout(fund, 20_000, project=project.code)
    returned = reviewing.return_to_maker(asked.id, people.reviewer(), asked.version, "请补预算")
    making.budget(project, 助学金=10_000)
    with pytest.raises(Invalid) as refused:
        service.submit(returned.id, people.clerk(), returned.version)
    assert set(refused.value.errors) == {"budget_line"}
