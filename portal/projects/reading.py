"""A project as it stands, for its public page, the desk and the API; what it costs does not grow with its payouts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.evidence.listing import PublicPiece, published_of
from portal.periods import local
from portal.projects import budgets, deadlines, groups, milestones, papers
from portal.projects.closing import Outcome, outcome_of
from portal.projects.models import BudgetLine, Milestone, ProjectAccount, TargetGroup
from portal.projects.paper_models import BudgetChange, ClosingReport, ProgressReport
from portal.registry.models import Project
from portal.staff.documents import DocumentState


@dataclass(frozen=True)
class Budget:
    """A project's budget and its sums in fen."""

    lines: Sequence[BudgetLine]

    @property
    def amount_fen(self) -> int:
        """All that was planned."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def spent_fen(self) -> int:
        """All that was paid."""
        return sum(line.spent_fen for line in self.lines)

    @property
    def committed_fen(self) -> int:
        """All that is asked for and waits."""
        return sum(line.committed_fen for line in self.lines)

    @property
    def left_fen(self) -> int:
        """What may still be asked for."""
        return self.amount_fen - self.spent_fen - self.committed_fen


@dataclass(frozen=True)
class Overview:
    """Everything about a project beyond its registration; papers are the public ones, the newest first.

    ``photos`` are published pieces of evidence by the id of their milestone.
    """

    account: ProjectAccount
    budget: Budget
    groups: Sequence[TargetGroup]
    milestones: Sequence[Milestone]
    photos: Mapping[int, Sequence[PublicPiece]]
    progress: Sequence[ProgressReport]
    changes: Sequence[BudgetChange]
    closing: ClosingReport | None
    outcome: Outcome
    progress_due: date | None
    closing_due: date | None

    @property
    def people_reached(self) -> int | None:
        """People reached by the closing report or the newest report of progress; None while there is none."""
        newest = self.closing or (self.progress[0] if self.progress else None)
        return newest.people_reached if newest else None


def overview(session: Session, project: Project) -> Overview:
    """Read a project with what is public about it."""
    reports = papers.of_project(session, "progress", project.id, public_only=True)
    closed = papers.of_project(session, "closing", project.id, public_only=True)
    published = reports[0].published_at if reports else None
    steps = milestones.of_project(session, project.id)
    return Overview(
        account=budgets.account_of(session, project.id),
        budget=Budget(budgets.lines_of(session, project.id)),
        groups=groups.of_project(session, project.id),
        milestones=steps,
        photos=published_of(session, milestones.EVIDENCE_KIND, [one.id for one in steps]),
        progress=reports,
        changes=papers.of_project(session, "budget", project.id, public_only=True),
        closing=closed[0] if closed else None,
        outcome=outcome_of(session, project.id),
        progress_due=deadlines.progress_due(project, local(published).date() if published else None),
        closing_due=deadlines.closing_due(project),
    )


@dataclass(frozen=True)
class Figures:
    """The figures of one project in a list; fen and people."""

    budget: Budget
    committed_fen: int
    helped: int
    people_reached: int | None


def figures(session: Session, ids: Iterable[int]) -> dict[int, Figures]:
    """The figures of several projects at once."""
    wanted = list(ids)
    lines: dict[int, list[BudgetLine]] = {number: [] for number in wanted}
    for line in session.scalars(
        select(BudgetLine)
        .where(BudgetLine.project_id.in_(wanted), (BudgetLine.amount_fen > 0) | (BudgetLine.spent_fen > 0))
        .order_by(BudgetLine.project_id, BudgetLine.line_no)
    ):
        lines[line.project_id].append(line)
    accounts = {
        one.project_id: one
        for one in session.scalars(select(ProjectAccount).where(ProjectAccount.project_id.in_(wanted)))
    }
    reached = _reached(session, wanted)
    return {
        number: Figures(
            budget=Budget(lines[number]),
            committed_fen=accounts[number].committed_fen if number in accounts else 0,
            helped=accounts[number].helped if number in accounts else 0,
            people_reached=reached.get(number),
        )
        for number in wanted
    }


def _reached(session: Session, ids: list[int]) -> dict[int, int]:
    """People reached as last reported; each report tells at least as many as the one before."""
    found: dict[int, int] = {}
    for model in (ProgressReport, ClosingReport):
        rows = session.execute(
            select(model.project_id, func.max(model.people_reached))
            .where(model.project_id.in_(ids), model.state == DocumentState.POSTED)
            .group_by(model.project_id)
        )
        found.update({project_id: int(people) for project_id, people in rows})
    return found
