"""The counter: log gifts one after the other, and review them."""

from contextlib import suppress
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.donors.models import DonorKind
from portal.giving import consent, listing, pledges, service
from portal.giving.consent_forms import ConsentForm
from portal.giving.forms import DonationForm
from portal.giving.item_forms import typed_of
from portal.giving.models import Donation
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.models import Channel, Form
from portal.money import format_yuan
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.allowing import purpose_of, refusal
from portal.registry.models import Fund, Station
from portal.staff import audit, review
from portal.staff.access import current_staff
from portal.staff.documents import DocumentState
from portal.staff.forms import show_errors
from portal.staff.idempotency import submitted_key
from portal.staff.review_forms import ReviewForm, shown_version

giving = Blueprint("giving", __name__, url_prefix="/desk/donations")

KEPT = (
    "fund",
    "station",
    "campaign",
    "project",
    "channel",
    "organisation",
    "form",
    "donor_kind",
    "received_on",
)
"""What the next gift at the counter usually shares with the last."""

SAME = (
    "donor_id",
    "donor_name",
    "donor_kind",
    "received_on",
    "channel",
    "anonymous",
    "publish_name",
    "mask_name",
    "form",
    "external_ref",
    "remark",
    "late_reason",
    "payer_name",
    "restriction",
    "restriction_text",
    "restricted_until",
    "agency",
    "agency_beneficiary",
    "currency",
    "foreign_amount",
    "exchange_rate",
    "rate_source",
    "version",
)
"""What the form shows as the gift holds it."""


