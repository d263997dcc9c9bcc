"""Erasing a donor on request: one page that says what goes and what stays, and asks for the number once more."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField

from portal.db import db
from portal.giving import service
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.imports.erasing import erase_donor
from portal.refusals import Invalid
from portal.staff.access import current_staff
from portal.staff.forms import show_errors

erasing = Blueprint("erasing", __name__, url_prefix="/desk/donations")


class EraseForm(FlaskForm):
    """The number of the gift, typed once more."""

    confirmed_no = StringField(_l("捐赠编号"))


@erasing.route("/<int:donation_id>/erase", methods=["GET", "POST"])
def erase(donation_id: int) -> ResponseReturnValue:
    """Erase the donor of a gift."""
    form, by = EraseForm(), current_staff()
    donation = service.find(db.session(), donation_id, by)
    status = 200
    if form.validate_on_submit():
        try:
            erase_donor(donation_id, by, form.confirmed_no.data or "")
        except Invalid as problem:
            show_errors(form, problem)
            status = 422
        else:
            flash(_("已删除捐赠人的姓名和备注。金额和日期仍在账上。"), "success")
            return redirect(url_for("giving.show", donation_id=donation_id))
    return render_template("imports/erase.html", donation=donation, form=form), status
