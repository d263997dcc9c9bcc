"""Staff publish the monthly bills (晒账单)."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from portal.db import db
from portal.disclosure import bills as service
from portal.disclosure import national_pages
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.periods import Month, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff.access import current_staff, may
from portal.staff.forms import show_errors

disclosure_desk = Blueprint("disclosure_desk", __name__, url_prefix="/desk/bills")


class PlatformPageForm(FlaskForm):
    """Where a bill stands on the national platform."""

    url = StringField(_l("在慈善中国的网页"), description=_l("以 https:// 开头的网址。"))


class PublishForm(FlaskForm):
    """A word of explanation that goes out with a bill."""

    note = TextAreaField(_l("说明"), description=_l("可以不写；会和账单一起公布，不能再改。"))


@disclosure_desk.get("")
def bills() -> ResponseReturnValue:
    """The bills of one month: which are out, which may be published."""
    session, by = db.session(), current_staff()
    latest = Month.of(today()).plus(-1)
    month = _month(request.args.get("month", ""), latest)
    return render_template(
        "disclosure/desk_bills.html",
        month=month,
        earlier=month.plus(-1),
        later=month.plus(1) if month < latest else None,
        rows=service.due(session, by.scope, month),
    )


@disclosure_desk.get("/<bill_no>")
def bill(bill_no: str) -> ResponseReturnValue:
    """A bill as it will be, or is, published."""
    return _show(bill_no, PublishForm())


@disclosure_desk.post("/<bill_no>/publish")
def publish(bill_no: str) -> ResponseReturnValue:
    """Publish and freeze a bill."""
    form = PublishForm()
    try:
        month = Month.parse(bill_no[:7])
        service.publish(bill_no[8:], month, form.note.data or "", current_staff())
    except ValueError:
        raise NotFound(_("没有这份账单。")) from None
    except Invalid as problem:
        show_errors(form, problem)
        return _show(bill_no, form), 422
    except Conflict as problem:
        flash(problem.message, "error")
        return redirect(url_for(".bill", bill_no=bill_no))
    flash(_("账单已公布并冻结，这个月的账已结。"), "success")
    return redirect(url_for(".bill", bill_no=bill_no))


@disclosure_desk.post("/<bill_no>/national-platform")
def national_platform(bill_no: str) -> ResponseReturnValue:
    """Note where a published bill stands on the national platform."""
    form = PlatformPageForm()
    try:
        national_pages.note(bill_no, form.url.data or "", current_staff())
    except Invalid as problem:
        show_errors(form, problem)
        return _show(bill_no, PublishForm(formdata=None), form), 422
    flash(_("已登记，账单页面会显示这个链接。"), "success")
    return redirect(url_for(".bill", bill_no=bill_no))


def _show(bill_no: str, form: PublishForm, page_form: PlatformPageForm | None = None) -> str:
    session = db.session()
    figures = service.bill_figures(session, bill_no, row_limit=100)
    if not current_staff().scope.permits(figures.scope.organisation.id, None):
        raise NotFound(_("没有这份账单。"))
    ended = figures.month.last < today()
    return render_template(
        "disclosure/desk_bill.html",
        bill=figures,
        form=form,
        page_form=page_form or PlatformPageForm(formdata=None),
        ended=ended,
        may_publish=figures.running and ended and may("disclosure_desk.publish"),
    )


def _month(text: str, latest: Month) -> Month:
    try:
        return min(Month.parse(text), latest)
    except ValueError:
        return latest
