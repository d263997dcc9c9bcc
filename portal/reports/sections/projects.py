"""The projects of a year: what was spent, whom it helped, how far they came, and what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.beneficiaries.public_words import people
from portal.disclosure import people_helped
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.figures import Totals, by_dimension
from portal.periods import local
from portal.projects.models import Milestone
from portal.projects.paper_models import ClosingReport, ProgressReport
from portal.projects.reading import figures
from portal.registry.models import PUBLIC, Project
from portal.reports.document import (
    Block,
    Cell,
    Facts,
    Paragraph,
    Section,
    Subheading,
    Table,
    TableColumn,
    Written,
)
from portal.reports.sections.scope import YearScope
from portal.staff.documents import DocumentState

_MOST_RESULTS = 12
_LONGEST_RESULT = 260


@dataclass(frozen=True)
class _Undertaking:
    """One project in a year. ``helped`` is None where its number was merged with others'."""

    project: Project
    sums: Totals
    helped: int | None
    merged: bool
    reached: int | None
    steps: tuple[int, int]


def projects(scope: YearScope) -> Section:
    """The projects that ran or spent in the year."""
    return Section("projects", _("慈善项目和成果"), tuple(_blocks(scope)))


def _blocks(scope: YearScope) -> Iterator[Block]:
    rows, merged = _undertakings(scope)
    if not rows:
        yield Paragraph(_("这一年没有慈善项目。"))
        return
    yield Paragraph(
        _(
            "人次是这一年支出登记的受助人次；“累计惠及”是项目报告里说的人数。少于五人次的几个项目合在一起公布。"
        ),
        "small",
    )
    columns = (
        TableColumn(_("项目"), share=36),
        TableColumn(_("类别"), share=15),
        TableColumn(_("收入（元）"), "money", 18, summed=True, tone="in"),
        TableColumn(_("支出（元）"), "money", 18, summed=True, tone="out"),
        TableColumn(_("人次"), "count", 11),
        TableColumn(_("累计惠及"), "count", 12),
        TableColumn(_("里程碑"), "count", 11),
    )
    yield Table("projects", _("各项目的收支和受助人次"), columns, tuple(map(_row, rows)), _("合计"))
    if merged is not None:
        yield Paragraph(_("写“合并”的项目，合起来帮助 %(people)s 人次。", people=merged), "small")
    results = _results(scope, [one.project for one in rows])
    if results:
        yield Subheading(_("项目进展和成果"))
        yield Facts(tuple(results))


def _row(one: _Undertaking) -> tuple[Cell, ...]:
    reached, planned = one.steps
    return (
        Written(one.project.name),
        str(label(one.project.category)),
        one.sums.received_fen,
        one.sums.disbursed_fen,
        _("合并") if one.merged else one.helped,
        people(one.reached) if one.reached is not None else None,
        f"{reached}/{planned}" if planned else None,
    )


def _undertakings(scope: YearScope) -> tuple[list[_Undertaking], str | None]:
    """The projects by code, and how many people those helped whose numbers are merged."""
    session = scope.session
    sums = by_dimension(session, scope.period, "project_id")
    query = select(Project).where(Project.status.in_(PUBLIC)).order_by(Project.code)
    if scope.organisation is not None:
        query = query.where(Project.organisation_id == scope.organisation.id)
    found = [one for one in session.scalars(query) if one.id in sums or _ran(one, scope)]
    ids = [one.id for one in found]
    cells = people_helped.by_project(
        session, scope.first, scope.last, ids, fund_id=scope.fund.id if scope.fund else None
    )
    helped = {cell.keys[0]: cell.people for cell in cells if not cell.merged and cell.people is not None}
    merged = [cell for cell in cells if cell.merged or cell.people is None]
    hidden = {key for cell in merged for key in cell.keys}
    reached, steps = figures(session, ids), _milestones(scope, ids)
    rows = [
        _Undertaking(
            one,
            sums.get(one.id, Totals()),
            helped.get(one.id, 0),
            one.id in hidden,
            reached[one.id].people_reached,
            steps.get(one.id, (0, 0)),
        )
        for one in found
    ]
    together = people(merged[0].people, few=merged[0].people is None) if merged else None
    return rows, together


def _ran(project: Project, scope: YearScope) -> bool:
    if scope.fund is not None:
        return False
    return project.starts_on <= scope.until and (project.ends_on is None or project.ends_on >= scope.first)


def _milestones(scope: YearScope, ids: Sequence[int]) -> Mapping[int, tuple[int, int]]:
    """Milestones reached by the year's end, and planned, by project."""
    rows = scope.session.execute(
        select(Milestone.project_id, Milestone.reached_on, func.count())
        .where(Milestone.project_id.in_(ids))
        .group_by(Milestone.project_id, Milestone.reached_on)
    )
    found: dict[int, tuple[int, int]] = {}
    for project_id, reached_on, count in rows:
        reached, planned = found.get(project_id, (0, 0))
        done = count if reached_on is not None and reached_on <= scope.until else 0
        found[project_id] = (reached + done, planned + count)
    return found


def _results(scope: YearScope, found: Sequence[Project]) -> Sequence[tuple[str, str]]:
    """What the newest public report of each project says, as far as it became public in the year."""
    told: dict[int, str] = {}
    models: tuple[type[ClosingReport | ProgressReport], ...] = (ClosingReport, ProgressReport)
    for model in models:
        rows = scope.session.execute(
            select(model.project_id, model.published_at, model.account)
            .where(model.project_id.in_([one.id for one in found]), model.state == DocumentState.POSTED)
            .order_by(model.id.desc())
        )
        for project_id, published_at, account in rows:
            if published_at is not None and local(published_at).year == scope.year:
                told.setdefault(project_id, account)
    names = {one.id: one.name for one in found}
    shown = sorted(told.items())[:_MOST_RESULTS]
    return [(Written(names[key]), Written(_shortened(text))) for key, text in shown]


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST_RESULT else f"{words[:_LONGEST_RESULT]}…"
