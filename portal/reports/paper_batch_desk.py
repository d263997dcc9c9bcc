"""Many acknowledgements or certificates at once, at the desk: choose the gifts, then wait for the PDF."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField
from wtforms.validators import InputRequired

from portal.db import db
from portal.i18n import lazy_gettext as _l
from portal.jobs import service as jobs
from portal.periods import today
from portal.receipts import batch
from portal.refusals import NotFound
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.reports.paper_batch import KIND
from portal.reports.paper_desk import papers
from portal.staff.access import current_staff

__all__ = ["papers"]


class BatchForm(FlaskForm):
    """Which gifts get a paper, and which."""

    certificates = BooleanField(_l("做捐赠证书，不做回执"))
    first_day = DayField(_l("收到日期从"), [InputRequired(_l("请填写日期。"))])
    last_day = DayField(_l("到"), [InputRequired(_l("请填写日期。"))])
    fund = PickField(_l("基金"), empty=_l("全部基金"))
    station = PickField(_l("站点"), empty=_l("全部站点"))
    again = BooleanField(_l("已打印过的也再打一次"))


@papers.route("/acknowledgements/batch", methods=["GET", "POST"])
def batch_new() -> ResponseReturnValue:
    """Choose gifts by day, fund and station; the second press leads to the work that is under way."""
    session, by, form = db.session(), current_staff(), BatchForm()
    form.fund.offer(lookups.choices(lookups.active_funds(session, by.scope)))
    form.station.offer(lookups.choices(lookups.active_stations(session, by.scope)))
    if request.method == "GET":
        form.first_day.data = form.last_day.data = today()
    status = 200
    if form.validate_on_submit():
        ids = batch.wanted(session, _query(form), by)
        if ids:
            return redirect(url_for("jobs.show", job_id=jobs.begin(KIND, _asked(form, ids), len(ids), by).id))
        form.form_errors.append(str(_l("这段时间没有要打印的：都打印过了，或者还没有入账的捐赠。")))
        status = 422
    elif request.method == "POST":
        status = 422
    return render_template("receipts/batch.html", form=form, most=batch.MOST), status


def _asked(form: BatchForm, ids: list[int]) -> dict[str, object]:
    asked: dict[str, object] = {"donation_ids": ids}
    return {**asked, "certificates": True} if form.certificates.data else asked


def _query(form: BatchForm) -> batch.BatchQuery:
    assert form.first_day.data is not None and form.last_day.data is not None  # noqa: S101 - validated
    session = db.session()
    try:
        fund = lookups.fund_by_code(session, form.fund.data).id if form.fund.data else None
        station = lookups.station_by_code(session, form.station.data).id if form.station.data else None
    except NotFound:
        fund = station = 0
    return batch.BatchQuery(
        form.first_day.data,
        form.last_day.data,
        fund,
        station,
        again=bool(form.again.data),
        certificates=bool(form.certificates.data),
    )
