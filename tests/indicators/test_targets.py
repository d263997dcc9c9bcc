"""The target path: as the plan says, straight lines between, nothing beyond."""

from portal.indicators.models import TargetBasis
from portal.indicators.services.targets import target_path

PLAN = {2020: (3000, "规划"), 2023: (5000, "规划"), 2025: (7000, "规划")}


def test_years_between_are_interpolated_in_whole_fen_and_marked() -> None:
    path = target_path(PLAN)
    assert {year: one.target_fen for year, one in path.items()} == {
        2020: 3000,
        2021: 3667,
        2022: 4333,
        2023: 5000,
        2024: 6000,
        2025: 7000,
    }
    marked = {year for year, one in path.items() if one.basis is TargetBasis.INTERPOLATED}
    assert marked == {2021, 2022, 2024}


def test_a_falling_path_is_rounded_alike() -> None:
    assert target_path({2020: (100, ""), 2022: (95, "")})[2021].target_fen == 98


def test_no_plan_no_path() -> None:
    assert target_path({}) == {}
