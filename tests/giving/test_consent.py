"""Consent to be named: separate, on record with text, day, way and clerk, and withdrawn at any time."""

import pytest
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.giving import consent, service
from portal.giving.consent_models import TEXT_VERSION, ConsentHow, ConsentShown, NameConsent
from portal.giving.details import DonationDetails
from portal.giving.models import Donation
from portal.imports import service as imports
from portal.periods import today
from portal.refusals import Conflict
from portal.registry.models import Fund
from tests import factories, gifts, lists, people


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def records(gift: Donation) -> list[NameConsent]:
    return list(consent.records_of(db.session(), gift))


def test_without_consent_there_is_no_record_and_no_name(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, donor_name="李小明")
    assert records(gift) == []
    assert gift.public_donor == "爱心人士"


def test_consent_at_the_counter_is_on_record(fund: Fund) -> None:
    gift = gifts.gift(
        fund, donor_name="李小明", publish_name=True, mask_name=True, consent_how=ConsentHow.PAPER
    )
    [one] = records(gift)
    assert (one.shown, one.given_how, one.text_version) == (
        ConsentShown.MASKED,
        ConsentHow.PAPER,
        TEXT_VERSION,
    )
    assert one.recorded_by_id == people.clerk().id


def test_consent_comes_and_goes_and_every_turn_is_kept(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, donor_name="李小明", publish_name=True)
    consent.withdraw_consent(gift.id, people.clerk(), how=ConsentHow.TELEPHONE)
    assert gift.public_donor == "爱心人士"
    consent.withdraw_consent(gift.id, people.clerk())
    consent.give_consent(gift.id, people.clerk(), shown=ConsentShown.MASKED, how=ConsentHow.ONLINE)
    assert gift.public_donor == "李**"
    consent.give_consent(gift.id, people.clerk(), shown=ConsentShown.NAME)
    assert gift.public_donor == "李小明"
    assert [(one.shown.value, one.withdrawn_how) for one in records(gift)] == [
        ("name", ConsentHow.TELEPHONE),
        ("masked", ConsentHow.IN_PERSON),
        ("name", None),
    ]


def test_an_organisation_may_stay_unnamed_too(fund: Fund) -> None:
    gift = gifts.posted_gift(fund, donor_name="珠江实业有限公司")
    assert gift.public_donor == "爱心人士"


def test_nobody_consents_for_a_gift_without_a_name(fund: Fund) -> None:
    gift = gifts.posted_gift(fund)
    with pytest.raises(Conflict):
        consent.give_consent(gift.id, people.clerk())


def test_a_mended_sheet_mends_the_record(fund: Fund) -> None:
    gift = gifts.gift(fund, donor_name="李小明", publish_name=True)
    service.return_to_maker(gift.id, people.reviewer(), gift.version, "捐赠人说没有同意")
    details = DonationDetails(
        fund=fund.code, amount_fen=gift.amount_fen, received_on=today(), donor_name="李小明"
    )
    service.edit(gift.id, details, people.clerk(), gift.version)
    [one] = records(gift)
    assert one.withdrawn_at is not None


def test_a_list_that_was_published_with_consent_records_it_for_each(fund: Fund) -> None:
    batch = lists.batch(fund, publish_names=True)
    imports.approve(batch.id, people.reviewer(), batch.version)
    named = db.session.query(Donation).filter(Donation.publish_name).count()
    assert named > 0
    assert factories.count(db.session(), NameConsent) == named
