"""Donors: found while typing, reached by what stays sealed, merged and let go again."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.donors import contacts, lookup, service, vault
from portal.donors.models import Donor, DonorContact, DonorKind
from portal.giving.listing import gifts_of
from portal.imports.erasing import erase_donor
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import Fund, Station
from portal.staff.models import AuditEvent, Role
from tests import factories, gifts, people


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def donor_of_gift(fund: Fund, name: str, **given: object) -> Donor:
    gift = gifts.gift(fund, 1_000, donor_name=name, **given)
    assert gift.donor_id is not None
    return db.session.get_one(Donor, gift.donor_id)


def found(text: str) -> list[str]:
    return [one.name for one in lookup.look_up(db.session(), text, people.clerk())]


@pytest.mark.parametrize("typed", ["李小明", "小明", "lixiao", "LXM", "13912345678", "5678", "139 1234 5678"])
def test_a_person_is_found_by_name_pinyin_initials_and_number(fund: Fund, typed: str) -> None:
    donor_of_gift(fund, "李小明", donor_phone="139-1234-5678")
    donor_of_gift(fund, "陈大文", donor_phone="13900001111")
    assert found(typed) == ["李小明"]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "567", "13912345679", "王"])
def test_what_matches_nobody_finds_nobody(fund: Fund, typed: str) -> None:
    donor_of_gift(fund, "李小明", donor_phone="13912345678")
    assert found(typed) == []


def test_a_rare_name_is_found(fund: Fund) -> None:
    donor_of_gift(fund, "𠮷田㵘")
    assert found("㵘") == ["𠮷田㵘"]


def test_two_people_of_one_name_are_two_until_number_or_choice_says_otherwise(fund: Fund) -> None:
    first = donor_of_gift(fund, "张伟", donor_phone="13912345678")
    assert donor_of_gift(fund, "张伟").id != first.id
    assert donor_of_gift(fund, "张伟", donor_phone="13912345678").id == first.id
    assert donor_of_gift(fund, "张伟", donor_id=first.id).id == first.id


def test_a_choice_that_was_typed_over_is_somebody_else(fund: Fund) -> None:
    first = donor_of_gift(fund, "张伟")
    assert donor_of_gift(fund, "张伟明", donor_id=first.id).id != first.id


def test_a_registered_body_is_one(fund: Fund) -> None:
    first = donor_of_gift(fund, "珠江实业有限公司", donor_kind=DonorKind.ENTERPRISE)
    assert donor_of_gift(fund, "珠江实业有限公司", donor_kind=DonorKind.ENTERPRISE).id == first.id


def test_an_anonymous_gift_makes_no_record(fund: Fund) -> None:
    assert gifts.gift(fund, 1_000, donor_name="张伟", anonymous=True).donor_id is None
    assert gifts.gift(fund, 1_000).donor_id is None


def test_a_donor_of_another_organisation_cannot_be_chosen(fund: Fund) -> None:
    with writing() as writer:
        elsewhere = factories.fund(writer)
    known = donor_of_gift(elsewhere, "张伟")
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, 1_000, donor_name="张伟", donor_id=known.id)
    assert "donor_name" in refusal.value.errors


def test_what_is_no_number_is_refused_by_name(fund: Fund) -> None:
    with pytest.raises(Invalid) as refusal:
        gifts.gift(fund, 1_000, donor_name="张伟", donor_phone="阿伟的电话")
    assert set(refusal.value.errors) == {"donor_phone"}


def test_no_number_lies_in_the_database_in_the_clear(fund: Fund, app: Flask) -> None:
    donor = donor_of_gift(fund, "李小明", donor_phone="13912345678")
    stored = db.session.scalars(select(DonorContact)).one()
    assert b"13912345678" not in stored.sealed
    assert contacts.masked(stored) == "139****5678"
    assert vault.unseal(stored.sealed) == "13912345678"
    assert vault.seal("13912345678") != stored.sealed
    key: Path = app.config["PORTAL_SETTINGS"].contact_key
    assert key.stat().st_mode & 0o077 == 0
    assert donor.contacts == [stored]


def test_each_look_at_a_number_is_on_record(fund: Fund) -> None:
    donor = donor_of_gift(fund, "李小明", donor_phone="13912345678")
    assert service.reveal(donor.id, donor.contacts[0].id, people.clerk()) == "13912345678"
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.action, event.subject_id) == ("donor.contact_revealed", donor.id)
    assert "1391" not in str(event.detail)


def test_a_merge_shows_all_gifts_and_undoing_it_restores_both(fund: Fund) -> None:
    kept, double = donor_of_gift(fund, "张伟"), donor_of_gift(fund, "张伟")
    assert [one.id for one in lookup.doubles_of(db.session(), kept, people.clerk())] == [double.id]
    merge = service.merge(kept.id, double.id, people.clerk())
    assert found("张伟") == ["张伟"]
    assert len(gifts_of(db.session(), service.family(db.session(), kept))) == 2
    # A gift of the double, chosen from an old page, goes to the record that was kept.
    assert donor_of_gift(fund, "张伟", donor_id=double.id).id == kept.id
    service.undo_merge(kept.id, merge.id, people.clerk())
    assert found("张伟") == ["张伟", "张伟"]
    assert len(gifts_of(db.session(), service.family(db.session(), double))) == 1
    with pytest.raises(Conflict):
        service.undo_merge(kept.id, merge.id, people.clerk())


def test_merges_follow_each_other(fund: Fund) -> None:
    first, second, third = (donor_of_gift(fund, "张伟") for _ in range(3))
    service.merge(second.id, third.id, people.clerk())
    service.merge(first.id, second.id, people.clerk())
    assert set(service.family(db.session(), first)) == {first.id, second.id, third.id}
    with pytest.raises(Conflict):
        service.merge(third.id, first.id, people.clerk())
    with pytest.raises(Conflict):
        service.merge(first.id, first.id, people.clerk())


def test_a_station_knows_its_own_donors_only(fund: Fund) -> None:
    with writing() as writer:
        mine: Station = factories.station(writer, organisation_id=fund.organisation_id)
        other: Station = factories.station(writer, organisation_id=fund.organisation_id)
    elsewhere = donor_of_gift(fund, "李小明", station=other.code)
    clerk = people.station_clerk(mine)
    assert lookup.look_up(db.session(), "李小明", clerk) == []
    with pytest.raises(NotFound):
        service.find(db.session(), elsewhere.id, clerk)


def test_erasing_the_last_gift_of_a_donor_erases_the_record(fund: Fund) -> None:
    first = gifts.posted_gift(fund, 1_000, donor_name="李小明", donor_phone="13912345678", publish_name=True)
    second = gifts.posted_gift(fund, 1_000, donor_name="李小明", donor_id=first.donor_id)
    donor = db.session.get_one(Donor, first.donor_id)
    erase_donor(first.id, people.clerk(), first.donation_no)
    assert donor.name == "李小明"
    erase_donor(second.id, people.clerk(), second.donation_no)
    assert (donor.name, donor.pinyin, donor.initials, donor.contacts) == ("", "", "", [])
    assert found("李小明") == []


def test_an_auditor_sees_no_donors(app: Flask, fund: Fund) -> None:
    donor = donor_of_gift(fund, "李小明", donor_phone="13912345678")
    client = people.log_in(app, people.member("looking.on", Role.AUDITOR))
    assert client.get(f"/desk/donors/{donor.id}").status_code == 403
    assert client.get("/desk/donors/lookup?q=li").status_code == 403


def test_the_page_shows_a_number_masked_and_whole_once_asked(app: Flask, fund: Fund) -> None:
    donor = donor_of_gift(fund, "李小明", donor_phone="13912345678")
    client = people.log_in(app, people.clerk())
    page = client.get(f"/desk/donors/{donor.id}").text
    assert "139****5678" in page
    assert "13912345678" not in page
    app.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(f"/desk/donors/{donor.id}/contacts/{donor.contacts[0].id}/reveal")
    assert "13912345678" in answer.text
    assert client.get("/desk/donors/lookup?q=lxm").json == {
        "donors": [
            {
                "id": donor.id,
                "name": "李小明",
                "kind": "person",
                "kind_label": "个人",
                "phone": "139****5678",
            }
        ]
    }
