"""Funds, stations and projects: codes, references to the same organisation, closing."""

from dataclasses import replace
from datetime import date

import pytest

from portal.db import db, writing
from portal.ledger.models import FundBalance
from portal.refusals import Conflict, Invalid
from portal.registry.models import Community, Fund, FundKind, Organisation, Status, Street
from portal.registry.purposes import CharitablePurpose
from portal.registry.services.funds import FUNDS, FundDetails
from portal.registry.services.projects import PROJECTS, ProjectDetails
from portal.registry.services.stations import STATIONS, StationDetails
from tests import factories, gifts
from tests.people import ClerkOf

CARE, CULTURE, DISASTER = CharitablePurpose.CARE, CharitablePurpose.CULTURE, CharitablePurpose.DISASTER


@pytest.fixture
def owner(app_context: None) -> Organisation:
    with writing() as session:
        return factories.organisation(session)


@pytest.fixture
def place(app_context: None) -> Street:
    with writing() as session:
        return factories.street(session)


def _fund(owner: Organisation) -> FundDetails:
    return FundDetails(
        code="HZ7001",
        name="助学基金",
        kind=FundKind.GENERAL,
        organisation=owner.uscc,
        opened_on=date(2020, 1, 1),
        purpose="助学",
    )


def test_a_community_fund_needs_a_street(owner: Organisation, place: Street) -> None:
    details = replace(_fund(owner), kind=FundKind.COMMUNITY)
    with pytest.raises(Invalid) as refused:
        FUNDS.create(None, details)
    assert set(refused.value.errors) == {"street"}
    assert FUNDS.create(None, replace(details, street=place.code)).street_id == place.id


def test_a_restricted_fund_says_what_it_is_restricted_to(owner: Organisation) -> None:
    with pytest.raises(Invalid) as refused:
        FUNDS.create(None, replace(_fund(owner), restricted=True))
    assert set(refused.value.errors) == {"restriction", "purposes"}
    bound = replace(_fund(owner), restricted=True, restriction="只用于助学", purposes=(CULTURE,))
    assert FUNDS.create(None, bound).purposes == (CULTURE,)


def test_what_donors_gave_for_a_purpose_is_not_widened_by_an_edit(owner: Organisation) -> None:
    bound = replace(_fund(owner), restricted=True, restriction="只用于助学", purposes=(CULTURE, CARE))
    fund = FUNDS.create(None, bound)
    FUNDS.edit(None, fund.code, replace(bound, purposes=(CULTURE, CARE, DISASTER)))
    gifts.posted_gift(fund, 1_000)
    with pytest.raises(Invalid) as refused:
        FUNDS.edit(None, fund.code, replace(bound, purposes=(CULTURE, CharitablePurpose.OTHER)))
    assert "变更用途" in str(refused.value.errors["purposes"])
    with pytest.raises(Invalid) as refused:
        FUNDS.edit(None, fund.code, replace(bound, restricted=False))
    assert set(refused.value.errors) == {"restricted"}
    assert FUNDS.edit(None, fund.code, replace(bound, purposes=(CULTURE,))).purposes == (CULTURE,)


