"""Which fund and which line of a project's budget a payout may be paid from."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.money import format_yuan
from portal.projects.budgets import lines_of
from portal.projects.models import BudgetLine
from portal.refusals import Sentence
from portal.registry.models import Fund, Project

SIGN = "/"
"""Between the code of a project and the number of a line, as in ``PJ001/2``."""

Errors = dict[str, Sentence]


def check_fund(project: Project, fund: Fund, errors: Errors) -> None:
    """A project that names funds draws on these only."""
    if project.funds and fund.id not in {one.id for one in project.funds}:
        errors["fund"] = _l(
            "项目“%(project)s”只使用这些基金：%(funds)s。请换一个基金，或不指定项目。",
            project=project.name,
            funds="、".join(one.name for one in project.funds),
        )


def find_line(session: Session, project: Project, text: str, errors: Errors) -> BudgetLine | None:
    """The line that is named, by ``PJ001/2``, by its number or by its name; a project with a budget wants one.

    A message is noted where none is named, or none is found. Whether the line has enough left, setting it aside tells.
    """
    lines = [line for line in lines_of(session, project.id) if line.amount_fen]
    wanted = text.strip()
    if not lines:
        if wanted:
            errors["budget_line"] = _l("项目“%(name)s”还没有预算，这一项请空着。", name=project.name)
        return None
    if not wanted:
        errors["budget_line"] = _l(
            "项目“%(name)s”有预算，请选择从哪一项支出：%(lines)s。",
            name=project.name,
            lines="、".join(line.name for line in lines),
        )
        return None
    for line in lines:
        if wanted in (code_of(project, line), str(line.line_no), line.name):
            return line
    errors["budget_line"] = _l(
        "项目“%(name)s”的预算里没有“%(line)s”，请选择：%(lines)s。",
        name=project.name,
        line=wanted[:80],
        lines="、".join(line.name for line in lines),
    )
    return None


def code_of(project: Project, line: BudgetLine) -> str:
    """How a line is named where lines of several projects stand together."""
    return f"{project.code}{SIGN}{line.line_no}"


def project_code(text: str) -> str:
    """The code of the project in the name of a line, or nothing."""
    return text.partition(SIGN)[0] if SIGN in text else ""


def line_choices(session: Session, projects: Iterable[Project]) -> list[tuple[str, str]]:
    """Options of the lines of some projects, with what each has left."""
    known = {project.id: project for project in projects}
    lines = session.scalars(
        select(BudgetLine)
        .where(BudgetLine.project_id.in_(known), BudgetLine.amount_fen > 0)
        .order_by(BudgetLine.line_no)
    )
    offered = [
        (
            code_of(known[line.project_id], line),
            str(
                _l(
                    "%(project)s · %(line)s（还剩 %(left)s 元）",
                    project=known[line.project_id].name,
                    line=line.name,
                    left=format_yuan(line.left_fen),
                )
            ),
        )
        for line in lines
    ]
    return sorted(offered, key=lambda one: project_code(one[0]))
