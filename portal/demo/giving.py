"""Log and review the demonstration's gifts, payouts and reversals, by the same services as the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy.orm import Session

from portal.demo import cast, places
from portal.demo.registering import Registered
from portal.giving import service as giving
from portal.giving.details import DonationDetails
from portal.giving.models import Donation, DonorKind
from portal.ledger.balances import available_fen
from portal.ledger.models import Channel
from portal.periods import Month
from portal.registry.models import Campaign, Fund, FundKind, Project, Station
from portal.reversals import service as reversals
from portal.spending import service as spending
from portal.spending.details import DisbursementDetails
from portal.spending.models import CostKind
from portal.staff.models import StaffMember

_SEASON = (1.3, 1.1, 0.8, 0.7, 0.9, 2.3, 1.1, 0.9, 2.0, 0.8, 0.8, 1.1)
"""How lively each month is: Spring Festival, the June 30 relief day and Charity Day stand out."""

_PEAKS = {6: 30, 9: 5}
"""Month and day on which a third of its month's gifts come."""

_PERSON_CHANNELS = (
    (Channel.WECHAT,) * 9
    + (Channel.ALIPAY,) * 5
    + (Channel.CASH,) * 4
    + (Channel.UNIONPAY,)
    + (Channel.BANK,)
)


@dataclass
class Stage:
    """Everything that a day of the demonstration needs."""

    session: Session
    random: Random
    made: Registered
    clerk: StaffMember
    reviewer: StaffMember
    last_day: date
    keys: int = 0

    def key(self) -> str:
        """The next idempotency key."""
        self.keys += 1
        return f"demonstration-{self.keys}"


def spread(random: Random, months: Sequence[Month], last_day: date, count: int) -> dict[Month, list[date]]:
    """Days of so many gifts over the months, in order of time within each."""
    weights = [_SEASON[month.month - 1] * (_length(month, last_day) / 30) for month in months]
    days: dict[Month, list[date]] = {month: [] for month in months}
    for month in random.choices(months, weights, k=count):
        days[month].append(_day(random, month, last_day))
    return {month: sorted(found) for month, found in days.items()}


def _length(month: Month, last_day: date) -> int:
    return (min(month.last, last_day) - month.first).days + 1


def _day(random: Random, month: Month, last_day: date) -> date:
    peak = _PEAKS.get(month.month)
    if peak and random.random() < 0.33:
        chosen = date(month.year, month.month, peak)
        if chosen <= last_day:
            return chosen
    return month.first + timedelta(days=random.randrange(_length(month, last_day)))


def gift_details(stage: Stage, day: date, late_reason: str = "") -> DonationDetails:
    """One made-up gift of a day."""
    random = stage.random
    name, kind = cast.donor(random)
    fund = _fund(stage)
    station = _station(stage, fund) if kind is not DonorKind.ENTERPRISE and random.random() < 0.6 else None
    campaign, project = _campaign(stage, fund, day), _project(stage, fund)
    bank = kind in (DonorKind.ENTERPRISE, DonorKind.INSTITUTION)
    anonymous = kind is DonorKind.ANONYMOUS
    return DonationDetails(
        fund=fund.code,
        amount_fen=cast.amount_fen(random, kind),
        received_on=day,
        channel=Channel.BANK if bank else random.choice(_PERSON_CHANNELS),
        station=station.code if station else "",
        campaign=campaign.code if campaign else "",
        project=project.code if project else "",
        donor_name=name,
        donor_kind=kind,
        anonymous=anonymous,
        publish_name=bool(name) and cast.consents(random, kind),
        late_reason=late_reason,
    )


def record_gift(stage: Stage, day: date, late_reason: str = "") -> Donation:
    """Log one gift and leave it for review."""
    return giving.record(gift_details(stage, day, late_reason), stage.clerk, stage.key())


def post_gift(stage: Stage, day: date, late_reason: str = "") -> Donation:
    """Log one gift and have it reviewed."""
    gift = record_gift(stage, day, late_reason)
    return giving.approve(gift.id, stage.reviewer, gift.version)


def post_payout(stage: Stage, day: date, *, approve: bool = True) -> bool:
    """Request one payout from a fund that can afford it, and have it reviewed; False when none can."""
    fund = _rich_fund(stage)
    if fund is None:
        return False
    use = stage.random.choice(places.USES)
    people = stage.random.randint(1, use.most_people)
    project = _project(stage, fund)
    cost = stage.random.choices(list(CostKind), (94, 4, 2))[0]
    managing = cost is not CostKind.PROGRAMME
    details = DisbursementDetails(
        fund=fund.code,
        amount_fen=_share(stage, fund, managing=managing),
        paid_on=day,
        recipient="本组织" if managing else use.recipient,
        purpose="办公和审计费用"
        if cost is CostKind.MANAGEMENT
        else "募捐活动场地和物料"
        if managing
        else use.purpose,
        project=project.code if project else "",
        cost_kind=cost,
        beneficiary_count=None if managing else people,
    )
    requested = spending.request(details, stage.clerk, stage.key())
    if approve:
        spending.approve(requested.id, stage.reviewer, requested.version)
    return True


def reverse_gift(stage: Stage, gift: Donation) -> None:
    """Have one gift reversed, with a reason."""
    entry = gift.entry
    if entry is None or available_fen(stage.session, gift.fund_id) < gift.amount_fen:
        return
    reason = stage.random.choice(places.REVERSAL_REASONS)
    wanted = reversals.request(entry.entry_no, reason, stage.clerk, stage.key())
    reversals.approve(wanted.id, stage.reviewer, wanted.version)


def _fund(stage: Stage) -> Fund:
    weights = [{FundKind.COMMUNITY: 3, FundKind.GENERAL: 4}.get(fund.kind, 3) for fund in stage.made.funds]
    return stage.random.choices(stage.made.funds, weights)[0]


def _rich_fund(stage: Stage) -> Fund | None:
    for _attempt in range(12):
        fund = stage.random.choice(stage.made.funds)
        if available_fen(stage.session, fund.id) > 100_000:
            return fund
    return None


def _share(stage: Stage, fund: Fund, *, managing: bool) -> int:
    held = available_fen(stage.session, fund.id)
    part = held * stage.random.uniform(0.02, 0.05) if managing else held * stage.random.uniform(0.3, 0.8)
    most = 2_000_000 if managing else stage.random.choice((6_000_000, 15_000_000, 30_000_000, 80_000_000))
    return max(int(min(part, most)) // 10_000 * 10_000, 10_000)


def _station(stage: Stage, fund: Fund) -> Station | None:
    own = [one for one in stage.made.stations if one.street_id == fund.street_id]
    return stage.random.choice(own) if own else None


def _campaign(stage: Stage, fund: Fund, day: date) -> Campaign | None:
    running = [
        one
        for one in stage.made.campaigns
        if one.organisation_id == fund.organisation_id and one.starts_on <= day <= one.ends_on
    ]
    return stage.random.choice(running) if running and stage.random.random() < 0.6 else None


def _project(stage: Stage, fund: Fund) -> Project | None:
    own = [one for one in stage.made.projects if one.organisation_id == fund.organisation_id]
    return stage.random.choice(own) if own and stage.random.random() < 0.35 else None
