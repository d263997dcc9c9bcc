"""Pieces of evidence of a payout, as far along as a test needs them."""

from portal.db import db
from portal.evidence import attaching, publishing, redacting, subjects
from portal.evidence.attaching import Attached, EvidenceDetails, HandedIn
from portal.evidence.models import Evidence, EvidenceKind
from portal.evidence.redacting import RedactionDetails
from portal.spending.models import Disbursement
from portal.staff.models import StaffMember
from tests import people
from tests.evidence import papers

LEFT_QUARTER = "1 0 0 25 100"


def attach(payout: Disbursement, *contents: bytes, by: StaffMember | None = None) -> Attached:
    """Hand in files about a payout."""
    who = by or people.clerk()
    subject = subjects.kind_of("disbursement").find(db.session(), payout.id, who)
    files = [HandedIn(papers.FILE_NAME, one) for one in contents]
    details = EvidenceDetails(EvidenceKind.PHOTO, files, note="王小明签收")
    return attaching.attach(("disbursement", payout.id), subject, details, who)


def kept(payout: Disbursement, content: bytes | None = None) -> Evidence:
    """A piece that is for staff only."""
    [piece] = attach(payout, content or papers.photo()).pieces
    return piece


def redacted(
    payout: Disbursement, content: bytes | None = None, boxes: str = LEFT_QUARTER, caption: str = "发放现场"
) -> Evidence:
    """A piece that waits to be published."""
    piece = kept(payout, content)
    details = RedactionDetails(boxes, caption, nothing_to_hide=not boxes)
    return redacting.redact(piece.id, details, people.clerk(), piece.version)


def published(payout: Disbursement, content: bytes | None = None, boxes: str = LEFT_QUARTER) -> Evidence:
    """A piece that everybody sees."""
    piece = redacted(payout, content, boxes)
    return publishing.publish(piece.id, people.reviewer(), piece.version)
