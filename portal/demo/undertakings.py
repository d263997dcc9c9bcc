"""The projects of the demonstration: planned with budgets, groups and milestones, reported on, one of them closed."""

from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.db import writing
from portal.demo import purposes
from portal.demo.purposes import Undertaking, Use
from portal.demo.stage import Stage
from portal.periods import Month, noon
from portal.projects import budgeting, budgets, choosing, closing, groups, milestones, papers, progress
from portal.projects.budgeting import BudgetDetails, LineDetails
from portal.projects.closing import ClosingDetails
from portal.projects.groups import GroupDetails
from portal.projects.milestones import MilestoneDetails
from portal.projects.paper_models import ClosingReport, LeftoverUse, ProgressReport
from portal.projects.progress import ProgressDetails
from portal.registry.models import Project, Status

_VISITS = "走访、评估和公示"
_VISITS_SHARE = 4
"""Percent of a budget that goes to seeing whether it helped."""
_PERSONS_OF_TIMES = 0.8
"""Of ten times that somebody was helped, two were people who had been helped before."""
_ADJUSTED_IN = 8
_REPORTED_THROUGH = 15
"""The day up to which a quarter is reported on: the law counts three months from the report before, not quarters."""
_TO_WRITE = timedelta(days=5)
_STEPS = (
    ((2, 20), "公示救助标准和申请办法", "标准、程序和监督电话在各社区公示七天，没有收到异议。"),
    ((4, 30), "第一批款项发放", "通过审核的第一批对象已收到款项，签收单存档。"),
    ((8, 31), "走访回访", "社工逐户回访，了解款项怎么用、还缺什么。"),
    ((12, 20), "年度总结和公示", "全年收支和受益情况在网站和社区公示栏公布。"),
)


def plan(stage: Stage, first_year: int) -> None:
    """Give every project its budget, its groups and its milestones."""
    for project, undertaking in zip(stage.made.projects, purposes.UNDERTAKINGS, strict=True):
        uses = _uses(undertaking)
        lines = _lines(undertaking, uses)
        details = BudgetDetails(tuple(lines), "按年度计划和往年救助标准编制")
        change = budgeting.propose(project.code, details, stage.clerk, stage.key())
        papers.approve("budget", change.id, stage.reviewer, change.version)
        people = undertaking.planned_people // len(uses)
        planned = {use.recipient: people for use in uses}
        groups.set_groups(project.code, [GroupDetails(*one) for one in planned.items()], stage.clerk)
        for year in range(first_year, stage.today.year + 1):
            _steps(stage, project, year)


def line_for(session: Session, project: Project, use: Use, amount_fen: int) -> str:
    """The line that pays for a use, if it has so much left."""
    for line in budgets.lines_of(session, project.id):
        if line.name == use.purpose and line.left_fen >= amount_fen:
            return choosing.code_of(project, line)
    return ""


def look_back(stage: Stage, month: Month) -> None:
    """At the end of a month close what has ended; each quarter report progress, and once raise a budget."""
    _close_ended(stage, month.last)
    if month.month % 3 == 0:
        _report(stage, month)
    if month.month == _ADJUSTED_IN:
        _adjust(stage, stage.made.projects[0], "申请助学的家庭比预计多，经会议讨论增加预算")


def _report(stage: Stage, month: Month) -> None:
    for project, undertaking in zip(stage.made.projects, purposes.UNDERTAKINGS, strict=True):
        if project.status is not Status.ACTIVE:
            continue
        words = "、".join(use.purpose for use in _uses(undertaking))
        through = date(month.year, month.month, _REPORTED_THROUGH)
        details = ProgressDetails(
            through, _reached(stage, project), f"本季度继续开展{words}，名单经社区公示后发放。"
        )
        paper = progress.report(project.code, details, stage.clerk, stage.key())
        papers.approve("progress", paper.id, stage.reviewer, paper.version)
        _date_back(paper, through + _TO_WRITE)


def _adjust(stage: Stage, project: Project, reason: str) -> None:
    line = budgets.lines_of(stage.session, project.id)[0]
    raised = LineDetails(line.name, line.amount_fen * 6 // 5, line.line_no)
    change = budgeting.propose(project.code, BudgetDetails((raised,), reason), stage.clerk, stage.key())
    papers.approve("budget", change.id, stage.reviewer, change.version)


def _close_ended(stage: Stage, day: date) -> None:
    for project, undertaking in zip(stage.made.projects, purposes.UNDERTAKINGS, strict=True):
        if project.status is not Status.ACTIVE or project.ends_on is None or project.ends_on > day:
            continue
        left = closing.outcome_of(stage.session, project.id).leftover_fen
        heir = _heir(stage, project)
        details = ClosingDetails(
            ended_on=project.ends_on,
            account=f"按计划完成{'、'.join(use.purpose for use in _uses(undertaking))}，发放记录和回访记录已归档。",
            people_reached=_reached(stage, project),
            how_chosen="由社区居委会推荐、街道核实，名单（不含隐私）公示七天后确定；没有捐赠人和管理人员的利害关系人。",
            entrusted="回访评估委托社会工作服务中心完成。",
            leftover_use=LeftoverUse.PROJECT if left else LeftoverUse.NONE,
            leftover_project=heir.code if left else "",
            leftover_words=f"两个项目都用于困难家庭，余款转入“{heir.name}”。" if left else "",
        )
        paper = closing.report(project.code, details, stage.clerk, stage.key())
        papers.approve("closing", paper.id, stage.reviewer, paper.version)
        _date_back(paper, project.ends_on + _TO_WRITE)


def _date_back(paper: ProgressReport | ClosingReport, day: date) -> None:
    """Let a report have become public in its time, not on the day on which the demonstration is made."""
    model = type(paper)
    with writing() as session:
        session.execute(update(model).where(model.id == paper.id).values(published_at=noon(day)))


def _uses(undertaking: Undertaking) -> list[Use]:
    return [use for use in purposes.USES if use.topic is undertaking.topic]


def _lines(undertaking: Undertaking, uses: list[Use]) -> list[LineDetails]:
    visits = undertaking.budget_yuan * _VISITS_SHARE
    rest = undertaking.budget_yuan * 100 - visits
    weights = range(len(uses), 0, -1)
    shares = [rest * weight // sum(weights) // 10_000 * 10_000 for weight in weights]
    lines = [LineDetails(use.purpose, share) for use, share in zip(uses, shares, strict=True)]
    return [*lines, LineDetails(_VISITS, visits)]


def _steps(stage: Stage, project: Project, year: int) -> None:
    for (month, day), title, account in _STEPS:
        planned_on = date(year, month, day)
        if project.ends_on is not None and planned_on > project.ends_on:
            return
        reached_on = planned_on + timedelta(days=stage.random.randint(-3, 6))
        reached = reached_on < stage.today
        details = MilestoneDetails(
            f"{year} 年{title}", planned_on, reached_on if reached else None, account if reached else ""
        )
        milestones.add(project.code, details, stage.clerk)


def _reached(stage: Stage, project: Project) -> int:
    last = progress.latest(stage.session, project.id)
    helped = budgets.account_of(stage.session, project.id).helped
    return max(int(helped * _PERSONS_OF_TIMES), last.people_reached if last else 0)


def _heir(stage: Stage, project: Project) -> Project:
    return next(
        one
        for one in stage.made.projects
        if one.organisation_id == project.organisation_id
        and one.id != project.id
        and stage.made.match(one.code, project.code)
    )
