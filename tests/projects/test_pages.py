"""A project at the desk and before the public: the same figures, every payout page by page, nothing that waits."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import project_profiles
from portal.periods import today
from portal.projects import groups, milestones, papers
from portal.projects.budgeting import LineDetails
from portal.projects.groups import GroupDetails
from portal.projects.milestones import MilestoneDetails
from portal.registry.models import Fund, Project
from portal.spending import service
from portal.spending.models import WAITING, Disbursement
from tests import budgets as making
from tests import factories, gifts, people
from tests.people import LogIn

pytestmark = pytest.mark.one_engine


@dataclass
class World:
    fund: Fund
    project: Project


@pytest.fixture
def world(session: Session) -> World:
    """A project for fifty people with a budget, gifts, one payout that is paid and one that waits."""
    with writing() as writer:
        fund = factories.fund(writer)
        project = factories.project(writer, organisation_id=fund.organisation_id, planned_people=50)
        project.funds = [fund]
        campaign = factories.campaign(writer, organisation_id=fund.organisation_id)
    gifts.posted_gift(fund, 60_000, project=project.code)
    gifts.posted_gift(fund, 40_000, project=project.code, campaign=campaign.code)
    making.budget(project, 助学金=70_000, 走访=10_000)
    named = {"project": project.code, "budget_line": "助学金"}
    gifts.posted_payout(fund, 20_000, **named)
    gifts.payout(fund, 5_000, **named)
    return World(fund, project)


def test_the_public_page_tells_money_people_budget_and_steps(world: World, client: FlaskClient) -> None:
    code = world.project.code
    groups.set_groups(code, [GroupDetails("困难家庭学生", 50)], people.clerk())
    milestones.add(code, MilestoneDetails("第一批", today(), today(), "发给十二名学生"), people.clerk())
    report = making.report(world.project, 12)
    page = client.get(f"/projects/{code}").text
    assert "还没有公布进展报告" in page and "按计划发放" not in page
    papers.approve("progress", report.id, people.reviewer(), report.version)
    page = client.get(f"/projects/{code}").text
    for words in (
        "直接捐给项目 600.00 元；募捐活动 400.00 元",
        "预算共 800.00 元",
        "¥550.00",
        "计划 50 人",
        "累计帮助 12 人",
        "困难家庭学生",
        "发给十二名学生",
        "按计划发放",
        "12 人次",
        f"数据截至 {today().isoformat()}",
        world.fund.name,
    ):
        assert words in page, words


def test_a_change_of_the_budget_stays_public_with_old_and_new(world: World, client: FlaskClient) -> None:
    change = making.change(world.project, LineDetails("助学金", 90_000, 1), reason="新增二十名学生")
    address = f"/projects/{world.project.code}"
    assert "新增二十名学生" not in client.get(address).text
    papers.approve("budget", change.id, people.reviewer(), change.version)
    page = client.get(address).text
    assert "新增二十名学生" in page and re.search(r"<del>.*700\.00.*</del> → <ins>.*900\.00", page)


def test_every_payout_is_reached_page_by_page(world: World, client: FlaskClient) -> None:
    named = {"project": world.project.code, "budget_line": "助学金"}
    made = {gifts.posted_payout(world.fund, 100, **named).entry.entry_no for _ in range(25)}  # type: ignore[union-attr]
    address, seen = f"/projects/{world.project.code}", set[str]()
    while address:
        page = client.get(address).text
        seen |= set(re.findall(r'href="/ledger/([^"?]+)"', page))
        following = re.search(r'rel="next" href="([^"#]+)', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert made <= seen
    assert client.get(f"/projects/{world.project.code}?after=zwei").status_code == 400


def test_a_page_asks_as_much_of_the_database_with_many_payouts_as_with_few(world: World) -> None:
    def statements() -> list[str]:
        asked: list[str] = []

        def note(*given: Any) -> None:
            asked.append(given[2])

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            project_profiles.profile(db.session(), code, after=None)
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return asked

    fund_id, code, named = (
        world.fund.id,
        world.project.code,
        {"project": world.project.code, "budget_line": "助学金"},
    )
    db.session.remove()
    few = statements()
    for _ in range(30):
        gifts.posted_payout(db.session.get_one(Fund, fund_id), 10, **named)
    db.session.remove()
    many = statements()
    assert len(many) == len(few)
    assert not any(
        re.search(r"\b(count|sum)\(.*\bFROM (disbursement|ledger_entry)\b", one, re.DOTALL) for one in many
    )


def test_the_api_tells_budget_and_people(world: World, client: FlaskClient) -> None:
    (item,) = client.get("/api/v1/projects").get_json()["items"]
    assert item["planned_people"] == 50 and item["people_reached"] is None and item["people_helped"] == 12
    assert item["committed_fen"] == 5_000 and item["funds"] == [
        {"code": world.fund.code, "name": world.fund.name}
    ]
    assert item["budget"]["left_fen"] == 55_000
    assert [one["name"] for one in item["budget"]["lines"]] == ["助学金", "走访"]


def test_a_late_report_is_said_openly(world: World, client: FlaskClient) -> None:
    with writing() as writer:
        writer.get_one(Project, world.project.id).starts_on = today() - timedelta(days=100)
    assert "已经过期，还没有公布" in client.get(f"/projects/{world.project.code}").text


def test_a_budget_is_written_reviewed_and_changed_in_the_browser(world: World, log_in: LogIn) -> None:
    code = world.project.code
    clerk, reviewer = log_in(people.clerk()), log_in(people.reviewer())
    form = clerk.get(f"/desk/projects/{code}/budget").text
    assert 'value="助学金"' in form and 'value="700.00"' in form and "已用 250.00 元" in form
    rows = {
        "items-0-line_no": "1",
        "items-0-name": "助学金",
        "items-0-amount": "240",
        "items-1-line_no": "2",
        "items-1-name": "走访",
        "items-1-amount": "",
        "items-2-line_no": "",
        "items-2-name": "",
        "items-2-amount": "12",
        "reason": "年中调整",
    }
    wrong = clerk.post(f"/desk/projects/{code}/budget", data=rows)
    assert (
        wrong.status_code == 422 and "共 250.00 元" in wrong.text and "请写明这一行是什么开支" in wrong.text
    )
    assert 'value="240"' in wrong.text and "年中调整" in wrong.text
    sent = clerk.post(
        f"/desk/projects/{code}/budget", data={**rows, "items-0-amount": "800", "items-2-name": "物料"}
    )
    assert sent.status_code == 302
    (paper, *_rest) = papers.of_project(db.session(), "budget", world.project.id, public_only=False)
    address = f"/desk/project-papers/budget/{paper.id}"
    assert address in reviewer.get("/desk/queue").text
    assert reviewer.post(f"{address}/approve", data={"version": paper.version}).status_code == 302
    page = clerk.get(f"/desk/projects/{code}/work").text
    assert "物料" in page and "¥800.00" in page and ">走访<" not in page


def test_a_project_is_closed_in_the_browser_by_two_persons(world: World, log_in: LogIn) -> None:
    code = world.project.code
    clerk, reviewer = log_in(people.clerk()), log_in(people.reviewer())
    data = {
        "ended_on": today().isoformat(),
        "people_reached": "12",
        "account": "发完",
        "how_chosen": "学校推荐",
        "leftover_use": "plan",
        "leftover_words": "按捐赠协议留作下一期",
    }
    waiting = clerk.post(f"/desk/projects/{code}/closing", data=data)
    assert (
        waiting.status_code == 422 and "还有 1 笔支出没有办完" in waiting.text and "学校推荐" in waiting.text
    )
    payout = db.session.scalars(select(Disbursement).where(Disbursement.state.in_(WAITING))).one()
    service.withdraw(payout.id, people.clerk(), payout.version)
    assert clerk.post(f"/desk/projects/{code}/closing", data=data).status_code == 302
    (paper,) = papers.of_project(db.session(), "closing", world.project.id, public_only=False)
    address = f"/desk/project-papers/closing/{paper.id}"
    assert clerk.post(f"{address}/approve", data={"version": 1}).status_code == 403
    assert reviewer.post(f"{address}/approve", data={"version": 1}).status_code == 302
    page = reviewer.get(f"/projects/{code}").text
    for words in ("已经结项", "学校推荐", "按捐赠协议留作下一期", "¥800.00"):
        assert words in page
    assert clerk.get(f"/desk/projects/{code}").text.count("关闭（不能撤销）") == 0
