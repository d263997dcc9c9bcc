"""Per-capita giving: nothing guessed, nothing rounded up, targets kept apart from the plan's end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine

from portal.config import Settings
from portal.db import db, writing
from portal.indicators.bundled import load_indicators
from portal.indicators.document import series_document
from portal.indicators.models import PerCapitaTarget, PopulationKind, ResidentPopulation, TargetBasis
from portal.indicators.services import statements
from portal.indicators.services.per_capita import Series, Year, per_capita
from portal.indicators.services.statements import OutsideDetails, PopulationDetails
from portal.ledger import daily_totals
from portal.ledger.models import Channel, Direction, Form
from portal.staff.models import StaffMember
from tests import factories

POPULATION_2025 = PopulationDetails(
    year=2025, population=1_000_000, kind=PopulationKind.YEAR_END, as_of=date(2025, 12, 31), source="统计公报"
)


@pytest.fixture
def bundled(app_context: None) -> Iterator[None]:
    """The bundled figures, on a fixed day."""
    with writing() as session:
        load_indicators(session, Settings().district_dir)
    with time_machine.travel("2026-06-30T04:00:00Z", tick=False):
        yield


def _give(day: date, amount_fen: int, form: Form = Form.MONEY, direction: Direction = Direction.IN) -> None:
    key = (day, 1, 1, 0, 0, 0, 0, direction, form, Channel.BANK, False)
    with writing() as session:
        daily_totals.keep(session, {key: (1, amount_fen)})


def _series() -> Series:
    db.session.rollback()
    return per_capita(db.session)


def _year(year: int) -> Year:
    return next(one for one in _series().years if one.year == year)


def test_the_three_published_populations_are_bundled_and_no_other(bundled: None) -> None:
    known = {one.year: one.population for one in _series().years if one.population is not None}
    assert known == {2020: 1_819_037, 2021: 1_821_800, 2023: 1_768_300}
    assert (_year(2020).population_kind, _year(2020).population_as_of) == (
        PopulationKind.CENSUS,
        date(2020, 11, 1),
    )
    assert all(one.population_source for one in _series().years if one.population is not None)


def test_loading_again_adds_nothing(bundled: None) -> None:
    with writing() as session:
        load_indicators(session, Settings().district_dir)
    assert factories.count(db.session, ResidentPopulation) == 3
    assert factories.count(db.session, PerCapitaTarget) == 3


def test_a_year_without_population_has_no_result(bundled: None) -> None:
    _give(date(2022, 5, 1), 5_000_000_000)
    year = _year(2022)
    assert (year.received_fen, year.target_fen) == (5_000_000_000, 4333)
    assert (year.per_capita_fen, year.gap_fen, year.missing_fen, year.met) == (None, None, None, None)


def test_a_year_without_any_record_has_no_result(bundled: None) -> None:
    year = _year(2023)
    assert (year.recorded, year.per_capita_fen, year.met) == (False, None, None)


def test_gap_in_yuan_and_percent_and_what_is_missing(bundled: None, clerk: StaffMember) -> None:
    statements.enter_population(clerk, POPULATION_2025)
    _give(date(2025, 9, 5), 4_120_000_000)
    year = _year(2025)
    assert (year.per_capita_fen, year.target_fen, year.gap_fen) == (4120, 7000, 2880)
    assert (year.gap_percent, year.missing_fen, year.met) == (Decimal("41.1"), 2_880_000_000, False)
    assert year.target_basis is TargetBasis.PLAN


def test_the_target_is_met_to_the_fen(bundled: None, clerk: StaffMember) -> None:
    statements.enter_population(clerk, POPULATION_2025)
    _give(date(2025, 9, 5), 6_999_999_999)
    year = _year(2025)
    assert (year.per_capita_fen, year.missing_fen, year.met) == (6999, 1, False)
    _give(date(2025, 9, 6), 1)
    year = _year(2025)
    assert (year.per_capita_fen, year.gap_fen, year.missing_fen, year.met) == (7000, 0, 0, True)


def test_money_goods_and_outside_giving_are_apart_and_together(bundled: None, clerk: StaffMember) -> None:
    _give(date(2023, 1, 1), 100)
    _give(date(2023, 12, 31), 30, Form.GOODS)
    _give(date(2023, 6, 1), 7_000, Form.SKILLS)
    _give(date(2023, 6, 2), 9_000, direction=Direction.OUT)
    statements.enter_outside(
        clerk, OutsideDetails(year=2023, amount_fen=5, scope="区红十字会", source="年报")
    )
    year = _year(2023)
    assert (year.money_fen, year.goods_fen, year.outside_fen, year.received_fen) == (100, 30, 5, 135)
    assert year.outside_sources == ("区红十字会：年报",)


def test_a_reversal_is_taken_off(bundled: None) -> None:
    _give(date(2023, 6, 1), 1_768_300_00)
    _give(date(2023, 6, 2), -1_768_300_00)
    assert (_year(2023).recorded, _year(2023).received_fen, _year(2023).per_capita_fen) == (True, 0, 0)


def test_the_plan_ends_and_no_target_is_made_up(bundled: None, clerk: StaffMember) -> None:
    statements.enter_population(
        clerk, replace(POPULATION_2025, year=2026, as_of=date(2026, 1, 1), kind=PopulationKind.SECONDARY)
    )
    _give(date(2026, 2, 1), 5_000_000)
    series = _series()
    now = series.current
    assert (now.year, now.under_way, now.per_capita_fen) == (2026, True, 5)
    assert (now.target_fen, now.target_basis, now.gap_fen, now.met) == (None, None, None, None)
    assert series.plan_is_over and series.last_target is not None and series.last_target.target_fen == 7000


def test_the_year_end_figure_goes_before_the_census(bundled: None, clerk: StaffMember) -> None:
    statements.enter_population(
        clerk,
        PopulationDetails(
            year=2020,
            population=1_820_000,
            kind=PopulationKind.YEAR_END,
            as_of=date(2020, 12, 31),
            source="公报",
        ),
    )
    assert (_year(2020).population, _year(2020).population_kind) == (1_820_000, PopulationKind.YEAR_END)


def test_the_document_has_the_shape_of_the_contract(bundled: None) -> None:
    document = series_document(db.session)
    assert [one["year"] for one in document["series"]] == [2020, 2021, 2022, 2023, 2024, 2025, 2026]
    assert {
        "year",
        "population",
        "population_source",
        "received_fen",
        "per_capita_fen",
        "target_fen",
        "target_basis",
        "met",
    } <= document["series"][0].keys()
    assert [one["target_basis"] for one in document["series"]] == [
        "plan",
        "interpolated",
        "interpolated",
        "plan",
        "interpolated",
        "plan",
        None,
    ]
    assert document["current"] == document["series"][-1]
    assert document["counting_rule"]["name"] == "款物合计口径"
