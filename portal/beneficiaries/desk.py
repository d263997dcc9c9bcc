"""Persons who were helped, at the desk: found, looked at in full on record, paid by the bank, erased on request."""

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.beneficiaries import bank_file as bank
from portal.beneficiaries import interests as interest_service
from portal.beneficiaries import lists, payouts, pointers, register, taking
from portal.beneficiaries.forms import EraseForm, InterestForm, LimitForm, ReturnedForm
from portal.beneficiaries.models import Beneficiary
from portal.beneficiaries.person import Person, masked
from portal.db import db
from portal.i18n import gettext as _
from portal.periods import today
from portal.refusals import Invalid, NotFound
from portal.registry import lookups
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.models import StaffMember

beneficiaries = Blueprint("beneficiaries", __name__, url_prefix="/desk/beneficiaries")

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@beneficiaries.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """Find a person by the whole of a document's number, a name or a telephone number.

    What is looked for is posted, so that it stands in no address and no log.
    """
    session, by = db.session(), current_staff()
    text = request.form.get("q", "").strip()
    rows = register.look_up(session, text, by) if text else []
    shown = [
        (row, masked(Person.of(row)), payouts.find(session, row.on_list.disbursement_id)) for row in rows
    ]
    return render_template("beneficiaries/index.html", text=text, rows=shown)


@beneficiaries.get("/<int:beneficiary_id>")
def show(beneficiary_id: int) -> ResponseReturnValue:
    """One person, masked, with the aid they had."""
    return _show(beneficiary_id)


@beneficiaries.post("/<int:beneficiary_id>/reveal")
def reveal(beneficiary_id: int) -> ResponseReturnValue:
    """Show a person in full, once; that it was looked at is on record."""
    return _show(beneficiary_id, revealed=register.reveal(beneficiary_id, current_staff()))


@beneficiaries.post("/<int:beneficiary_id>/erase")
def erase(beneficiary_id: int) -> ResponseReturnValue:
    """Forget who a person is."""
    form = EraseForm()
    try:
        count = register.erase(beneficiary_id, current_staff(), form.confirmed.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(beneficiary_id, erase_form=form), 422
    flash(_("已删除这个人的信息（%(count)d 条）。金额、人群和人数仍在账上。", count=count), "success")
    return redirect(url_for(".show", beneficiary_id=beneficiary_id))


@beneficiaries.post("/<int:beneficiary_id>/returned")
def returned(beneficiary_id: int) -> ResponseReturnValue:
    """Note that the bank sent a transfer back."""
    form = ReturnedForm()
    if form.validate() and form.returned_on.data is not None:
        try:
            bank.mark_returned(
                beneficiary_id, form.returned_on.data, form.return_reason.data or "", current_staff()
            )
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记退票。钱要回到基金，请到支出页面按说明红冲、重新申请。"), "success")
            return redirect(url_for(".show", beneficiary_id=beneficiary_id))
    return _show(beneficiary_id, returned_form=form), 422


@beneficiaries.get("/of-payout/<int:disbursement_id>/bank.xlsx")
def bank_file(disbursement_id: int) -> ResponseReturnValue:
    """The file the bank pays a payout's list from."""
    answer = Response(bank.bank_file(disbursement_id, current_staff()), mimetype=WORKBOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="payout-{disbursement_id}-bank.xlsx"'
    return answer


@beneficiaries.get("/of-payout/<int:disbursement_id>/interests")
def interests(disbursement_id: int) -> ResponseReturnValue:
    """Beneficiaries with an interest, and why the reviewer approves all the same."""
    return _interests(disbursement_id, InterestForm())


@beneficiaries.post("/of-payout/<int:disbursement_id>/interests")
def note_interests(disbursement_id: int) -> ResponseReturnValue:
    """Write down why a payout with such beneficiaries may be approved."""
    form = InterestForm()
    if form.validate_on_submit():
        try:
            interest_service.note_reason(disbursement_id, form.interest_reason.data or "", current_staff())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已记下核实的结果，现在可以复核这笔支出。"), "success")
            return redirect(url_for("spending.show", disbursement_id=disbursement_id))
    return _interests(disbursement_id, form), 422


def _interests(disbursement_id: int, form: InterestForm) -> str:
    session, by = db.session(), current_staff()
    payout = payouts.find(session, disbursement_id)
    if payout is None or not by.scope.permits(payout.organisation_id, None):
        raise NotFound(_("没有找到这笔支出。"))
    return render_template(
        "beneficiaries/interests.html",
        payout=payout,
        form=form,
        interests=interest_service.interests_in(session, payout, by),
        notes=interest_service.notes_on(session, disbursement_id),
    )


@beneficiaries.get("/limits")
def limits() -> ResponseReturnValue:
    """Up to which amounts organisations' aid may go with a count only."""
    session = db.session()
    found = [
        (one, taking.limit_of(session, one.id))
        for one in lookups.active_organisations(session, current_staff().scope)
    ]
    return render_template("beneficiaries/limits.html", limits=found)


@beneficiaries.route("/limits/<code>", methods=["GET", "POST"])
def limit(code: str) -> ResponseReturnValue:
    """Up to which amount an organisation's aid to persons may go with a count only."""
    session, by = db.session(), current_staff()
    organisation = lookups.organisation_by_uscc(session, code)
    if not by.scope.permits(organisation.id, None):
        raise NotFound(_("没有找到这个组织。"))
    form = LimitForm(data={"limit": taking.limit_of(session, organisation.id)})
    if form.validate_on_submit() and form.limit.data is not None:
        taking.set_limit(organisation.id, form.limit.data, by)
        flash(_("已保存。"), "success")
        return redirect(url_for(".limits"))
    return render_template("beneficiaries/limit.html", organisation=organisation, form=form), (
        422 if request.method == "POST" else 200
    )


@beneficiaries.app_template_global("beneficiaries_of_payout")
def beneficiaries_of_payout(disbursement_id: int) -> pointers.OfPayout | None:
    """What the page of a payout shows of its beneficiaries."""
    by: StaffMember | None = g.get("staff")
    return pointers.of_payout(db.session(), disbursement_id, by) if by is not None else None


def _show(
    beneficiary_id: int,
    *,
    revealed: Person | None = None,
    erase_form: EraseForm | None = None,
    returned_form: ReturnedForm | None = None,
) -> str:
    session, by = db.session(), current_staff()
    found: Beneficiary = register.find(session, beneficiary_id, by)
    of_list = lists.find(session, found.list_id, by)
    aid = [
        (row, payouts.find(session, row.on_list.disbursement_id))
        for row in register.aid_of(session, found, by)
    ]
    return render_template(
        "beneficiaries/show.html",
        row=found,
        of_list=of_list,
        payout=payouts.find(session, of_list.disbursement_id),
        person=revealed or masked(Person.of(found)),
        revealed=revealed is not None,
        aid=aid,
        erase_form=erase_form or EraseForm(),
        returned_form=returned_form or ReturnedForm(data={"returned_on": today()}),
    )
