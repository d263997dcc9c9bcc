"""Donors at the desk: find one while typing, see what one gave, mend the record, merge doubles."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.donors import contacts, lookup, service
from portal.donors.models import Donor
from portal.giving.donor_forms import ContactForm, DonorForm
from portal.giving.listing import gifts_of
from portal.i18n import gettext as _
from portal.labels import label
from portal.refusals import Invalid, NotFound
from portal.registry import lookups
from portal.staff.access import current_staff
from portal.staff.forms import show_errors

donors = Blueprint("donors", __name__, url_prefix="/desk/donors")


@donors.get("/lookup", endpoint="lookup")
def matches() -> ResponseReturnValue:
    """Donors that match what was typed so far, as JSON; ``fund`` narrows them to its organisation's."""
    session, by = db.session(), current_staff()
    owner = None
    if request.args.get("fund"):
        try:
            owner = lookups.fund_by_code(session, request.args["fund"]).organisation_id
        except NotFound:
            owner = None
    found = lookup.look_up(session, request.args.get("q", ""), by, organisation_id=owner)
    return jsonify(donors=[_match(one) for one in found])


@donors.get("")
def index() -> ResponseReturnValue:
    """All donors within reach, those that match a text, or those that look like doubles."""
    session, by = db.session(), current_staff()
    text, only_doubles = request.args.get("q", ""), request.args.get("doubles") == "1"
    rows = (
        lookup.with_doubles(session, by)
        if only_doubles
        else lookup.page(session, by, text=text, before=request.args.get("before", type=int))
    )
    return render_template(
        "giving/donors.html",
        rows=rows,
        text=text,
        only_doubles=only_doubles,
        following=rows[-1].id if len(rows) == lookup.PAGE and not only_doubles else None,
    )


@donors.get("/<int:donor_id>")
def show(donor_id: int) -> ResponseReturnValue:
    """One donor: gifts, contacts (masked), doubles, and what was merged."""
    return _show(donor_id)


@donors.post("/<int:donor_id>")
def edit(donor_id: int) -> ResponseReturnValue:
    """Mend name and kind."""
    service.find(db.session(), donor_id, current_staff())
    form = DonorForm.offered()
    if form.validate():
        try:
            service.edit(donor_id, form.details(), current_staff())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已修改捐赠人档案。"), "success")
            return redirect(url_for(".show", donor_id=donor_id))
    return _show(donor_id, form=form), 422


@donors.post("/<int:donor_id>/contacts")
def add_contact(donor_id: int) -> ResponseReturnValue:
    """Note how the donor is reached."""
    service.find(db.session(), donor_id, current_staff())
    form = ContactForm.offered()
    if form.validate():
        try:
            typed = contacts.read_contact(form.contact_kind.data, form.contact.data or "", "contact")
            service.add_contact(donor_id, typed, current_staff())
        except Invalid as problem:
            show_errors(form, problem)
        else:
            flash(_("已登记联系方式，加密保存。"), "success")
            return redirect(url_for(".show", donor_id=donor_id))
    return _show(donor_id, contact_form=form), 422


@donors.post("/<int:donor_id>/contacts/<int:contact_id>/reveal")
def reveal(donor_id: int, contact_id: int) -> ResponseReturnValue:
    """Show a contact in full, once; that it was looked at is on record."""
    revealed = service.reveal(donor_id, contact_id, current_staff())
    return _show(donor_id, revealed={contact_id: revealed})


@donors.post("/<int:donor_id>/contacts/<int:contact_id>/remove")
def remove_contact(donor_id: int, contact_id: int) -> ResponseReturnValue:
    """Forget a contact."""
    service.remove_contact(donor_id, contact_id, current_staff())
    flash(_("已删除这个联系方式。"), "success")
    return redirect(url_for(".show", donor_id=donor_id))


@donors.post("/<int:donor_id>/merge")
def merge(donor_id: int) -> ResponseReturnValue:
    """Take another donor for the same as this one."""
    other = request.form.get("other", type=int) or 0
    service.merge(donor_id, other, current_staff())
    flash(_("已合并。看错了可以在下面撤销，撤销后两份档案和原来一样。"), "success")
    return redirect(url_for(".show", donor_id=donor_id))


@donors.post("/<int:donor_id>/merges/<int:merge_id>/undo")
def undo_merge(donor_id: int, merge_id: int) -> ResponseReturnValue:
    """Undo a merge."""
    service.undo_merge(donor_id, merge_id, current_staff())
    flash(_("已撤销合并，两份档案恢复原样。"), "success")
    return redirect(url_for(".show", donor_id=donor_id))


def _show(
    donor_id: int,
    *,
    form: DonorForm | None = None,
    contact_form: ContactForm | None = None,
    revealed: dict[int, str] | None = None,
) -> str:
    session, by = db.session(), current_staff()
    donor = service.find(session, donor_id, by)
    return render_template(
        "giving/donor.html",
        donor=donor,
        kept=lookup.root_of(session, donor),
        form=form or DonorForm.offered(donor),
        contact_form=contact_form or ContactForm.offered(),
        known=[(one, (revealed or {}).get(one.id) or contacts.masked(one)) for one in donor.contacts],
        revealed=revealed or {},
        gifts=gifts_of(session, service.family(session, donor)),
        doubles=lookup.doubles_of(session, donor, by),
        merges=service.merges_of(session, donor),
    )


def _match(donor: Donor) -> dict[str, object]:
    phones = [contacts.masked(one) for one in donor.contacts if one.tail_digest]
    return {
        "id": donor.id,
        "name": donor.name,
        "kind": donor.kind.value,
        "kind_label": str(label(donor.kind)),
        "phone": phones[0] if phones else "",
    }
