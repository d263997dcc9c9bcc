"""Log and review the demonstration's gifts, by the same services as the desk."""

from dataclasses import replace
from datetime import date

from portal.demo import people, purposes
from portal.demo.people import Donor
from portal.demo.stage import Stage
from portal.donors.models import DonorKind
from portal.giving import service
from portal.giving.details import DonationDetails
from portal.giving.models import Donation
from portal.ledger.models import Channel, Form
from portal.registry.models import Campaign, Fund, FundKind, Project, Station, Status

_AT_A_STATION = 0.6
_IN_A_CAMPAIGN = 0.6
_FOR_A_PROJECT = 0.35
_FUND_WEIGHTS = {FundKind.GENERAL: 4}


def post(stage: Stage, day: date) -> Donation:
    """Log one gift and have it reviewed."""
    gift = record(stage, day)
    return service.approve(gift.id, stage.reviewer, gift.version)


def post_in_kind(stage: Stage, day: date) -> Donation:
    """Log what somebody brought to a station or gave in hours, and have it reviewed."""
    donor = people.draw_person(stage.random)
    form, line = stage.random.choice(purposes.IN_KIND)
    details = replace(
        _details(stage, day, donor, at_counter=form is Form.GOODS),
        form=form,
        channel=Channel.IN_KIND,
        amount_fen=0,
        items=(line,),
    )
    gift = _logged(stage, details)
    return service.approve(gift.id, stage.reviewer, gift.version)


def post_late(stage: Stage, day: date) -> Donation:
    """Log a person's gift of a month whose bill is out, with the reason, and have it reviewed."""
    reason = stage.random.choice(purposes.LATE_REASONS)
    details = _details(stage, day, people.draw_person(stage.random), reason)
    gift = _logged(stage, details)
    return service.approve(gift.id, stage.reviewer, gift.version)


def record(stage: Stage, day: date, *, submit: bool = True) -> Donation:
    """Log one gift; what comes in at the station that has an account is logged there."""
    donor = people.draw_donor(stage.random, stage.made.district.name)
    return _logged(stage, _details(stage, day, donor), submit=submit)


def record_at_counter(stage: Stage, day: date) -> Donation:
    """Log one person's gift at the station that has an account."""
    donor = people.draw_person(stage.random)
    return _logged(stage, _details(stage, day, donor, at_counter=True))


def _logged(stage: Stage, details: DonationDetails, *, submit: bool = True) -> Donation:
    maker = stage.station_clerk if details.station == stage.station.code else stage.clerk
    return service.record(details, maker, stage.key(), submit_now=submit)


def _details(
    stage: Stage, day: date, donor: Donor, late_reason: str = "", *, at_counter: bool = False
) -> DonationDetails:
    random = stage.random
    fund = _fund(stage, stage.station.street_id if at_counter else None)
    station = stage.station if at_counter else _station(stage, fund, donor)
    campaign, project = _campaign(stage, fund, day), _project(stage, fund)
    return DonationDetails(
        fund=fund.code,
        amount_fen=people.draw_amount_fen(random, donor.kind),
        received_on=day,
        channel=people.draw_channel(random, donor.kind),
        station=station.code if station else "",
        campaign=campaign.code if campaign else "",
        project=project.code if project else "",
        donor_name=donor.name,
        donor_kind=donor.kind,
        anonymous=donor.kind is DonorKind.ANONYMOUS,
        publish_name=donor.consents,
        late_reason=late_reason,
    )


def _fund(stage: Stage, street_id: int | None) -> Fund:
    funds = [fund for fund in stage.made.funds if street_id in (None, fund.street_id)]
    return stage.random.choices(funds, [_FUND_WEIGHTS.get(fund.kind, 3) for fund in funds])[0]


def _station(stage: Stage, fund: Fund, donor: Donor) -> Station | None:
    own = [one for one in stage.made.stations if one.street_id == fund.street_id]
    at_counter = donor.kind is not DonorKind.ENTERPRISE and stage.random.random() < _AT_A_STATION
    return stage.random.choice(own) if own and at_counter else None


def _campaign(stage: Stage, fund: Fund, day: date) -> Campaign | None:
    running = [
        one
        for one in stage.made.campaigns
        if one.organisation_id == fund.organisation_id
        and one.starts_on <= day <= one.ends_on
        and stage.made.match(one.code, fund.code)
    ]
    return stage.random.choice(running) if running and stage.random.random() < _IN_A_CAMPAIGN else None


def _project(stage: Stage, fund: Fund) -> Project | None:
    own = [
        one
        for one in stage.made.projects
        if one.organisation_id == fund.organisation_id
        and one.status is Status.ACTIVE
        and stage.made.match(one.code, fund.code)
    ]
    return stage.random.choice(own) if own and stage.random.random() < _FOR_A_PROJECT else None
