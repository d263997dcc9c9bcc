"""Staff pages of the indicator: state population and outside giving, take a figure back, see the history."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.i18n import gettext as _
from portal.indicators.forms import OutsideForm, PopulationForm, WithdrawForm
from portal.indicators.models import OutsideGiving, ResidentPopulation
from portal.indicators.services import statements
from portal.indicators.services.per_capita import per_capita
from portal.refusals import Conflict, Invalid
from portal.staff.access import current_staff
from portal.staff.models import StaffMember

indicators_desk = Blueprint("indicators_desk", __name__, url_prefix="/desk/indicators")


@indicators_desk.get("")
def index() -> str:
    """The series with everything that was ever stated."""
    session = db.session()
    return render_template(
        "indicators/index.html",
        series=per_capita(session),
        populations=statements.history(session, ResidentPopulation),
        outside=statements.history(session, OutsideGiving),
        form=WithdrawForm(),
    )


@indicators_desk.route("/population", methods=["GET", "POST"])
def population() -> ResponseReturnValue:
    """State a population; the form comes again with what is wrong."""
    form = PopulationForm()
    return _enter(form, lambda: statements.enter_population(current_staff(), form.details()))


@indicators_desk.route("/outside", methods=["GET", "POST"])
def outside() -> ResponseReturnValue:
    """State outside giving; the form comes again with what is wrong."""
    form = OutsideForm()
    return _enter(form, lambda: statements.enter_outside(current_staff(), form.details()))


@indicators_desk.post("/population/withdraw")
def withdraw_population() -> ResponseReturnValue:
    """Take a population back."""
    return _withdraw(statements.withdraw_population)


@indicators_desk.post("/outside/withdraw")
def withdraw_outside() -> ResponseReturnValue:
    """Take a total of outside giving back."""
    return _withdraw(statements.withdraw_outside)


def _enter(form: PopulationForm | OutsideForm, deed: Callable[[], object]) -> ResponseReturnValue:
    if not form.is_submitted():
        return _show_form(form)
    if form.validate():
        try:
            deed()
        except Invalid as problem:
            form.show(problem.errors)
        except Conflict as problem:
            form.show({"year": problem.message})
        else:
            flash(_("已登记，并写入历史。"), "success")
            return redirect(url_for(".index"))
    return _show_form(form), 422


def _withdraw(deed: Callable[[StaffMember, int, str], None]) -> ResponseReturnValue:
    form = WithdrawForm()
    if not form.validate_on_submit():
        abort(400)
    try:
        deed(current_staff(), form.row_id.data or 0, form.reason.data or "")
    except (Invalid, Conflict) as problem:
        flash(str(problem), "error")
    else:
        flash(_("已撤回，并写入历史。"), "success")
    return redirect(url_for(".index"))


def _show_form(form: PopulationForm | OutsideForm) -> str:
    form.offer()
    return render_template("indicators/form.html", form=form, for_population=isinstance(form, PopulationForm))
