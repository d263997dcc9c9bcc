"""Questions of donors at the desk: those that wait, and an answer."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from portal.db import db
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.inquiries import service
from portal.periods import today
from portal.refusals import Invalid
from portal.staff.access import current_staff
from portal.staff.forms import show_errors

inquiries = Blueprint("inquiries", __name__, url_prefix="/desk/inquiries")


class AnswerForm(FlaskForm):
    """The answer to a donor."""

    answer = TextAreaField(_l("答复"), description=_l("只有提问的捐赠人看得到。答复后不能修改。"))


@inquiries.get("")
def index() -> ResponseReturnValue:
    """Questions, those that wait first."""
    rows = service.listing(db.session(), current_staff())
    return render_template("inquiries/index.html", rows=rows, today=today())


@inquiries.route("/<int:inquiry_id>", methods=["GET", "POST"])
def show(inquiry_id: int) -> ResponseReturnValue:
    """One question, and its answer or the form for it."""
    by = current_staff()
    found = service.find(db.session(), inquiry_id, by)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            service.answer(inquiry_id, by, form.answer.data or "")
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已答复，捐赠人凭回执号和查询码可以看到。"), "success")
            return redirect(url_for(".index"))
    status = 422 if request.method == "POST" else 200
    return render_template("inquiries/show.html", inquiry=found, form=form, today=today()), status
