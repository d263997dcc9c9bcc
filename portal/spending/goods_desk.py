"""Goods given out, at the desk: the same review as for money, another form."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.i18n import gettext as _
from portal.refusals import Invalid
from portal.spending import evidence, service
from portal.spending.goods_forms import GoodsPayoutForm
from portal.spending.helped_forms import stated_by_list
from portal.spending.steps_desk import spending
from portal.staff.access import current_staff
from portal.staff.idempotency import submitted_key

__all__ = ["evidence", "spending"]


@spending.route("/goods/new", methods=["GET", "POST"])
def goods_new() -> ResponseReturnValue:
    """Request that goods be given out."""
    by = current_staff()
    form = GoodsPayoutForm(data=stated_by_list(by))
    form.offer(by.scope)
    if form.validate_on_submit():
        try:
            requested = service.request(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            form.show(problem)
        else:
            flash(_("已申请 %(no)s，等待另一位同事复核。", no=requested.disbursement_no), "success")
            return redirect(url_for(".show", disbursement_id=requested.id))
    return render_template("spending/goods_new.html", form=form), 422 if request.method == "POST" else 200
