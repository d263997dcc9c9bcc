"""Papers for donors at the desk: print the acknowledgement or the certificate of a gift, void one, see the register."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.giving.models import Donation
from portal.i18n import gettext as _
from portal.receipts import service
from portal.receipts.models import Acknowledgement
from portal.reports.pages import pdf_response
from portal.reports.papers import set_acknowledgements, set_certificate
from portal.reports.publisher import current_publisher
from portal.staff.access import current_staff

papers = Blueprint("papers", __name__, url_prefix="/desk")


@papers.get("/acknowledgements")
def register() -> ResponseReturnValue:
    """The register of acknowledgements, or of void ones only."""
    session, only_void = db.session(), request.args.get("void") == "1"
    rows = service.register(
        session, current_staff(), only_void=only_void, before=request.args.get("before", type=int)
    )
    return render_template(
        "receipts/register.html",
        rows=rows,
        reversed_ids=service.reversed_among(session, rows),
        only_void=only_void,
        following=rows[-1].id if len(rows) == service.PAGE else None,
    )


@papers.post("/donations/<int:donation_id>/acknowledgement")
def acknowledgement(donation_id: int) -> Response:
    """Print the acknowledgement of a gift."""
    facts = service.acknowledge(donation_id, current_staff())
    document = set_acknowledgements([facts], current_publisher())
    return pdf_response(document, _("捐赠回执%(no)s", no=facts.number))


@papers.post("/donations/<int:donation_id>/acknowledgement/void")
def void(donation_id: int) -> ResponseReturnValue:
    """Void the acknowledgement of a gift."""
    found = service.void(donation_id, current_staff(), request.form.get("reason", ""))
    flash(_("回执 %(no)s 已作废，号码不再使用。", no=found.receipt_no), "success")
    return redirect(url_for("giving.show", donation_id=donation_id))


@papers.post("/donations/<int:donation_id>/certificate")
def certificate(donation_id: int) -> Response:
    """Print the certificate of a gift."""
    facts = service.certify(donation_id, current_staff())
    return pdf_response(set_certificate(facts, current_publisher()), _("捐赠证书%(no)s", no=facts.number))


@papers.app_template_global("acknowledgement_of")
def acknowledgement_of(donation: Donation) -> Acknowledgement | None:
    """What was given out for a gift, for the gift's own page."""
    return service.of_donation(db.session(), donation)
