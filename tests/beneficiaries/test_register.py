"""A person who was helped: found by whole words, looked at on record and within a quota, erased on request."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.beneficiaries import lists, register
from portal.beneficiaries.models import Beneficiary
from portal.beneficiaries.person import Person, masked
from portal.db import writing
from portal.donors import service as donors
from portal.donors.models import Donor
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import Fund
from portal.staff import quota
from portal.staff.models import AuditEvent, Outcome
from tests import factories, gifts, people
from tests.beneficiaries.persons import card, citizen, made_list, person, row
from tests.people import ClerkOf


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


def somebody(session: Session, fund: Fund) -> Beneficiary:
    made = made_list(fund, row(1))
    return lists.find_row(session, made, 1)


def events(session: Session, action: str) -> int:
    return session.scalar(select(func.count()).where(AuditEvent.action == action)) or 0


def test_a_person_is_shown_masked() -> None:
    shown = masked(person(1, name="欧阳小明", guardian="欧阳大明", remark="重病"))
    assert (shown.name, shown.guardian, shown.remark) == ("欧**", "欧**", "")
    for number in (citizen(1), card(1), "13800000001"):
        assert number not in repr(shown)


@pytest.mark.parametrize("typed", ["受助乙一", citizen(1), citizen(1).lower(), "138 0000 0001"])
def test_a_person_is_found_by_the_whole_of_a_name_or_number(session: Session, fund: Fund, typed: str) -> None:
    found = somebody(session, fund)
    assert [one.id for one in register.look_up(session, typed, people.clerk())] == [found.id]


@pytest.mark.parametrize("typed", ["受助", "0001", citizen(1)[:17], "", "%"])
def test_half_a_word_finds_nobody(session: Session, fund: Fund, typed: str) -> None:
    somebody(session, fund)
    assert register.look_up(session, typed, people.clerk()) == []


def test_persons_of_another_organisation_are_not_found(
    session: Session, fund: Fund, clerk_of: ClerkOf
) -> None:
    found = somebody(session, fund)
    with writing() as writer:
        other = clerk_of(factories.organisation(writer).id)
    assert register.look_up(session, citizen(1), other) == []
    for refused in (register.reveal, lambda id_, by: register.erase(id_, by, "受助乙一")):
        with pytest.raises(NotFound):
            refused(found.id, other)


def test_the_fifty_first_full_view_of_a_day_is_refused_and_on_record(session: Session, fund: Fund) -> None:
    found = somebody(session, fund)
    donor_id = gifts.gift(fund, donor_name="甲", donor_phone="13911112222").donor_id
    contact = session.get_one(Donor, donor_id).contacts[0]
    for _time in range(quota.FULL_VIEWS_A_DAY - 1):
        assert register.reveal(found.id, people.clerk()) == person(1).tidy()
    assert donors.reveal(contact.donor_id, contact.id, people.clerk()) == "13911112222"
    with pytest.raises(quota.QuotaUsedUp):
        register.reveal(found.id, people.clerk())
    with pytest.raises(quota.QuotaUsedUp):
        donors.reveal(contact.donor_id, contact.id, people.clerk())
    assert events(session, "beneficiary.revealed") == 49 and events(session, quota.EXCEEDED) == 2
    refused = session.scalars(select(AuditEvent).where(AuditEvent.action == quota.EXCEEDED)).all()
    assert {one.outcome for one in refused} == {Outcome.REFUSED}
    assert register.reveal(found.id, people.reviewer()), "another person has a quota of their own"


def test_an_erased_person_is_gone_from_every_list_and_the_sums_stay(session: Session, fund: Fund) -> None:
    first, second = made_list(fund, row(1), row(2)), made_list(fund, row(1, 5_000), row(3))
    found = lists.find_row(session, first, 1)
    with pytest.raises(Invalid):
        register.erase(found.id, people.clerk(), "别人")
    assert register.erase(found.id, people.clerk(), "受助乙一") == 2
    for of_list, total in ((first, 200_000), (second, 105_000)):
        lists.look_again(session, of_list)
        assert (of_list.fine, of_list.total_fen) == (2, total)
        assert Person.of(lists.find_row(session, of_list, 1)) == Person()
    assert register.look_up(session, citizen(1), people.clerk()) == []
    with pytest.raises(Conflict):
        register.reveal(found.id, people.clerk())
    with pytest.raises(Conflict):
        register.erase(found.id, people.clerk(), "")
