"""Lists of persons at the desk: brought in as a file or typed, put right row by row, and handed to one payout."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.beneficiaries import listing, lists, payouts
from portal.beneficiaries.faults import Finding
from portal.beneficiaries.judging import judge_of
from portal.beneficiaries.lists import NewList
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.beneficiaries.person import Person, masked
from portal.db import db, writing
from portal.i18n import gettext as _
from portal.imports import payout_lists as service
from portal.imports.payout_list_forms import AgainForm, NewListForm, PersonForm
from portal.imports.reading.files import UnreadableFile
from portal.labels import label
from portal.refusals import Invalid, NotFound
from portal.registry import lookups
from portal.staff import audit, quota
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.review_forms import shown_version
from portal.staff.uploads import takes_files

payout_lists = Blueprint("payout_lists", __name__, url_prefix="/desk/payout-lists")

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ShownRow:
    """A row with what is wrong with it, the person masked."""

    row: Beneficiary
    person: Person
    findings: list[Finding]


@payout_lists.get("")
def index() -> ResponseReturnValue:
    """All lists within reach."""
    rows = listing.page(db.session(), current_staff().scope, before=request.args.get("before", type=int))
    return render_template(
        "beneficiaries/lists.html", rows=rows, following=rows[-1].id if len(rows) == listing.PAGE else None
    )


@payout_lists.route("/new", methods=["GET", "POST"])
@takes_files()
def new() -> ResponseReturnValue:
    """Bring a file, or begin an empty list."""
    form, by = NewListForm(), current_staff()
    form.offer(by.scope)
    if form.validate_on_submit():
        try:
            made, fresh = _take_in(form)
        except UnreadableFile as problem:
            form.file.errors = [str(problem)]
        except (Invalid, NotFound) as problem:
            show_errors(
                form, problem if isinstance(problem, Invalid) else Invalid({"organisation": problem.message})
            )
        else:
            if not fresh:
                flash(_("这份名单已经上传过，还没有用来申请支出，为您打开原来那一份。"), "warning")
            elif made.rows:
                flash(
                    _("已认出 %(count)d 人。请核对，改好有问题的行，再申请支出。", count=made.rows), "success"
                )
            return redirect(url_for(".show", list_id=made.id))
    return render_template("beneficiaries/new.html", form=form), 422 if request.method == "POST" else 200


@payout_lists.get("/<int:list_id>")
def show(list_id: int) -> ResponseReturnValue:
    """One list: what was recognised, row by row, with what is wrong."""
    return _show(list_id, AgainForm())


@payout_lists.post("/<int:list_id>/again")
@takes_files()
def again(list_id: int) -> ResponseReturnValue:
    """Bring the downloaded workbook back."""
    form, by = AgainForm(), current_staff()
    if form.file.data is None:
        form.file.errors = [_("请选择文件。")]
        return _show(list_id, form), 422
    try:
        upload = form.file.data
        _list, count = service.take_again(list_id, upload.read(), upload.filename, by, shown_version())
    except UnreadableFile as problem:
        form.file.errors = [str(problem)]
    except Invalid as problem:
        show_errors(form, problem)
    else:
        flash(_("已收下改好的 %(count)d 行。", count=count), "success")
        return redirect(url_for(".show", list_id=list_id))
    return _show(list_id, form), 422


@payout_lists.route("/<int:list_id>/rows/<int:position>", methods=["GET", "POST"])
def row(list_id: int, position: int) -> ResponseReturnValue:
    """Put one person right; afterwards the next one that needs a look opens."""
    by = current_staff()
    of_list, found = _open_row(list_id, position)
    form = PersonForm.offered(found, of_list.version)
    if form.validate_on_submit():
        lists.mend(list_id, position, form.details(), by, shown_version())
        flash(_("第 %(row)d 行已保存。", row=found.row_no), "success")
        return _to_next(list_id, position)
    judge = judge_of(db.session(), of_list, by.scope, [position])
    return render_template(
        "beneficiaries/row.html",
        form=form,
        of_list=of_list,
        row=found,
        findings=judge.findings(found, Person.of(found), found.amount_fen),
    ), 422 if request.method == "POST" else 200


@payout_lists.route("/<int:list_id>/add", methods=["GET", "POST"])
def add(list_id: int) -> ResponseReturnValue:
    """Add a person by hand."""
    by = current_staff()
    of_list = lists.find(db.session(), list_id, by)
    form = PersonForm.offered(None, of_list.version)
    if form.validate_on_submit():
        lists.add(list_id, form.details(), by, shown_version())
        flash(_("已加进名单。"), "success")
        if request.form.get("then") == "another":
            return redirect(url_for(".add", list_id=list_id))
        return redirect(url_for(".show", list_id=list_id))
    return render_template("beneficiaries/row.html", form=form, of_list=of_list, row=None, findings=[]), (
        422 if request.method == "POST" else 200
    )


@payout_lists.post("/<int:list_id>/rows/<int:position>/leave-out")
def leave_out(list_id: int, position: int) -> ResponseReturnValue:
    """Leave a person out."""
    return _change(lists.leave_out, list_id, position)


@payout_lists.post("/<int:list_id>/rows/<int:position>/keep")
def keep(list_id: int, position: int) -> ResponseReturnValue:
    """Keep a person as stated."""
    return _change(lists.keep, list_id, position)


@payout_lists.get("/<int:list_id>/to-mend.xlsx")
def download(list_id: int) -> ResponseReturnValue:
    """The rows that are not in order, as a workbook with a message column."""
    answer = Response(service.workbook(list_id, current_staff()), mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="payout-list-{list_id}-to-mend.xlsx"'
    return answer


@payout_lists.post("/<int:list_id>/drop")
def drop(list_id: int) -> ResponseReturnValue:
    """Forget a list that no payout was requested with."""
    lists.drop(list_id, current_staff(), shown_version())
    flash(_("名单已丢弃，上面的个人信息已全部删除。"), "success")
    return redirect(url_for(".index"))


def _take_in(form: NewListForm) -> tuple[BeneficiaryList, bool]:
    by = current_staff()
    organisation = lookups.organisation_by_uscc(db.session(), form.organisation.data or "")
    group = form.group.data or ""
    if form.file.data is None:
        made = NewList(organisation.id, group, with_amounts=form.kind.data == "money")
        return lists.create(made, [], by)
    upload = form.file.data
    return service.take_in(upload.read(), upload.filename, organisation.id, group, by)


def _open_row(list_id: int, position: int) -> tuple[BeneficiaryList, Beneficiary]:
    """A row to be put right is shown in full: on record, and for others than its maker within the day's quota."""
    by = current_staff()
    of_list = lists.find(db.session(), list_id, by)
    found = lists.find_row(db.session(), of_list, position)
    if request.method == "GET":
        try:
            with writing() as session:
                mine = by.id == of_list.maker_id
                if not mine:
                    quota.require_full_view(session, by)
                audit.record(
                    session,
                    staff=by,
                    action="beneficiary_list.row_opened" if mine else "beneficiary.revealed",
                    subject_kind="beneficiary",
                    subject_id=found.id,
                )
        except quota.QuotaUsedUp:
            quota.note_refusal(by, "beneficiary", found.id)
            raise
    return of_list, found


