"""A project at the desk: what stands against its budget, whom it is for, its milestones, its reports."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from portal.db import db
from portal.i18n import gettext as _
from portal.periods import today
from portal.projects import budgeting, budgets, closing, groups, milestones, papers, progress, reading
from portal.projects.fields import show_rows
from portal.projects.forms import BudgetForm, ClosingForm, GroupsForm, MilestoneForm, ProgressForm
from portal.projects.paper_models import ClosingReport
from portal.refusals import Conflict, Invalid
from portal.registry.models import Project
from portal.registry.services.projects import PROJECTS
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key

projects = Blueprint("projects", __name__, url_prefix="/desk")


@projects.get("/projects/<code>/work")
def show(code: str) -> ResponseReturnValue:
    """How a project stands, and what may be done."""
    session = db.session()
    project = _project(code)
    return render_template(
        "projects/show.html",
        project=project,
        overview=reading.overview(session, project),
        papers={
            word: papers.of_project(session, word, project.id, public_only=False) for word in papers.KINDS
        },
        kinds=papers.KINDS,
        today=today(),
    )


@projects.route("/projects/<code>/budget", methods=["GET", "POST"])
def budget(code: str) -> ResponseReturnValue:
    """Set or change the budget."""
    project = _project(code)
    lines = budgets.lines_of(db.session(), project.id)
    known = [{"line_no": one.line_no, "name": one.name, "amount": one.amount_fen} for one in lines]
    form = BudgetForm(data={"items": known})

    def send() -> None:
        budgeting.propose(code, form.details(), current_staff(), submitted_key(form.idempotency_key.data))

    words = _("预算已提交，另一位同事复核后生效并公开。")
    used = {line.line_no: line.committed_fen + line.spent_fen for line in lines}
    return _sent(form, code, send, words) or _form("projects/budget.html", form, project, used=used)


@projects.route("/projects/<code>/groups", methods=["GET", "POST"])
def target_groups(code: str) -> ResponseReturnValue:
    """Say whom the project is for."""
    project = _project(code)
    known = [
        {"words": one.words, "planned_people": one.planned_people}
        for one in groups.of_project(db.session(), project.id)
    ]
    form = GroupsForm(data={"items": known})

    def send() -> None:
        groups.set_groups(code, form.details(), current_staff())

    return _sent(form, code, send, _("受益群体已保存，并写入变更历史。")) or _form(
        "projects/groups.html", form, project
    )


@projects.route("/projects/<code>/milestones", methods=["GET", "POST"])
def milestone_new(code: str) -> ResponseReturnValue:
    """Plan a milestone."""
    project, form = _project(code), MilestoneForm()

    def send() -> None:
        milestones.add(code, form.details(), current_staff())

    return _sent(form, code, send, _("里程碑已保存，公众可以看到。")) or _form(
        "projects/milestone.html", form, project
    )


@projects.get("/project-milestones/<int:milestone_id>")
def milestone_show(milestone_id: int) -> ResponseReturnValue:
    """A milestone with its photos."""
    found = milestones.find(db.session(), milestone_id, current_staff())
    return render_template("projects/milestone_show.html", milestone=found, project=found.project)


@projects.route("/project-milestones/<int:milestone_id>/edit", methods=["GET", "POST"])
def milestone(milestone_id: int) -> ResponseReturnValue:
    """Change a milestone, or say that it was reached."""
    found = milestones.find(db.session(), milestone_id, current_staff())
    form = MilestoneForm(obj=found)

    def send() -> None:
        milestones.edit(milestone_id, form.details(), current_staff())

    return _sent(form, found.project.code, send, _("里程碑已保存，公众可以看到。")) or _form(
        "projects/milestone.html", form, found.project, milestone=found
    )


@projects.route("/projects/<code>/progress", methods=["GET", "POST"])
def progress_new(code: str) -> ResponseReturnValue:
    """Report progress."""
    project, form = _project(code), ProgressForm()
    if request.method == "GET":
        form.through.data = today()

    def send() -> None:
        progress.report(code, form.details(), current_staff(), submitted_key(form.idempotency_key.data))

    last = progress.latest(db.session(), project.id)
    return _sent(form, code, send, _("进展报告已提交，另一位同事复核后公开。")) or _form(
        "projects/progress.html", form, project, last=last
    )


@projects.route("/projects/<code>/closing", methods=["GET", "POST"])
def closing_new(code: str) -> ResponseReturnValue:
    """Hand in the closing report; one that was sent back comes filled in."""
    session = db.session()
    project = _project(code)
    form = ClosingForm(data=_as_form(closing.latest(session, project.id)))
    form.offer(project, current_staff().scope)

    def send() -> None:
        closing.report(code, form.details(), current_staff(), submitted_key(form.idempotency_key.data))

    return _sent(form, code, send, _("结项报告已提交。项目不再支出，另一位同事复核后结项并公开。")) or _form(
        "projects/closing.html",
        form,
        project,
        outcome=closing.outcome_of(session, project.id),
        account=budgets.account_of(session, project.id),
    )


def _project(code: str) -> Project:
    return PROJECTS.find(db.session(), code, current_staff().scope)


def _sent(form: FlaskForm, code: str, send: Callable[[], None], words: str) -> ResponseReturnValue | None:
    """Send a form that is filled in; None when it is to be shown, with what is wrong."""
    if not form.validate_on_submit():
        return None
    try:
        send()
    except Invalid as problem:
        show_rows(form, problem) if "items" in form else show_errors(form, problem)
        return None
    except Conflict as problem:
        form.form_errors.append(str(problem))
        return None
    flash(words, "success")
    return redirect(url_for(".show", code=code))


def _form(template: str, form: FlaskForm, project: Project, **more: Any) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return render_template(template, form=form, project=project, **more), status


def _as_form(report: ClosingReport | None) -> dict[str, Any]:
    if report is None:
        return {}
    copied = (
        "ended_on",
        "people_reached",
        "account",
        "how_chosen",
        "entrusted",
        "leftover_use",
        "leftover_words",
    )
    heir = report.leftover_project.code if report.leftover_project else None
    return {**{name: getattr(report, name) for name in copied}, "leftover_project": heir}