@pytest.mark.parametrize("code", ["", "H", "基金一", "HZ 01", "HZ_01", "H" * 25])
def test_a_code_is_short_and_plain(owner: Organisation, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        FUNDS.create(None, replace(_fund(owner), code=code))
    assert set(refused.value.errors) == {"code"}


def test_a_code_is_used_once(owner: Organisation) -> None:
    FUNDS.create(None, _fund(owner))
    with pytest.raises(Invalid) as refused:
        FUNDS.create(None, replace(_fund(owner), code="ｈｚ７００１", name="另一个"))
    assert "助学基金" in str(refused.value.errors["code"])


def test_a_fund_stays_with_its_organisation(owner: Organisation) -> None:
    with writing() as session:
        other = factories.organisation(session)
    FUNDS.create(None, _fund(owner))
    with pytest.raises(Invalid) as refused:
        FUNDS.edit(None, "HZ7001", replace(_fund(owner), organisation=other.uscc))
    assert set(refused.value.errors) == {"organisation"}


def test_a_suspended_organisation_gets_no_new_fund(app_context: None) -> None:
    with writing() as session:
        owner = factories.organisation(session, status=Status.SUSPENDED)
    with pytest.raises(Invalid) as refused:
        FUNDS.create(None, _fund(owner))
    assert set(refused.value.errors) == {"organisation"}


def test_a_foreign_organisation_cannot_be_chosen(owner: Organisation, clerk_of: ClerkOf) -> None:
    with writing() as session:
        other = factories.organisation(session)
    with pytest.raises(Invalid) as refused:
        FUNDS.create(clerk_of(other.id), _fund(owner))
    assert set(refused.value.errors) == {"organisation"}


def test_a_fund_that_holds_money_is_not_closed(owner: Organisation) -> None:
    fund = FUNDS.create(None, _fund(owner))
    with writing() as session:
        session.add(
            FundBalance(fund_id=fund.id, balance_fen=123_456, reserved_fen=0, in_fen=123_456, out_fen=0)
        )
    with pytest.raises(Conflict, match=r"1,234\.56"):
        FUNDS.close(None, "HZ7001", "并入其他基金")
    assert db.session.get_one(Fund, fund.id).status == Status.ACTIVE


def test_an_empty_fund_is_closed(owner: Organisation) -> None:
    fund = FUNDS.create(None, _fund(owner))
    with writing() as session:
        session.add(FundBalance(fund_id=fund.id, balance_fen=0, reserved_fen=0, in_fen=5, out_fen=5))
    assert FUNDS.close(None, "HZ7001", "已用完").status == Status.CLOSED


def test_a_community_lies_in_the_station_s_street(owner: Organisation, place: Street) -> None:
    with writing() as session:
        elsewhere: Community = factories.community(session)
    details = StationDetails(
        code="ST7001",
        name="社区捐赠站",
        organisation=owner.uscc,
        street=place.code,
        community=elsewhere.code,
        address="示范路 1 号",
    )
    with pytest.raises(Invalid) as refused:
        STATIONS.create(None, details)
    assert set(refused.value.errors) == {"community"}
    assert STATIONS.create(None, replace(details, community=None)).street_id == place.id


def test_a_station_names_all_that_is_missing_at_once(owner: Organisation) -> None:
    with pytest.raises(Invalid) as refused:
        STATIONS.create(None, StationDetails(code="", name="", organisation=owner.uscc, street=""))
    assert set(refused.value.errors) == {"code", "name", "address", "street"}


def test_a_project_names_a_fund_of_its_own_organisation(owner: Organisation) -> None:
    with writing() as session:
        own, foreign = factories.fund(session, organisation_id=owner.id), factories.fund(session)
    details = ProjectDetails(
        code="PJ7001",
        name="助学",
        organisation=owner.uscc,
        starts_on=date(2026, 1, 1),
        goal="助学",
        funds=(foreign.code,),
    )
    with pytest.raises(Invalid) as refused:
        PROJECTS.create(None, details)
    assert set(refused.value.errors) == {"funds"}
    assert PROJECTS.create(None, replace(details, funds=(own.code,))).funds == [own]


def test_a_project_keeps_a_fund_that_was_closed_later(owner: Organisation) -> None:
    with writing() as session:
        own = factories.fund(session, organisation_id=owner.id)
    details = ProjectDetails(
        code="PJ7002",
        name="助学",
        organisation=owner.uscc,
        starts_on=date(2026, 1, 1),
        goal="助学",
        funds=(own.code,),
    )
    PROJECTS.create(None, details)
    FUNDS.close(None, own.code, "已用完")
    assert PROJECTS.edit(None, "PJ7002", replace(details, goal="助学与助医")).funds == [own]
    with pytest.raises(Invalid):
        PROJECTS.create(None, replace(details, code="PJ7003"))


def test_a_project_does_not_end_before_it_starts(owner: Organisation) -> None:
    with pytest.raises(Invalid) as refused:
        PROJECTS.create(
            None,
            ProjectDetails(
                code="PJ7004",
                name="助学",
                organisation=owner.uscc,
                starts_on=date(2026, 2, 1),
                ends_on=date(2026, 1, 31),
                goal="助学",
            ),
        )
    assert set(refused.value.errors) == {"ends_on"}
