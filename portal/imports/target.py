"""Where a list belongs, held against the same rules as a gift at the counter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.giving import checks as counter
from portal.giving.details import DonationDetails, Placement
from portal.i18n import lazy_gettext as _l
from portal.imports.reading import Fault, Problem
from portal.ledger.closing import closed_through
from portal.periods import today
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import Campaign
from portal.staff.scope import Scope

MAX_REASON = 500


@dataclass(frozen=True)
class Target:
    """Where staff want a list to go, by the codes of the registry."""

    fund: str
    organisation: str = ""
    station: str = ""
    campaign: str = ""
    dated: date | None = None
    publish_names: bool = False
    late_reason: str = ""


def check_target(session: Session, target: Target, scope: Scope) -> Placement:
    """Find fund, station and campaign, all open for business and within a person's reach.

    Raises:
        Invalid: with one message a field.
    """
    errors: dict[str, Sentence] = {}
    if target.dated is not None:
        counter.check_day(target.dated, "dated", errors)
    if len(target.late_reason) > MAX_REASON:
        errors["late_reason"] = _l("最多 %(longest)d 个字。", longest=MAX_REASON)
    details = DonationDetails(
        fund=target.fund,
        amount_fen=1,
        received_on=_a_day_within(session, target.campaign),
        organisation=target.organisation,
        station=target.station,
        campaign=target.campaign,
    )
    try:
        place = counter.check(session, details, scope)
    except Invalid as problem:
        raise Invalid({**problem.errors, **errors}) from None
    if errors:
        raise Invalid(errors)
    return place


def campaign_problem(campaign: Campaign | None, day: date | None, row_no: int) -> Problem | None:
    """What is wrong with a day that lies outside the campaign's filed period (R9)."""
    if campaign is None or day is None or campaign.starts_on <= day <= campaign.ends_on:
        return None
    period = {"first": campaign.starts_on.isoformat(), "last": campaign.ends_on.isoformat()}
    return Problem(Fault.OUTSIDE_CAMPAIGN, row_no, "", day.isoformat(), period)


def require_late_reason(
    session: Session, organisation_id: int, fund_id: int, days: Iterable[date], reason: str
) -> None:
    """Days in books that are closed need a reason, which the public will see.

    Raises:
        Invalid: there is none.
    """
    last = closed_through(session, [organisation_id]).get((organisation_id, fund_id))
    if last is None or reason.strip():
        return
    late = sum(1 for day in days if day <= last)
    if late:
        raise Invalid(
            {
                "late_reason": _l(
                    "有 %(count)d 行的日期在已公布账单的月份里（账已结到 %(last)s）。请写明补记原因，公众会看到。",
                    count=late,
                    last=last.isoformat(),
                )
            }
        )


def _a_day_within(session: Session, campaign: str) -> date:
    """A day on which the campaign runs, so that only its rows are held against its period."""
    if campaign:
        try:
            return min(lookups.campaign_by_code(session, campaign).starts_on, today())
        except NotFound:
            pass
    return today()
