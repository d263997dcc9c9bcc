"""The ratios at the desk: all organisations of one's reach, one of them in full, and stating what the books lack."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.periods import today
from portal.ratios import listing, service, stating
from portal.ratios.forms import BaseFigureForm, ExcuseForm
from portal.ratios.reviewing import organisation_of
from portal.refusals import Conflict, Invalid
from portal.registry import lookups
from portal.registry.models import Organisation
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key

ratios = Blueprint("ratios", __name__, url_prefix="/desk/ratios")


@ratios.get("")
def index() -> str:
    """How all organisations within reach stand in a year."""
    session, year = db.session(), _year()
    organisations = lookups.active_organisations(session, current_staff().scope)
    return render_template(
        "ratios/index.html",
        year=year,
        years=_years(),
        standings=service.of_many(session, organisations, year),
        waiting=listing.waiting(session, current_staff()),
    )


@ratios.get("/<code>")
def organisation(code: str) -> str:
    """One organisation in a year: every test, every figure with where it comes from, and the history."""
    session, by, year = db.session(), current_staff(), _year()
    found = organisation_of(session, code, by)
    standing = service.of_year(session, found, year)
    return render_template(
        "ratios/organisation.html",
        standing=standing,
        years=_years(),
        figure_years=listing.years_of(standing),
        figures=listing.figures_of(standing),
        statements=listing.statements_of(session, found.id),
        excuses=listing.excuses_of(session, found.id),
    )


@ratios.route("/<code>/figures", methods=["GET", "POST"])
def state_figures(code: str) -> ResponseReturnValue:
    """State audited figures of a year."""
    form, by = BaseFigureForm(), current_staff()
    found = organisation_of(db.session(), code, by)
    if request.method == "GET":
        form.year.data = request.args.get("year", type=int) or today().year - 1
    elif form.validate():
        try:
            key = submitted_key(form.idempotency_key.data)
            stated = stating.state_figures(form.details(found.uscc), by, key)
        except (Invalid, Conflict) as problem:
            _show(form, problem)
        else:
            flash(_("已登记，等另一位同事核对后生效。"), "success")
            return redirect(url_for("base_figures.show", document_id=stated.id))
    return _form("ratios/figures_new.html", form, found)


@ratios.route("/<code>/excuses", methods=["GET", "POST"])
def state_excuse(code: str) -> ResponseReturnValue:
    """Explain in public why management cost is over its limit."""
    form, by = ExcuseForm(), current_staff()
    found = organisation_of(db.session(), code, by)
    form.offer()
    if request.method == "GET":
        form.year.data = request.args.get("year", type=int) or today().year - 1
    elif form.validate():
        try:
            key = submitted_key(form.idempotency_key.data)
            stated = stating.state_excuse(form.details(found.uscc), by, key)
        except (Invalid, Conflict) as problem:
            _show(form, problem)
        else:
            flash(_("已登记，等另一位同事核对后公开。"), "success")
            return redirect(url_for("ratio_excuses.show", document_id=stated.id))
    return _form("ratios/excuse_new.html", form, found)


def _show(form: BaseFigureForm | ExcuseForm, problem: Invalid | Conflict) -> None:
    show_errors(form, problem if isinstance(problem, Invalid) else Invalid({"form": problem.message}))


def _form(template: str, form: BaseFigureForm | ExcuseForm, found: Organisation) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return render_template(template, form=form, organisation=found), status


def _year() -> int:
    """The year asked for, or this one."""
    years = _years()
    wanted = request.args.get("year", type=int)
    return wanted if wanted in years else years[0]


def _years() -> list[int]:
    """The years one may look at: since the first of the rules, the newest first."""
    return list(range(today().year, listing.FIRST_RULED_YEAR - 1, -1))
