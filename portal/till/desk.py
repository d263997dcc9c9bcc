"""The till at the desk: what was taken in today, and the count at the end of it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from portal.db import db
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Channel
from portal.money import AmountError, parse_yuan
from portal.periods import today
from portal.refusals import Invalid
from portal.staff.access import current_staff, may
from portal.staff.forms import show_errors
from portal.till import service

till = Blueprint("till", __name__, url_prefix="/desk/till")


class CountForm(FlaskForm):
    """What was found in the till."""

    counted = StringField(_l("点到的现金（元）"))
    note = StringField(_l("差额说明"), description=_l("与登记的一致就空着。"))

    def counted_fen(self) -> int:
        """What was found, in fen; an empty till is 0.

        Raises:
            Invalid: it is no amount.
        """
        typed = (self.counted.data or "").strip()
        try:
            return 0 if typed and not typed.strip("0.") else parse_yuan(typed)
        except AmountError:
            raise Invalid({"counted": _l("看不懂这个金额，请按 1,234.56 的样式填写，单位是元。")}) from None


@till.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Today's takings by channel, and the count of the cash."""
    session, by, form = db.session(), current_staff(), CountForm()
    status = 200
    if request.method == "POST" and form.validate():
        try:
            kept = service.count(by, form.counted_fen(), form.note.data or "")
        except Invalid as problem:
            show_errors(form, problem)
            status = 422
        else:
            words = _("已保存清点：与登记一致。") if not kept.difference_fen else _("已保存清点和差额说明。")
            flash(words, "success")
            return redirect(url_for(".index"))
    taken = service.taken_on(session, by, today())
    return (
        render_template(
            "till/index.html",
            form=form,
            taken=taken,
            cash=next((one for one in taken if one.channel is Channel.CASH), None),
            rows=service.counts(session, by, own=not may("till.all_counts")),
            day=today(),
        ),
        status,
    )


@till.get("/counts")
def all_counts() -> ResponseReturnValue:
    """Everybody's counts, for those who look over them."""
    rows = service.counts(db.session(), current_staff(), own=False)
    return render_template("till/counts.html", rows=rows)
