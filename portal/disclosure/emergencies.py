"""Emergency campaigns under way: what came in, what was allocated, and the clock of their publication (DIS-10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.disclosure import entries
from portal.disclosure.entries import LedgerQuery
from portal.ledger.figures import Filters, Totals, totals
from portal.periods import local
from portal.registry.models import Campaign, Status

EVERY = timedelta(days=5)
"""At least so often receipts are published during response and rescue (慈善法 72; 公开募捐管理办法 13)."""

MOST = 3


@dataclass(frozen=True)
class Emergency:
    """One emergency campaign with its sums in fen, and until when the next publication is due."""

    campaign: Campaign
    sums: Totals
    updated_at: datetime | None
    due_on: date
    as_of: date

    @property
    def days_late(self) -> int:
        """By how many days the publication is overdue; 0 while it is not."""
        return max(0, (self.as_of - self.due_on).days)


def emergencies(session: Session, day: date) -> Sequence[Emergency]:
    """The emergency campaigns under way on a day, those that began last first."""
    query = (
        select(Campaign)
        .where(
            Campaign.emergency,
            Campaign.status == Status.ACTIVE,
            Campaign.starts_on <= day,
            Campaign.ends_on >= day,
        )
        .options(joinedload(Campaign.organisation))
        .order_by(Campaign.starts_on.desc(), Campaign.code)
        .limit(MOST)
    )
    return [emergency_of(session, campaign, day) for campaign in session.scalars(query)]


def emergency_of(session: Session, campaign: Campaign, day: date) -> Emergency:
    """What a campaign's page and the home page say of an emergency on a day."""
    selection = Filters(campaign_id=campaign.id)
    newest = entries.page(session, LedgerQuery(selection), limit=1).entries
    updated_at = newest[0].published_at if newest else None
    last = local(updated_at).date() if updated_at else campaign.starts_on
    return Emergency(campaign, totals(session, selection), updated_at, last + EVERY, day)
