"""The rules of a gift, on both engines: placement, periods, closed books, names."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import bills
from portal.giving.models import Restriction, public_donor
from portal.ledger.models import Entry
from portal.periods import Month, today
from portal.refusals import Invalid
from portal.registry.models import Fund
from tests import factories, gifts, people


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def test_a_gift_counts_to_the_street_of_its_station(session: Session, fund: Fund) -> None:
    with writing() as writer:
        station = factories.station(writer, organisation_id=fund.organisation_id)
    entry = gifts.posted_gift(fund, station=station.code).entry
    assert entry is not None and entry.street_id == station.street_id
    assert entry.receipt_no == f"{station.code}-{today().year}-000001"


def test_a_gift_to_a_campaign_comes_within_its_filed_period(fund: Fund) -> None:
    with writing() as writer:
        campaign = factories.campaign(
            writer,
            organisation_id=fund.organisation_id,
            starts_on=date(2025, 3, 1),
            ends_on=date(2025, 6, 30),
        )
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, day=date(2025, 7, 1), campaign=campaign.code)
    assert "2025-06-30" in str(refusal.value.errors["campaign"])
    assert gifts.gift(fund, day=date(2025, 6, 30), campaign=campaign.code)


def test_things_of_another_organisation_are_refused(fund: Fund) -> None:
    with writing() as writer:
        project, campaign = factories.project(writer), factories.campaign(writer)
        other = factories.organisation(writer)
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, project=project.code, campaign=campaign.code)
    assert {"project", "campaign"} <= refusal.value.errors.keys()
    with pytest.raises(Invalid):
        gifts.gift(fund, organisation=other.uscc)


def test_a_gift_in_a_published_month_needs_a_public_reason(session: Session, fund: Fund) -> None:
    last_month = Month.of(today()).plus(-1)
    bills.publish(fund.code, last_month, "", people.clerk())
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, day=last_month.last)
    assert "late_reason" in refusal.value.errors
    late = gifts.posted_gift(fund, day=last_month.last, late_reason="捐赠人补交凭证")
    assert late.entry is not None and late.entry.late and late.entry.booked_on == today()


def test_a_month_published_while_a_gift_waits_asks_for_the_reason_at_review(fund: Fund) -> None:
    last_month = Month.of(today()).plus(-1)
    waiting = gifts.gift(fund, day=last_month.last - timedelta(days=1))
    bills.publish(fund.code, last_month, "", people.clerk())
    with pytest.raises(Invalid):
        gifts.giving.approve(waiting.id, people.reviewer(), waiting.version)


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "publish", "anonymous", "shown"),
    [
        ("陈𠮷祥", True, False, "陈𠮷祥"),
        ("陈𠮷祥", False, False, "爱心人士"),
        ("陈𠮷祥", False, True, "爱心人士"),
        ("", False, False, "爱心人士"),
        (None, None, None, "爱心人士"),
    ],
)
def test_a_name_is_public_only_with_consent(
    app_context: None, name: str | None, publish: bool | None, anonymous: bool | None, shown: str
) -> None:
    assert public_donor(name, publish_name=publish, anonymous=anonymous) == shown


def test_a_gift_reversed_and_logged_again_is_a_new_entry(session: Session, fund: Fund) -> None:
    wrong = gifts.posted_gift(fund, 100).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    gifts.posted_gift(fund, 200)
    assert factories.count(session, Entry) == 3


@pytest.mark.parametrize("words", ["林秀珍指定给敬老院", "联系 138 0013 8000 后再用"])
def test_a_public_restriction_names_nobody_without_consent(session: Session, words: str) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
    with pytest.raises(Invalid) as refused:
        gifts.gift(fund, donor_name="林秀珍", restriction=Restriction.PURPOSE, restriction_text=words)
    assert "restriction_text" in refused.value.errors