@giving.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Log a gift; the next form opens ready, with the last values that usually stay."""
    form = DonationForm()
    by = current_staff()
    if request.method == "GET":
        form.received_on.data = today()
        for name in KEPT:
            if request.args.get(name):
                _keep(form, name, request.args[name])
        if request.args.get("pledge"):
            _fill_from_pledge(form, request.args["pledge"])
        if by.station_id is not None:
            station = db.session().get_one(Station, by.station_id)
            form.station.data = station.code
    form.offer(by.scope)
    if "add_line" in request.form:
        form.items.add_line()
        return _counter(form), 200
    if form.validate_on_submit():
        try:
            donation = service.record(form.details(), by, submitted_key(form.idempotency_key.data))
        except Invalid as problem:
            form.show(problem)
        else:
            flash(_recorded(donation), "success")
            kept = {name: form[name].data for name in KEPT if form[name].data}
            return redirect(url_for(".new", **kept, logged=donation.idempotency_key))
    return _counter(form), 422 if request.method == "POST" else 200


def _counter(form: DonationForm) -> str:
    by = current_staff()
    latest = [one for one in listing.page(db.session(), by) if one.maker_id == by.id][:8]
    return render_template(
        "giving/new.html",
        form=form,
        latest=latest,
        maker_id=by.id,
        till=listing.logged_today(db.session(), by),
    )


def _recorded(donation: Donation) -> str:
    if donation.amount_fen:
        amount = format_yuan(donation.amount_fen)
        return _("已登记 %(no)s，%(amount)s 元，等待另一位同事复核。", no=donation.donation_no, amount=amount)
    return _("已登记 %(no)s，没有计价，等待另一位同事复核。", no=donation.donation_no)


@giving.get("")
def donations() -> ResponseReturnValue:
    """All gifts within reach."""
    wanted = request.args.get("state", "")
    state = DocumentState(wanted) if wanted in set(DocumentState) else None
    rows = listing.page(
        db.session(), current_staff(), state=state, before=request.args.get("before", type=int)
    )
    following = rows[-1].id if len(rows) == listing.PAGE else None
    return render_template(
        "giving/index.html",
        donations=rows,
        state=state,
        state_choices=[(one.value, label(one)) for one in DocumentState],
        following=following,
    )


@giving.get("/<int:donation_id>")
def show(donation_id: int) -> ResponseReturnValue:
    """One gift, with what happened to it."""
    return _show(donation_id, ReviewForm())


@giving.route("/<int:donation_id>/edit", methods=["GET", "POST"])
def edit(donation_id: int) -> ResponseReturnValue:
    """Mend a gift that is not under review."""
    by = current_staff()
    donation = service.find(db.session(), donation_id, by)
    donation.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
    form = DonationForm(data=_as_form(donation))
    form.offer(by.scope)
    if "add_line" in request.form:
        form.items.add_line()
        return render_template("giving/edit.html", form=form, donation=donation)
    if form.validate_on_submit():
        try:
            service.mend(donation_id, form.details(), by, shown_version())
        except Invalid as problem:
            form.show(problem)
        else:
            flash(_("已修改并重新提交复核。"), "success")
            return redirect(url_for(".show", donation_id=donation_id))
    status = 422 if request.method == "POST" else 200
    return render_template("giving/edit.html", form=form, donation=donation), status


@giving.post("/<int:donation_id>/submit")
def submit(donation_id: int) -> ResponseReturnValue:
    """Hand a gift to review."""
    service.submit(donation_id, current_staff(), shown_version())
    flash(_("已提交复核。"), "success")
    return redirect(url_for(".show", donation_id=donation_id))


@giving.post("/<int:donation_id>/withdraw")
def withdraw(donation_id: int) -> ResponseReturnValue:
    """Take a gift back before it is in the ledger."""
    service.withdraw(donation_id, current_staff(), shown_version())
    flash(_("已撤回，这笔不会入账，记录仍然保留。"), "success")
    return redirect(url_for(".show", donation_id=donation_id))


@giving.post("/<int:donation_id>/approve")
def approve(donation_id: int) -> ResponseReturnValue:
    """Approve a gift as shown: it stands in the public ledger at once."""
    donation = service.approve(donation_id, current_staff(), shown_version())
    flash(_("已复核入账：%(no)s。", no=donation.donation_no), "success")
    return redirect(url_for("site_desk.queue"))


@giving.post("/<int:donation_id>/return")
def return_(donation_id: int) -> ResponseReturnValue:
    """Send a gift back with a reason."""
    form = ReviewForm()
    try:
        service.return_to_maker(donation_id, current_staff(), shown_version(), form.reason.data or "")
    except Invalid as problem:
        show_errors(form, problem)
        return _show(donation_id, form), 422
    flash(_("已退回登记人。"), "success")
    return redirect(url_for("site_desk.queue"))


def _show(donation_id: int, form: ReviewForm) -> str:
    session = db.session()
    donation = service.find(session, donation_id, current_staff())
    return render_template(
        "giving/show.html",
        donation=donation,
        mismatch=refusal(donation.fund, purpose_of(donation.project)) if donation.project else None,
        form=form,
        events=audit.of_subject(session, service.SUBJECT, donation.id),
        decisions=review.decisions_on(session, service.SUBJECT, donation.id),
        consents=consent.records_of(session, donation),
        consent_form=ConsentForm.offered(),
    )


def _keep(form: DonationForm, name: str, value: str) -> None:
    """Fill a field with what the last gift had; a value that is none leaves the field as it is."""
    kind = {"channel": Channel, "form": Form, "donor_kind": DonorKind, "received_on": date.fromisoformat}.get(
        name, str
    )
    with suppress(ValueError):
        form[name].process_data(kind(value))


def _fill_from_pledge(form: DonationForm, pledge_no: str) -> None:
    """What a gift that fulfils a pledge shares with it; the donor's name travels in no address."""
    pledge = pledges.find(db.session(), pledge_no, current_staff())
    form.pledge.data, form.fund.data, form.donor_name.data = (
        pledge.pledge_no,
        pledge.fund.code,
        pledge.donor_name,
    )
    form.amount.data = pledges.standing(db.session(), pledge).next_fen


def _as_form(donation: Donation) -> dict[str, object]:
    fund: Fund = donation.fund
    return {
        "amount": donation.amount_fen,
        "items": typed_of(donation.items),
        **{name: getattr(donation, name) for name in SAME},
        "pledge": donation.pledge.pledge_no if donation.pledge else "",
        "organisation": donation.organisation.uscc,
        "fund": fund.code,
        "station": donation.station.code if donation.station else None,
        "campaign": donation.campaign.code if donation.campaign else None,
        "project": donation.project.code if donation.project else None,
    }
