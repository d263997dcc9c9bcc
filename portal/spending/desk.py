"""Staff request payouts, mend and follow them; what happens to a payout after that is in ``steps_desk.py``."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.beneficiaries.taking import list_of
from portal.db import db
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Form
from portal.money import format_yuan
from portal.refusals import Conflict, Invalid
from portal.spending import listing, service
from portal.spending.forms import DisbursementForm
from portal.spending.helped_forms import stated_by_list
from portal.spending.kinds import DESCRIPTIONS
from portal.spending.models import Disbursement, DisbursementKind, DisbursementState
from portal.spending.showing import render_payout
from portal.staff.access import current_staff
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import shown_version

spending = Blueprint("spending", __name__, url_prefix="/desk/disbursements")


@spending.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Request a payout: first its kind, then what that kind needs."""
    wanted = request.args.get("kind", "")
    if wanted not in set(DisbursementKind):
        kinds = [(one.value, label(one), DESCRIPTIONS[one]) for one in DisbursementKind]
        return render_template("spending/kinds.html", kinds=kinds)
    kind = DisbursementKind(wanted)
    if kind is DisbursementKind.GOODS:
        return redirect(url_for(".goods_new"))
    by = current_staff()
    form = DisbursementForm(kind, data=stated_by_list(by))
    form.offer(by)
    if form.validate_on_submit():
        try:
            requested = service.request(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            show_errors(form, problem)
        else:
            message = _("已申请 %(no)s，%(amount)s 元，等待另一位同事复核。款项已在基金里预留。")
            flash(
                message % {"no": requested.disbursement_no, "amount": format_yuan(requested.amount_fen)},
                "success",
            )
            return redirect(url_for(".show", disbursement_id=requested.id))
    page = render_template("spending/new.html", form=form, kind=kind)
    return page, 422 if request.method == "POST" else 200


@spending.get("")
def disbursements() -> ResponseReturnValue:
    """All payouts within reach."""
    wanted = request.args.get("state", "")
    state = DisbursementState(wanted) if wanted in set(DisbursementState) else None
    rows = listing.page(
        db.session(), current_staff(), state=state, before=request.args.get("before", type=int)
    )
    return render_template(
        "spending/index.html",
        disbursements=rows,
        state=state,
        state_choices=[(one.value, label(one)) for one in DisbursementState],
        following=rows[-1].id if len(rows) == listing.PAGE else None,
    )


@spending.get("/<int:disbursement_id>")
def show(disbursement_id: int) -> ResponseReturnValue:
    """One payout, with what happened to it and what may be done next."""
    return render_payout(disbursement_id)


@spending.route("/<int:disbursement_id>/edit", methods=["GET", "POST"])
def edit(disbursement_id: int) -> ResponseReturnValue:
    """Mend a payout that is not under review."""
    by = current_staff()
    disbursement = service.find(db.session(), disbursement_id, by)
    disbursement.require_state(DisbursementState.DRAFT, DisbursementState.RETURNED)
    if disbursement.form is Form.GOODS:
        raise Conflict(_l("物资发放单不能修改，请撤回后重新填一张。"))
    form = DisbursementForm(disbursement.kind, data=_as_form(disbursement))
    form.offer(by)
    if form.validate_on_submit():
        try:
            service.mend(disbursement_id, form.details(), by, shown_version())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已修改并重新提交复核。"), "success")
            return redirect(url_for(".show", disbursement_id=disbursement_id))
    status = 422 if request.method == "POST" else 200
    return render_template("spending/edit.html", form=form, disbursement=disbursement), status


@spending.post("/<int:disbursement_id>/submit")
def submit(disbursement_id: int) -> ResponseReturnValue:
    """Hand a payout to review."""
    service.submit(disbursement_id, current_staff(), shown_version())
    flash(_("已提交复核。"), "success")
    return redirect(url_for(".show", disbursement_id=disbursement_id))


@spending.post("/<int:disbursement_id>/withdraw")
def withdraw(disbursement_id: int) -> ResponseReturnValue:
    """Take a payout back before it is paid."""
    service.withdraw(disbursement_id, current_staff(), shown_version())
    flash(_("已撤回，这笔不会入账，记录仍然保留。"), "success")
    return redirect(url_for(".show", disbursement_id=disbursement_id))


def _as_form(disbursement: Disbursement) -> dict[str, object]:
    of_list = list_of(db.session(), disbursement.id)
    copied = ("purpose", "recipient", "recipient_uscc", "beneficiary_count", "remark", "version")
    return {
        **{name: getattr(disbursement, name) for name in copied},
        "amount": disbursement.amount_fen,
        "organisation": disbursement.organisation.uscc,
        "fund": disbursement.fund.code,
        "project": disbursement.project.code if disbursement.project else None,
        "budget_line": disbursement.budget_line_code,
        "purpose_kind": disbursement.purpose_kind.value if disbursement.purpose_kind else None,
        "committee_decision": str(disbursement.committee_decision_id or "") or None,
        "campaign": disbursement.campaign.code if disbursement.campaign else None,
        "beneficiary_list": of_list.id if of_list else None,
    }
