"""Certificates for many gifts at once: given out in one transaction, numbered without a gap, then read for print."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.giving.models import Donation
from portal.periods import now
from portal.receipts.batch import gifts_by_id
from portal.receipts.facts import PaperFacts, facts_of
from portal.receipts.models import Certificate
from portal.receipts.service import certificate_numbers
from portal.staff import audit
from portal.staff.models import StaffMember

_CHUNK = 500


def issue(session: Session, donation_ids: Sequence[int], by: StaffMember) -> None:
    """Give out certificates inside the caller's transaction; those given out before count one print more."""
    known = set(
        session.scalars(select(Certificate.donation_id).where(Certificate.donation_id.in_(donation_ids)))
    )
    session.execute(
        update(Certificate).where(Certificate.donation_id.in_(known)).values(printed=Certificate.printed + 1)
    )
    by_organisation: dict[int, list[Donation]] = defaultdict(list)
    new = gifts_by_id(session, [one for one in donation_ids if one not in known])
    for donation_id in donation_ids:
        if donation_id in new:
            by_organisation[new[donation_id].organisation_id].append(new[donation_id])
    at = now()
    for _owner, gifts in sorted(by_organisation.items()):
        numbers = certificate_numbers(session, gifts[0].organisation, len(gifts))
        session.add_all(
            Certificate(donation_id=gift.id, certificate_no=number, issued_at=at, issued_by_id=by.id)
            for gift, number in zip(gifts, numbers, strict=True)
        )
    session.flush()
    audit.record(
        session,
        staff=by,
        action="certificate.batch",
        subject_kind="certificate",
        detail={"count": len(donation_ids)},
    )


def papers(session: Session, donation_ids: Sequence[int]) -> Iterator[PaperFacts]:
    """What the certificates of gifts say, in order; one that was erased meanwhile is left out."""
    for first in range(0, len(donation_ids), _CHUNK):
        chunk = donation_ids[first : first + _CHUNK]
        given = {
            one.donation_id: one
            for one in session.scalars(select(Certificate).where(Certificate.donation_id.in_(chunk)))
        }
        gifts = gifts_by_id(session, chunk)
        for donation_id in chunk:
            if donation_id in given and gifts[donation_id].erased_at is None:
                paper = given[donation_id]
                yield facts_of(gifts[donation_id], paper.certificate_no, copy=paper.printed)
