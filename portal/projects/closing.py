"""A project ends with a report that a second person approves: what was done, the figures, where the rest goes.

From the moment the report is handed in the project takes no more payouts; taking the report back opens it again.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import gettext as _
from portal.ledger.figures import Filters, by_dimension
from portal.periods import today
from portal.projects import budgets, handing_in, progress
from portal.projects.paper_models import ClosingReport, LeftoverUse
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import COMING, Project, Status
from portal.registry.services.projects import PROJECTS
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

NO_CAMPAIGN = 0
"""The key under which sums per campaign hold what came without one."""


@dataclass(frozen=True)
class ClosingDetails:
    """A closing report as stated; ``leftover_project`` is the code of the project that gets the rest."""

    ended_on: date
    account: str
    people_reached: int
    how_chosen: str
    entrusted: str = ""
    leftover_use: LeftoverUse = LeftoverUse.NONE
    leftover_project: str = ""
    leftover_words: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came in for a project, what was spent, and what is left, in fen, as the ledger has it."""

    campaign_income_fen: int
    other_income_fen: int
    spending_fen: int

    @property
    def leftover_fen(self) -> int:
        """What is left; a project that its funds paid for beyond what was given to it has nothing left."""
        return max(0, self.campaign_income_fen + self.other_income_fen - self.spending_fen)


def outcome_of(session: Session, project_id: int) -> Outcome:
    """The figures of a project now."""
    sums = by_dimension(session, Filters(project_id=project_id), "campaign_id")
    received = {key: totals.received_fen for key, totals in sums.items()}
    other = received.pop(NO_CAMPAIGN, 0)
    return Outcome(sum(received.values()), other, sum(totals.disbursed_fen for totals in sums.values()))


def report(code: str, details: ClosingDetails, by: StaffMember, idempotency_key: str) -> ClosingReport:
    """Hand in the report with which a project ends; from now on it takes no more payouts.

    Raises:
        NotFound: there is no such project, or none for this person.
        Conflict: it never began or has ended, payouts of it wait, or a report waits already.
        Invalid: a field breaks a rule.
    """
    with writing() as session:
        known = handing_in.earlier(session, ClosingReport, idempotency_key, by)
        if known is not None:
            return known
        project = handing_in.project_of(session, code, by)
        if project.status in COMING:
            raise Conflict(_("项目还没有启用，不需要结项报告。"))
        handing_in.require_none_waiting(session, ClosingReport, project)
        outcome = outcome_of(session, project.id)
        paper = _checked(session, project, details, outcome)
        paper.idempotency_key = idempotency_key
        paper.status_before = _begin(session, project, by)
        return handing_in.hand_in(session, paper, by)


def take_effect(session: Session, paper: ClosingReport, by: StaffMember) -> None:
    """Close the project.

    Raises:
        Conflict: the ledger has other figures by now.
    """
    outcome = outcome_of(session, paper.project_id)
    stated = (paper.campaign_income_fen, paper.other_income_fen, paper.spending_fen)
    if stated != (outcome.campaign_income_fen, outcome.other_income_fen, outcome.spending_fen):
        raise Conflict(_("提交以后项目的收支又有变化，请退回，由经办人按新的数字重新提交。"))
    project = session.get_one(Project, paper.project_id)
    PROJECTS.move(session, project, Status.CLOSED, by, _("结项报告复核通过"))


def take_back(session: Session, paper: ClosingReport, by: StaffMember) -> None:
    """Open a project again whose report is taken back."""
    project = session.get_one(Project, paper.project_id)
    budgets.reopen(session, project.id)
    PROJECTS.move(session, project, paper.status_before, by, _("撤回结项报告"))


def latest(session: Session, project_id: int) -> ClosingReport | None:
    """The newest report of a project, whatever became of it."""
    query = select(ClosingReport).where(ClosingReport.project_id == project_id)
    return session.scalars(query.order_by(ClosingReport.id.desc())).first()


def _begin(session: Session, project: Project, by: StaffMember) -> Status:
    """Shut the project, unless a report that was sent back did so already; what it goes back to."""
    if project.status is not Status.CLOSING:
        before = project.status
        budgets.shut(session, project.id)
        PROJECTS.move(session, project, Status.CLOSING, by, _("提交结项报告"))
        return before
    returned = latest(session, project.id)
    assert returned is not None  # noqa: S101 - nothing else begins a closing
    returned.state = DocumentState.WITHDRAWN
    return returned.status_before


def _checked(session: Session, project: Project, details: ClosingDetails, outcome: Outcome) -> ClosingReport:
    errors: dict[str, Sentence] = {}
    texts = {
        field: handing_in.text(errors, field, getattr(details, field), required=required, longest=longest)
        for field, required, longest in (
            ("account", True, handing_in.LONGEST_TEXT),
            ("how_chosen", True, handing_in.LONGEST_TEXT),
            ("entrusted", False, handing_in.LONGEST_TEXT),
            ("leftover_words", False, handing_in.LONGEST_WORDS),
        )
    }
    if not project.starts_on <= details.ended_on <= today():
        errors["ended_on"] = _(
            "结束日期应在项目开始（%(day)s）和今天之间。", day=project.starts_on.isoformat()
        )
    known = progress.latest(session, project.id)
    if known is not None and details.people_reached < known.people_reached:
        errors["people_reached"] = _(
            "这是从项目开始累计的人数，不能少于上一份报告的 %(count)d 人。", count=known.people_reached
        )
    heir = _leftover(session, project, details, outcome, errors)
    if errors:
        raise Invalid(errors)
    return ClosingReport(
        project_id=project.id,
        ended_on=details.ended_on,
        people_reached=details.people_reached,
        campaign_income_fen=outcome.campaign_income_fen,
        other_income_fen=outcome.other_income_fen,
        spending_fen=outcome.spending_fen,
        leftover_fen=outcome.leftover_fen,
        leftover_use=details.leftover_use,
        leftover_project_id=heir.id if heir else None,
        **texts,
    )


def _leftover(
    session: Session,
    project: Project,
    details: ClosingDetails,
    outcome: Outcome,
    errors: dict[str, Sentence],
) -> Project | None:
    """Hold what becomes of the rest against 慈善法 58; the project that gets it, if one does."""
    use = details.leftover_use
    if outcome.leftover_fen == 0 and use is not LeftoverUse.NONE:
        errors["leftover_use"] = _("这个项目没有剩余款物，请选“没有剩余”。")
    elif outcome.leftover_fen and use is LeftoverUse.NONE:
        errors["leftover_use"] = _("项目还有剩余款物，请写明怎么用（《慈善法》第五十八条）。")
    elif use is not LeftoverUse.NONE and not details.leftover_words.strip():
        errors["leftover_words"] = _("请写明剩余款物怎么用、依据什么，公众会看到。")
    if use is not LeftoverUse.PROJECT:
        return None
    try:
        heir = lookups.project_by_code(session, details.leftover_project)
    except NotFound:
        heir = None
    if heir is None or heir.organisation_id != project.organisation_id or heir.id == project.id:
        errors["leftover_project"] = _("请选择本组织另一个目的相同或相近的项目。")
        return None
    if heir.status is not Status.ACTIVE:
        errors["leftover_project"] = _("“%(name)s”不在进行中，请选择别的项目。", name=heir.name)
    return heir
