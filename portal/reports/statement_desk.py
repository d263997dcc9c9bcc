"""The statement of a donor's year, at the desk: what to hand to an enterprise that asks where its gifts went."""

from flask import Response, request

from portal.db import db
from portal.donors import service as donors
from portal.i18n import gettext as _
from portal.reports.asked import year_of
from portal.reports.document_pdf import print_document
from portal.reports.kinds import KINDS
from portal.reports.pages import base_address, pdf_response
from portal.reports.paper_batch_desk import papers
from portal.staff.access import current_staff

__all__ = ["papers"]

KIND = "donor-statement"


@papers.post("/donors/<int:donor_id>/statement")
def donor_statement(donor_id: int) -> Response:
    """Make the statement of a year; that it was made is on record."""
    session, by, kind = db.session(), current_staff(), KINDS[KIND]
    asked = {"donor": str(donor_id), "year": request.form.get("year", "")}
    kind.permit(session, asked, by)
    document = kind.read(session, asked)
    if kind.note is not None:
        kind.note(asked, by)
    response = pdf_response(
        print_document(document, base_address()),
        _(
            "%(year)s年捐赠对账单%(donor)s",
            year=year_of(asked),
            donor=donors.find(session, donor_id, by).name,
        ),
    )
    response.headers["Cache-Control"] = "no-store"
    return response
