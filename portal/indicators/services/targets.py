"""The target of each year: as the plan says, or interpolated between two years of the plan."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from portal.indicators.models import TargetBasis


@dataclass(frozen=True)
class Target:
    """What a year should reach, in fen per resident."""

    year: int
    target_fen: int
    basis: TargetBasis
    source: str


def target_path(stated: Mapping[int, tuple[int, str]]) -> dict[int, Target]:
    """Every year from the plan's first to its last, the gaps filled in a straight line (whole fen, half up).

    Args:
        stated: year -> (fen, source), as in the plan.

    Example:
        ``{2020: (3000, …), 2023: (5000, …)}`` gives 3667 for 2021 and 4333 for 2022, marked interpolated.
    """
    path: dict[int, Target] = {}
    years = sorted(stated)
    for year in years:
        path[year] = Target(year, stated[year][0], TargetBasis.PLAN, stated[year][1])
    for first, last in pairwise(years):
        span = last - first
        for step in range(1, span):
            weighted = stated[first][0] * (span - step) + stated[last][0] * step
            fen = (2 * weighted + span) // (2 * span)
            path[first + step] = Target(first + step, fen, TargetBasis.INTERPOLATED, stated[last][1])
    return dict(sorted(path.items()))
