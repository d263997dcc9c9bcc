"""What a donor agrees to, or no longer agrees to, after the gift: show or hide the name."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal.giving import consent
from portal.giving.consent_forms import ConsentForm
from portal.giving.consent_models import ConsentHow, ConsentShown
from portal.giving.desk import giving
from portal.i18n import gettext as _
from portal.staff.access import current_staff

__all__ = ["giving"]


@giving.post("/<int:donation_id>/consent")
def give_consent(donation_id: int) -> ResponseReturnValue:
    """The donor agreed to have the name shown."""
    form = ConsentForm.offered()
    valid = form.validate()
    consent.give_consent(
        donation_id,
        current_staff(),
        how=form.how.data if valid else ConsentHow.IN_PERSON,
        shown=form.shown.data if valid else ConsentShown.NAME,
    )
    flash(_("已公开捐赠人的姓名。"), "success")
    return redirect(url_for(".show", donation_id=donation_id))


@giving.post("/<int:donation_id>/consent/withdraw")
def withdraw_consent(donation_id: int) -> ResponseReturnValue:
    """The donor no longer wants the name shown."""
    form = ConsentForm.offered()
    how = form.how.data if form.validate() else ConsentHow.IN_PERSON
    consent.withdraw_consent(donation_id, current_staff(), how=how)
    flash(_("已撤回公开，网站上不再显示姓名。"), "success")
    return redirect(url_for(".show", donation_id=donation_id))
