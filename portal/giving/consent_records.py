"""Keep the record of consents in step with what a gift shows."""

from sqlalchemy import case, insert, literal, select
from sqlalchemy.orm import Session

from portal.db import words
from portal.giving.consent_models import TEXT_VERSION, ConsentHow, ConsentShown, NameConsent
from portal.giving.models import Donation
from portal.periods import now
from portal.staff.models import StaffMember


def keep_record(session: Session, donation: Donation, by: StaffMember | None, how: ConsentHow) -> bool:
    """Record that consent was given or withdrawn, inside the caller's transaction; whether anything had changed."""
    live: NameConsent | None = session.scalar(
        select(NameConsent).where(NameConsent.donation_id == donation.id, NameConsent.withdrawn_at.is_(None))
    )
    shown = ConsentShown.MASKED if donation.mask_name else ConsentShown.NAME
    if live is None and not donation.publish_name:
        return False
    if live is not None and donation.publish_name and live.shown is shown:
        return False
    if live is not None:
        live.withdrawn_at, live.withdrawn_how = now(), how
        live.withdrawn_by_id = by.id if by else None
        session.flush()
    if donation.publish_name:
        session.add(
            NameConsent(
                donation_id=donation.id,
                shown=shown,
                text_version=TEXT_VERSION,
                given_at=now(),
                given_how=how,
                recorded_by_id=by.id if by else None,
            )
        )
    return True


def record_of_batch(session: Session, batch_id: int) -> None:
    """Record the consents that an imported list states for all its donors, in one statement."""
    kinds, ways = words(ConsentShown), words(ConsentHow)
    shown = case(
        (Donation.mask_name, literal(ConsentShown.MASKED, kinds)), else_=literal(ConsentShown.NAME, kinds)
    )
    session.execute(
        insert(NameConsent).from_select(
            ["donation_id", "shown", "text_version", "given_at", "given_how", "recorded_by_id"],
            select(
                Donation.id,
                shown,
                literal(TEXT_VERSION),
                Donation.made_at,
                literal(ConsentHow.LIST, ways),
                Donation.maker_id,
            ).where(Donation.batch_id == batch_id, Donation.publish_name),
        )
    )
