"""What the public reads of people helped: a group and a number, and no small group in any table."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import people_helped
from portal.periods import today
from portal.registry.models import Fund, Project
from portal.spending.models import DisbursementKind
from tests import factories, gifts


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 10_000_000)
    return made


@pytest.fixture
def project(session: Session, fund: Fund) -> Project:
    with writing() as writer:
        return factories.project(writer, organisation_id=fund.organisation_id)


def help_some(fund: Fund, project: Project, group: str, people: int) -> str:
    posted = gifts.posted_payout(fund, 1_000, project=project.code, recipient=group, beneficiary_count=people)
    assert posted.entry is not None
    return posted.entry.entry_no


def test_an_entry_tells_the_group_and_how_many(client: FlaskClient, fund: Fund, project: Project) -> None:
    number = help_some(fund, project, "困难家庭学生", 3)
    assert "3 名困难家庭学生" in client.get(f"/ledger/{number}").text


def test_a_grant_tells_no_number_of_its_organisation(client: FlaskClient, fund: Fund) -> None:
    posted = gifts.posted_payout(
        fund, 1_000, kind=DisbursementKind.GRANT, recipient="某某小学", beneficiary_count=3
    )
    page = client.get(f"/ledger/{posted.entry.entry_no}").text
    assert "3 名" not in page and "不足 5" in page


def test_small_groups_of_a_project_are_merged(
    session: Session, client: FlaskClient, fund: Fund, project: Project
) -> None:
    for group, people in (
        ("困难家庭学生", 40),
        ("孤寡老人", 3),
        ("残疾人", 4),
        ("残疾人", 2),
        ("退役军人", 1),
    ):
        help_some(fund, project, group, people)
    cells = people_helped.of_project(session, project.id).cells
    told = {tuple(group for _month, group in cell.keys): cell.people for cell in cells}
    assert told[("困难家庭学生",)] == 40
    assert sorted(told.values()) == [10, 40]
    page = client.get(f"/projects/{project.code}/people").text
    assert "孤寡老人" not in page and "退役军人" not in page and "合计 50 人次" in page


def test_where_all_are_few_no_number_is_told(client: FlaskClient, fund: Fund, project: Project) -> None:
    help_some(fund, project, "孤寡老人", 3)
    page = client.get(f"/projects/{project.code}/people").text
    assert "不足 5" in page and "合计 3" not in page
    assert "累计 不足 5 人次" in client.get(f"/projects/{project.code}").text


def test_what_was_reversed_is_not_counted(session: Session, fund: Fund, project: Project) -> None:
    posted = gifts.posted_payout(fund, 1_000, project=project.code, beneficiary_count=30)
    gifts.reversed_entry(posted.entry)
    assert people_helped.of_project(session, project.id, today().year).cells == []
