"""Figures that staff enter: a source is required, a later one supersedes, nothing is lost."""

from dataclasses import replace
from datetime import date

import pytest

from portal.config import Settings
from portal.db import db, writing
from portal.indicators.bundled import load_indicators
from portal.indicators.models import OutsideGiving, PopulationKind, ResidentPopulation
from portal.indicators.services import statements
from portal.indicators.services.statements import OutsideDetails, PopulationDetails
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff.models import StaffMember
from tests import factories
from tests.people import ClerkOf

PEOPLE = PopulationDetails(
    year=2024, population=1_760_000, kind=PopulationKind.YEAR_END, as_of=date(2024, 12, 31), source="统计公报"
)
OUTSIDE = OutsideDetails(year=2024, amount_fen=100_00, scope="区红十字会", source="年度报告")


def _fields(change: dict[str, object], clerk: StaffMember) -> set[str]:
    with pytest.raises(Invalid) as refused:
        statements.enter_population(clerk, replace(PEOPLE, **change))
    return set(refused.value.errors)


def test_each_wrong_field_is_named(clerk: StaffMember) -> None:
    assert _fields({"source": " "}, clerk) == {"source"}
    assert _fields({"population": 0}, clerk) == {"population"}
    assert _fields({"as_of": date(2023, 12, 31)}, clerk) == {"as_of"}
    assert _fields({"year": 2099, "as_of": date(2099, 1, 1)}, clerk) == {"year", "as_of"}
    assert factories.count(db.session, ResidentPopulation) == 0


def test_a_later_figure_supersedes_and_the_earlier_stays(clerk: StaffMember) -> None:
    first = statements.enter_population(clerk, PEOPLE)
    second = statements.enter_population(clerk, replace(PEOPLE, population=1_761_000, source="修订公报"))
    assert second.supersedes_id == first.id
    assert [one.population for one in statements.populations_in_force(db.session)] == [1_761_000]
    kept = statements.history(db.session, ResidentPopulation)
    assert [(one.row.source, one.in_force, one.entered_by) for one in kept] == [
        ("修订公报", True, "陈经办"),
        ("统计公报", False, "陈经办"),
    ]


def test_figures_of_two_kinds_stand_side_by_side(clerk: StaffMember) -> None:
    statements.enter_population(clerk, PEOPLE)
    statements.enter_population(clerk, replace(PEOPLE, kind=PopulationKind.SECONDARY))
    assert len(statements.populations_in_force(db.session)) == 2


def test_a_withdrawn_figure_no_longer_counts_and_is_kept(clerk: StaffMember) -> None:
    row = statements.enter_population(clerk, PEOPLE)
    with pytest.raises(Invalid):
        statements.withdraw_population(clerk, row.id, " ")
    statements.withdraw_population(clerk, row.id, "抄错年份")
    assert statements.populations_in_force(db.session) == []
    assert len(statements.history(db.session, ResidentPopulation)) == 2
    with pytest.raises(Conflict):
        statements.withdraw_population(clerk, row.id, "再来一次")
    with pytest.raises(NotFound):
        statements.withdraw_population(clerk, 999_999, "没有这条")


def test_a_withdrawn_bundled_figure_does_not_come_back(clerk: StaffMember) -> None:
    for _time in range(2):
        with writing() as session:
            load_indicators(session, Settings().district_dir)
        for row in statements.populations_in_force(db.session):
            statements.withdraw_population(clerk, row.id, "来源不可靠")
    assert factories.count(db.session, ResidentPopulation) == 6


def test_outside_giving_of_one_scope_supersedes_itself_only(clerk: StaffMember) -> None:
    statements.enter_outside(clerk, OUTSIDE)
    statements.enter_outside(clerk, replace(OUTSIDE, scope="市慈善总会拨入", amount_fen=5))
    statements.enter_outside(clerk, replace(OUTSIDE, amount_fen=200_00))
    assert sorted(one.amount_fen for one in statements.outside_in_force(db.session)) == [5, 200_00]
    assert factories.count(db.session, OutsideGiving) == 3


@pytest.mark.parametrize("field", ["scope", "source"])
def test_outside_giving_says_what_and_from_where(clerk: StaffMember, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        statements.enter_outside(clerk, replace(OUTSIDE, **{field: ""}))
    assert set(refused.value.errors) == {field}


def test_only_the_whole_district_states_figures(app_context: None, clerk_of: ClerkOf) -> None:
    with writing() as session:
        own = factories.organisation(session)
    with pytest.raises(Invalid):
        statements.enter_population(clerk_of(own.id), PEOPLE)


@pytest.mark.parametrize(("text", "people"), [("1,819,037", 1_819_037), (" １８１９０３７ ", 1_819_037)])
def test_people_are_read_as_typed(text: str, people: int) -> None:
    assert statements.read_people(text) == people


@pytest.mark.parametrize("text", ["", "181.9万", "1e6", "-5", "1.5", "9" * 13])
def test_no_number_of_people(app_context: None, text: str) -> None:
    with pytest.raises(Invalid):
        statements.read_people(text)