def _change(change: Callable[..., BeneficiaryList], list_id: int, position: int) -> ResponseReturnValue:
    change(list_id, position, current_staff(), shown_version())
    return _to_next(list_id, position)


def _to_next(list_id: int, position: int) -> ResponseReturnValue:
    following = listing.next_to_mend(db.session(), list_id, position)
    if following is None:
        return redirect(url_for(".show", list_id=list_id))
    return redirect(url_for(".row", list_id=list_id, position=following))


def _show(list_id: int, form: AgainForm) -> str:
    session, by = db.session(), current_staff()
    of_list = lists.find(session, list_id, by)
    wanted = request.args.get("state", "")
    state = PersonState(wanted) if wanted in set(PersonState) else None
    rows = listing.rows(session, of_list, state=state, after=request.args.get("after", 0, type=int))
    judge = judge_of(session, of_list, by.scope, [one.position for one in rows] or [0])
    may_change = lists.can_be_changed(session, of_list)
    mine = may_change and by.id == of_list.maker_id
    shown = []
    for one in rows:
        person = Person.of(one)
        found = [] if one.state is PersonState.LEFT_OUT else judge.findings(one, person, one.amount_fen)
        if not mine:
            found = [finding.masked() for finding in found]
        shown.append(ShownRow(one, masked(person), found))
    return render_template(
        "beneficiaries/list.html",
        of_list=of_list,
        rows=shown,
        form=form,
        state=state,
        state_choices=[(one.value, label(one)) for one in PersonState],
        following=rows[-1].position if len(rows) == listing.ROWS else None,
        problems=service.problems_of(session, of_list),
        payout=payouts.find(session, of_list.disbursement_id),
        may_change=may_change,
        to_mend=listing.next_to_mend(session, of_list.id, 0) if may_change else None,
        events=audit.of_subject(session, lists.SUBJECT, of_list.id),
    )
