"""Per-capita giving (indicator 18 of the plan): gifts of a year divided by the residents of that year.

A year without a population figure stays without a result: nothing is guessed. The result is cut to whole fen, never
rounded up, so that a shown figure reaches the target exactly when the district does.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.indicators.models import (
    CountingRule,
    OutsideGiving,
    PerCapitaTarget,
    PopulationKind,
    ResidentPopulation,
    TargetBasis,
)
from portal.indicators.services.statements import outside_in_force, populations_in_force
from portal.indicators.services.targets import Target, target_path
from portal.ledger.figures import Filters, totals
from portal.ledger.models import Form
from portal.periods import today, year_bounds

_PREFERRED = (PopulationKind.YEAR_END, PopulationKind.CENSUS, PopulationKind.SECONDARY)
"""Which figure divides when a year has several: the one nearest to the giving of the whole year first."""


@dataclass(frozen=True)
class Received:
    """What was given in a year, in fen, money and other forms apart."""

    money_fen: int
    goods_fen: int
    outside_fen: int
    recorded: bool

    @property
    def total_fen(self) -> int:
        """Money, goods and what was given outside the portal, together."""
        return self.money_fen + self.goods_fen + self.outside_fen


@dataclass(frozen=True)
class Year:
    """One year of the series. ``None`` means "not known", never zero."""

    year: int
    under_way: bool
    recorded: bool
    population: int | None
    population_kind: PopulationKind | None
    population_source: str | None
    population_as_of: date | None
    received_fen: int
    money_fen: int
    goods_fen: int
    outside_fen: int
    outside_sources: tuple[str, ...]
    per_capita_fen: int | None
    target_fen: int | None
    target_basis: TargetBasis | None
    target_source: str | None
    gap_fen: int | None
    gap_percent: Decimal | None
    missing_fen: int | None
    met: bool | None


@dataclass(frozen=True)
class Series:
    """The years of the indicator, how gifts are counted, and the plan's last target for reference."""

    years: tuple[Year, ...]
    rule: CountingRule | None
    stated_targets: tuple[Target, ...]

    @property
    def last_target(self) -> Target | None:
        """The last target that the plan states."""
        return self.stated_targets[-1] if self.stated_targets else None

    @property
    def marks(self) -> list[tuple[int, str]]:
        """The plan's targets for a meter: fen, and the year."""
        return [(one.target_fen, str(one.year)) for one in self.stated_targets]

    @property
    def has_outside(self) -> bool:
        """Whether any year counts giving outside the portal."""
        return any(one.outside_sources for one in self.years)

    @property
    def current(self) -> Year:
        """The year under way."""
        return self.years[-1]

    @property
    def plan_is_over(self) -> bool:
        """Whether the plan sets no target for the year under way."""
        return self.last_target is not None and self.last_target.year < self.current.year


def per_capita(session: Session) -> Series:
    """The series from the plan's first year to the year under way."""
    rule = session.get(CountingRule, 1)
    stated = {one.year: (one.target_fen, one.source) for one in session.scalars(select(PerCapitaTarget))}
    path = target_path(stated)
    people = _populations(session)
    outside = _outside(session)
    this_year = today().year
    first = min([*path, *people, *outside, this_year])
    years = tuple(
        _year(
            year,
            people.get(year),
            path.get(year),
            _received(session, year, rule, outside[year]),
            outside[year],
        )
        for year in range(first, this_year + 1)
    )
    stated_targets = tuple(one for one in path.values() if one.basis is TargetBasis.PLAN)
    return Series(years, rule, stated_targets)


def _populations(session: Session) -> dict[int, ResidentPopulation]:
    chosen: dict[int, ResidentPopulation] = {}
    for one in populations_in_force(session):
        held = chosen.get(one.year)
        if held is None or _PREFERRED.index(one.kind) < _PREFERRED.index(held.kind):
            chosen[one.year] = one
    return chosen


def _outside(session: Session) -> defaultdict[int, list[OutsideGiving]]:
    by_year: defaultdict[int, list[OutsideGiving]] = defaultdict(list)
    for one in outside_in_force(session):
        by_year[one.year].append(one)
    return by_year


def _received(
    session: Session, year: int, rule: CountingRule | None, outside: list[OutsideGiving]
) -> Received:
    first_day, last_day = year_bounds(year)
    ledger = totals(session, Filters(first_day=first_day, last_day=last_day))
    counted = {
        str(form): fen for form, fen in ledger.by_form.items() if rule is None or rule.counts(str(form))
    }
    money = counted.get(Form.MONEY.value, 0)
    return Received(
        money_fen=money,
        goods_fen=sum(counted.values()) - money,
        outside_fen=sum(one.amount_fen for one in outside),
        recorded=bool(ledger.donations or counted or outside) or year == today().year,
    )


def _year(
    year: int,
    people: ResidentPopulation | None,
    target: Target | None,
    received: Received,
    outside: list[OutsideGiving],
) -> Year:
    population = people.population if people else None
    target_fen = target.target_fen if target else None
    result = received.total_fen // population if population and received.recorded else None
    gap = target_fen - result if target_fen is not None and result is not None else None
    missing = (
        max(0, target_fen * population - received.total_fen)
        if gap is not None and target_fen is not None and population
        else None
    )
    return Year(
        year=year,
        under_way=year == today().year,
        recorded=received.recorded,
        population=population,
        population_kind=people.kind if people else None,
        population_source=people.source if people else None,
        population_as_of=people.as_of if people else None,
        received_fen=received.total_fen,
        money_fen=received.money_fen,
        goods_fen=received.goods_fen,
        outside_fen=received.outside_fen,
        outside_sources=tuple(f"{one.scope}：{one.source}" for one in outside),
        per_capita_fen=result,
        target_fen=target_fen,
        target_basis=target.basis if target else None,
        target_source=target.source if target else None,
        gap_fen=gap,
        gap_percent=_percent(gap, target_fen),
        missing_fen=missing,
        met=missing == 0 if missing is not None else None,
    )


def _percent(part: int | None, whole: int | None) -> Decimal | None:
    if part is None or not whole:
        return None
    return (Decimal(part * 100) / Decimal(whole)).quantize(Decimal("0.1"), ROUND_HALF_UP)
