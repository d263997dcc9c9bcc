"""How to give: the campaigns under way with their pages on designated platforms and the organisations' accounts.

The portal itself takes no money and shows no code to pay by (慈善法 27; REQ-POS-03).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.periods import today
from portal.registry.models import Campaign, Organisation, Status
from portal.ways_to_give import service
from portal.ways_to_give.models import GivingWay

PAGE = 20


@dataclass(frozen=True)
class GivingTo:
    """One campaign and the ways to give to it."""

    campaign: Campaign
    ways: Sequence[GivingWay]


@dataclass(frozen=True)
class HowToGive:
    """One page of campaigns under way, the code of its last when more follow, and the accounts for no campaign."""

    campaigns: Sequence[GivingTo]
    following: str | None
    accounts: Sequence[GivingWay]


def how_to_give(session: Session, *, after: str = "", limit: int = PAGE) -> HowToGive:
    """Campaigns that take gifts today, by code; ``after`` is the code of the last of the page before."""
    day = today()
    query = (
        select(Campaign)
        .join(Organisation, Organisation.id == Campaign.organisation_id)
        .where(
            Campaign.status == Status.ACTIVE,
            Organisation.status == Status.ACTIVE,
            Campaign.starts_on <= day,
            Campaign.ends_on >= day,
            Campaign.code > after,
        )
        .options(joinedload(Campaign.organisation))
        .order_by(Campaign.code)
        .limit(limit + 1)
    )
    found = session.scalars(query).all()
    shown = found[:limit]
    ways = service.shown(session, campaign_ids=[one.id for one in shown])
    return HowToGive(
        [GivingTo(one, [way for way in ways if way.campaign_id == one.id]) for one in shown],
        shown[-1].code if len(found) > limit else None,
        service.shown(session) if not after else (),
    )


def ways_of(session: Session, campaign: Campaign) -> Sequence[GivingWay]:
    """The ways to give to one campaign, while it takes gifts."""
    under_way = campaign.status is Status.ACTIVE and campaign.starts_on <= today() <= campaign.ends_on
    return service.shown(session, campaign_ids=[campaign.id]) if under_way else ()
