"""Staff publish the bills (晒账单) of every kind, and mend their notes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from portal.db import db
from portal.disclosure import bill_dues, bill_notes, national_pages
from portal.disclosure import bills as service
from portal.disclosure.bill_lines import lines_of
from portal.disclosure.bill_names import period_words
from portal.disclosure.bill_scopes import EARLIEST, read_number
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.periods import CALENDAR, CalendarPeriod, PeriodKind, parse_period, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import SubjectKind
from portal.staff.access import current_staff, may
from portal.staff.forms import show_errors

disclosure_desk = Blueprint("disclosure_desk", __name__, url_prefix="/desk/bills")

_OF = (SubjectKind.ORGANISATION, SubjectKind.STATION, SubjectKind.PROJECT)
ROWS = 100


class PlatformPageForm(FlaskForm):
    """Where a bill stands on the national platform."""

    url = StringField(_l("在慈善中国的网页"), description=_l("以 https:// 开头的网址。"))


class PublishForm(FlaskForm):
    """A word of explanation that goes out with a bill."""

    note = TextAreaField(
        _l("说明"),
        description=_l("可以不写；会和账单一起公布。写给街坊看：这一期做了什么，为什么多了或少了。"),
    )


class NoteForm(FlaskForm):
    """Other words for the note of a published bill, and why."""

    note = TextAreaField(_l("更正后的说明"), description=_l("原来的说明会留在页面上，和新的并排。"))
    reason = TextAreaField(_l("为什么更正"), description=_l("公众会看到，连同时间和您的岗位（不写姓名）。"))


@disclosure_desk.get("")
def bills() -> ResponseReturnValue:
    """The bills of one period: which are out, which may be published."""
    session, by = db.session(), current_staff()
    kind = _kind(request.args.get("kind", ""))
    if kind is PeriodKind.RUN:
        return render_template(
            "disclosure/desk_campaign_bills.html",
            kinds=_kinds(),
            kind=kind,
            rows=bill_dues.due_of_campaigns(session, by.scope),
        )
    latest = CALENDAR[kind].of(today()).plus(-1)
    # The month has been asked for by its own name since the first version.
    text = request.args.get("period", "") or request.args.get("month", "")
    period, of = _period(text, kind, latest), _of(request.args.get("of", ""))
    return render_template(
        "disclosure/desk_bills.html",
        kinds=_kinds(),
        kind=kind,
        of=of,
        things=[(one.value, label(one)) for one in _OF],
        period=period,
        title=period_words(period),
        earlier=period.plus(-1),
        later=period.plus(1) if period.first < latest.first else None,
        rows=bill_dues.due(session, by.scope, period, of),
    )


@disclosure_desk.get("/<bill_no>")
def bill(bill_no: str) -> ResponseReturnValue:
    """A bill as it will be, or is, published."""
    return _show(bill_no)


@disclosure_desk.post("/<bill_no>/publish")
def publish(bill_no: str) -> ResponseReturnValue:
    """Publish and freeze a bill."""
    form = PublishForm()
    try:
        scope, period = read_number(db.session(), bill_no)
        service.publish(scope.number_part, period, form.note.data or "", current_staff())
    except Invalid as problem:
        show_errors(form, problem)
        return _show(bill_no, publishing=form), 422
    except Conflict as problem:
        flash(problem.message, "error")
        return redirect(url_for(".bill", bill_no=bill_no))
    flash(_("账单已公布并冻结，这一期的账已结。") if scope.has_pot else _("账单已公布并冻结。"), "success")
    return redirect(url_for(".bill", bill_no=bill_no))


@disclosure_desk.post("/<bill_no>/note")
def correct_note(bill_no: str) -> ResponseReturnValue:
    """Mend the words of a published bill."""
    form = NoteForm()
    try:
        bill_notes.mend_note(bill_no, form.note.data or "", form.reason.data or "", current_staff())
    except Invalid as problem:
        show_errors(form, problem)
        return _show(bill_no, mending=form), 422
    flash(_("说明已更正，新旧两份都会公开。"), "success")
    return redirect(url_for(".bill", bill_no=bill_no))


@disclosure_desk.post("/<bill_no>/national-platform")
def national_platform(bill_no: str) -> ResponseReturnValue:
    """Note where a published bill stands on the national platform."""
    form = PlatformPageForm()
    try:
        national_pages.note(bill_no, form.url.data or "", current_staff())
    except Invalid as problem:
        show_errors(form, problem)
        return _show(bill_no, page_form=form), 422
    flash(_("已登记，账单页面会显示这个链接。"), "success")
    return redirect(url_for(".bill", bill_no=bill_no))


def _show(
    bill_no: str,
    *,
    publishing: PublishForm | None = None,
    mending: NoteForm | None = None,
    page_form: PlatformPageForm | None = None,
) -> str:
    figures = service.bill_figures(db.session(), bill_no, row_limit=ROWS)
    if not current_staff().scope.permits(figures.scope.organisation.id, None):
        raise NotFound(_("没有这份账单。"))
    return render_template(
        "disclosure/desk_bill.html",
        bill=figures,
        lines=lines_of(figures),
        form=publishing or PublishForm(formdata=None),
        note_form=mending or NoteForm(formdata=None, note=figures.note),
        page_form=page_form or PlatformPageForm(formdata=None),
        may_publish=figures.running and figures.ended and may("disclosure_desk.publish"),
        may_mend=not figures.running and may("disclosure_desk.correct_note"),
    )


def _kinds() -> list[tuple[str, object]]:
    return [(one.value, label(one)) for one in PeriodKind]


def _kind(text: str) -> PeriodKind:
    return PeriodKind(text) if text in set(PeriodKind) else PeriodKind.MONTH


def _of(text: str) -> SubjectKind:
    return next((one for one in _OF if one == text), SubjectKind.ORGANISATION)


def _period(text: str, kind: PeriodKind, latest: CalendarPeriod) -> CalendarPeriod:
    try:
        period = parse_period(text)
    except ValueError:
        return latest
    return period if period.kind is kind and EARLIEST <= period.first <= latest.first else latest
