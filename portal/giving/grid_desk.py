"""A paper list at the counter: paste it, look it over, log it at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.giving.consent_desk import giving
from portal.giving.grid import read_pasted, record_rows
from portal.giving.grid_forms import GridForm
from portal.i18n import gettext as _
from portal.money import format_yuan
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Station
from portal.staff.access import current_staff
from portal.staff.idempotency import submitted_key

__all__ = ["giving"]


@giving.route("/grid", methods=["GET", "POST"])
def grid() -> ResponseReturnValue:
    """Log a paper list: all rows, or none."""
    form, by = GridForm(), current_staff()
    if request.method == "GET":
        form.received_on.data = today()
        if by.station_id is not None:
            form.station.data = db.session().get_one(Station, by.station_id).code
    form.offer(by.scope)
    if "fill" in request.form:
        form.fill(read_pasted(form.pasted.data or ""))
        return render_template("giving/grid.html", form=form)
    if form.validate_on_submit():
        try:
            made = record_rows(
                [one.row() for one in form.rows.in_use],
                form.common(),
                by,
                submitted_key(form.idempotency_key.data),
                declared_fen=form.declared.data,
            )
        except Invalid as problem:
            form.show(problem)
        else:
            total = format_yuan(sum(one.amount_fen for one in made))
            flash(
                _(
                    "已登记 %(count)d 笔，合计 %(total)s 元，等待另一位同事复核。",
                    count=len(made),
                    total=total,
                ),
                "success",
            )
            return redirect(url_for(".grid"))
    return render_template("giving/grid.html", form=form), 422 if request.method == "POST" else 200
