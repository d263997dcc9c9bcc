"""The honour roll names only those who agreed, by year and day, and ranks nobody."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure.honour_roll import Band, HonourRoll, honour_roll
from portal.giving import consent
from portal.giving.models import Donation
from portal.ledger.models import Entry
from portal.periods import today
from portal.registry.models import Fund
from tests import factories, gifts, people


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with gifts of people who agreed to be named, masked or not, and of some who did not."""
    with writing() as writer:
        made: Fund = factories.fund(writer)
    gifts.posted_gift(made, 10_000_00, donor_name="珠江实业", publish_name=True)
    gifts.posted_gift(made, 50_00, donor_name="欧阳小满", publish_name=True, mask_name=True)
    gifts.posted_gift(made, 9_000_000_00, donor_name="不愿留名的人")
    gifts.posted_gift(made, 100_00, anonymous=True)
    wrong = gifts.posted_gift(made, 200_00, donor_name="记错的人", publish_name=True).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    gifts.gift(made, 300_00, donor_name="还没复核的人", publish_name=True)
    return made


def names(roll: HonourRoll) -> list[str]:
    """Who is named, in order."""
    return [one.donor for one in roll.rows]


def test_only_consented_names_of_gifts_that_stand_are_there(session: Session, fund: Fund) -> None:
    masked, full = names(honour_roll(session, today().year))
    assert full == "珠江实业"
    assert masked != "欧阳小满" and "小满" not in masked
    assert names(honour_roll(session, today().year - 1)) == []


def test_it_goes_on_page_by_page_without_a_gap(session: Session, fund: Fund) -> None:
    for number in range(3):
        gifts.posted_gift(fund, 1_00, donor_name=f"邻居{number}", publish_name=True)
    found, after = [], ""
    while True:
        page = honour_roll(session, today().year, after=after, limit=2)
        found += names(page)
        if page.following is None:
            break
        after = page.following
    assert found[:3] == ["邻居2", "邻居1", "邻居0"] and len(found) == 5


def test_its_cursor_tells_nothing_that_the_page_does_not(session: Session, fund: Fund) -> None:
    page = honour_roll(session, today().year, limit=1)
    assert page.following == page.rows[-1].entry_no
    (gone,) = session.scalars(
        select(Donation).join(Entry, Entry.id == Donation.entry_id).where(Entry.entry_no == page.following)
    )
    consent.withdraw_consent(gone.id, people.clerk())
    assert names(honour_roll(db.session(), today().year, after=page.following)) == ["珠江实业"]


def test_a_band_has_a_floor_and_never_a_ceiling(session: Session, fund: Fund) -> None:
    assert names(honour_roll(session, today().year, Band.TEN_THOUSANDS)) == ["珠江实业"]
    assert Band.ALL.least_fen == 0 and sorted(one.least_fen for one in Band) == [
        one.least_fen for one in Band
    ]


@pytest.mark.one_engine
def test_the_page_shows_no_one_else_and_bears_spoilt_addresses(client: FlaskClient, fund: Fund) -> None:
    text = client.get("/honour-roll").text
    assert "珠江实业" in text
    for hidden in ("欧阳小满", "不愿留名的人", "记错的人", "还没复核的人"):
        assert hidden not in text
    for query in ("after=2026-99-99.1", "after=E-2026-999999", "after=%00", "after=x", "band=7", "year=0"):
        assert client.get(f"/honour-roll?{query}").status_code == 200, query
