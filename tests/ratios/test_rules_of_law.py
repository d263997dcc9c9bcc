"""Every row of 民发〔2016〕189号 and 民发〔2026〕12号: at its limit, one fen beyond it, at both ends of its band."""

from collections.abc import Iterator, Sequence

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ratios.bundled import load_rules
from portal.ratios.evaluating import Ratio, Verdict, evaluate
from portal.ratios.models import RatioKind, RatioRule
from portal.ratios.service import FIRST, TAX
from portal.registry.models import OrganisationKind
from tests.ratios.bookkeeping import MILLION, YUAN, books, organisation

FOUNDATION, FEDERATION = OrganisationKind.FOUNDATION, OrganisationKind.FEDERATION
ASSOCIATION, SERVICE = OrganisationKind.ASSOCIATION, OrganisationKind.SERVICE
INCOME, NET_ASSETS = "income", "net_assets"

LAW = [
    # kind, qualified, net assets at last year's end, what spending is measured by, floor %, ceiling of management %
    (FOUNDATION, True, 1, INCOME, 70, 10),
    (FOUNDATION, True, 100 * MILLION, INCOME, 70, 10),
    (FEDERATION, True, 1 * MILLION, INCOME, 70, 13),
    (ASSOCIATION, True, 1 * MILLION, INCOME, 70, 13),
    (SERVICE, True, 1 * MILLION, INCOME, 70, 13),
    (FOUNDATION, False, 60 * MILLION, NET_ASSETS, 6, 12),
    (FOUNDATION, False, 60 * MILLION - 1, NET_ASSETS, 6, 13),
    (FOUNDATION, False, 8 * MILLION, NET_ASSETS, 6, 13),
    (FOUNDATION, False, 8 * MILLION - 1, NET_ASSETS, 7, 15),
    (FOUNDATION, False, 4 * MILLION, NET_ASSETS, 7, 15),
    (FOUNDATION, False, 4 * MILLION - 1, NET_ASSETS, 8, 20),
    (FOUNDATION, False, 1, NET_ASSETS, 8, 20),
    (ASSOCIATION, False, 10 * MILLION, NET_ASSETS, 6, 13),
    (SERVICE, False, 10 * MILLION - 1, NET_ASSETS, 7, 14),
    (ASSOCIATION, False, 5 * MILLION, NET_ASSETS, 7, 14),
    (SERVICE, False, 5 * MILLION - 1, NET_ASSETS, 8, 15),
    (FEDERATION, False, 1 * MILLION, NET_ASSETS, 8, 15),
    (SERVICE, False, 1 * MILLION - 1, NET_ASSETS, 8, 20),
]
YEARS = [(2016, "MF189"), (2025, "MF189"), (2026, "MF12"), (2027, "MF12")]
EXPENSE = 500 * MILLION
"""So much that management cost at its ceiling is far above what is exempt."""


@pytest.fixture
def rules(session: Session) -> Iterator[Sequence[RatioRule]]:
    """The bundled rules, on a day when all the years of this file are over."""
    with writing():
        load_rules(db.session())
    with time_machine.travel("2029-06-30T04:00:00Z", tick=False):
        yield session.scalars(select(RatioRule)).all()


@pytest.mark.one_engine
@pytest.mark.parametrize(("year", "instrument"), YEARS)
@pytest.mark.parametrize(("kind", "qualified", "net_assets", "base", "floor", "ceiling"), LAW)
def test_spending_and_management_cost_are_met_at_the_limit_and_missed_one_fen_beyond(
    rules: Sequence[RatioRule],
    year: int,
    instrument: str,
    kind: OrganisationKind,
    qualified: bool,
    net_assets: int,
    base: str,
    floor: int,
    ceiling: int,
) -> None:
    income = 10 * MILLION
    needed = -(-(income if base == INCOME else net_assets) * floor // 100)
    before = {"net_assets": net_assets, "income": income}
    of = organisation(kind, qualified=qualified)

    def tested(spending: int, management: int) -> dict[tuple[RatioKind, str], Ratio]:
        now = {"spending": spending, "management": management, "expense": EXPENSE}
        found = evaluate(rules, books(of, **{f"y{year - 1}": before, f"y{year}": now}), year, FIRST)
        return {(one.kind, one.rule.base if one.rule else ""): one for one in found}

    kept = tested(needed, EXPENSE * ceiling // 100)
    spending, management = kept[RatioKind.SPENDING, base], kept[RatioKind.MANAGEMENT, "expense"]
    assert spending.rule is not None and management.rule is not None
    assert {spending.instrument.code, management.instrument.code} == {instrument}
    assert (spending.rule.limit_basis_points, management.rule.limit_basis_points) == (
        floor * 100,
        ceiling * 100,
    )
    assert (spending.verdict, management.verdict) == (Verdict.MET, Verdict.MET)
    missed = tested(needed - 1, EXPENSE * ceiling // 100 + 1)
    assert missed[RatioKind.SPENDING, base].verdict is Verdict.NOT_MET
    assert missed[RatioKind.SPENDING, base].needed_fen == 1
    assert missed[RatioKind.MANAGEMENT, "expense"].verdict is Verdict.NOT_MET


@pytest.mark.one_engine
@pytest.mark.parametrize("year", [2025, 2026])
def test_the_smallest_groups_owe_a_share_of_net_assets_and_half_of_their_income(
    rules: Sequence[RatioRule], year: int
) -> None:
    of = organisation(SERVICE, qualified=False)
    before = {"net_assets": MILLION - 1, "income": 2 * MILLION}

    def verdicts(spending: int) -> list[Verdict]:
        now = {"spending": spending, "management": 0, "expense": spending}
        found = evaluate(
            rules, books(of, **{f"y{year - 1}": before, f"y{year}": now}), year, [RatioKind.SPENDING]
        )
        return [one.verdict for one in found]

    assert verdicts(MILLION) == [Verdict.MET, Verdict.MET]
    assert sorted(verdicts(MILLION - 1)) == [Verdict.MET, Verdict.NOT_MET]


@pytest.mark.one_engine
@pytest.mark.parametrize("year", [2025, 2026])
def test_management_cost_below_two_hundred_thousand_yuan_knows_no_ceiling(
    rules: Sequence[RatioRule], year: int
) -> None:
    of = organisation(ASSOCIATION, qualified=True)

    def verdict(management: int) -> Verdict:
        now = {"management": management, "expense": management}
        (found,) = evaluate(rules, books(of, **{f"y{year}": now}), year, [RatioKind.MANAGEMENT])
        return found.verdict

    assert verdict(200_000 * YUAN - 1) is Verdict.EXEMPT
    assert verdict(200_000 * YUAN) is Verdict.NOT_MET


@pytest.mark.one_engine
def test_the_mean_of_three_years_stands_for_the_last_where_it_asks_less(rules: Sequence[RatioRule]) -> None:
    of = organisation(FEDERATION, qualified=True)
    incomes = {"y2023": {"income": 0}, "y2024": {"income": 100}, "y2025": {"income": 901}}

    def spending(fen: int, **years: dict[str, int]) -> Ratio:
        now = {"spending": fen}
        (found,) = evaluate(rules, books(of, **years, y2026=now), 2026, [RatioKind.SPENDING])
        return found

    # 70 % of the mean of 1,001 / 3 is 233.57 fen: not a whole number, and nothing is rounded away.
    assert spending(233, **incomes).verdict is Verdict.NOT_MET
    met = spending(234, **incomes)
    assert met.verdict is Verdict.MET and met.averaged and len(met.base) == 3
    assert not spending(631, y2025={"income": 901}).averaged
    assert not spending(70, **{**incomes, "y2025": {"income": 40}}).averaged


@pytest.mark.one_engine
def test_total_income_leaves_out_what_could_not_be_used_and_takes_in_what_became_usable(
    rules: Sequence[RatioRule],
) -> None:
    of = organisation(FEDERATION, qualified=True)
    before = {"income": 1_000, "unusable": 400, "released": 100}
    (found,) = evaluate(rules, books(of, y2025=before, y2026={"spending": 490}), 2026, [RatioKind.SPENDING])
    assert (found.denominator_fen, found.verdict) == (700, Verdict.MET)


@pytest.mark.one_engine
@pytest.mark.parametrize("qualified", [True, False])
@pytest.mark.parametrize("kind", list(OrganisationKind))
def test_fundraising_cost_is_capped_by_the_mean_donations_of_three_years_from_2026(
    rules: Sequence[RatioRule], kind: OrganisationKind, qualified: bool
) -> None:
    of = organisation(kind, qualified=qualified)
    three = {"y2023": {"donations": 1_000}, "y2024": {"donations": 1_000}, "y2025": {"donations": 1_001}}

    def verdict(fen: int, **years: dict[str, int]) -> Ratio:
        (found,) = evaluate(
            rules, books(of, **years, y2026={"fundraising": fen}), 2026, [RatioKind.FUNDRAISING]
        )
        return found

    assert verdict(30, **three).verdict is Verdict.MET
    assert verdict(30, **three).is_close and not verdict(20, **three).is_close
    assert verdict(31, **three).verdict is Verdict.NOT_MET
    assert verdict(0, y2025={"donations": 5}).verdict is Verdict.UNKNOWN
    assert not list(evaluate(rules, books(of, **three), 2025, [RatioKind.FUNDRAISING]))


@pytest.mark.one_engine
def test_what_is_missing_is_named_and_nothing_is_guessed(rules: Sequence[RatioRule]) -> None:
    of = organisation(FOUNDATION, qualified=False)
    found = list(evaluate(rules, books(of, y2025={"management": 10**9, "spending": 1}), 2025, FIRST))
    assert [one.verdict for one in found] == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert {(one.year, str(one.kind)) for ratio in found for one in ratio.missing} == {(2024, "net_assets")}
    assert all(one.rule is None and one.percent is None for one in found)


@pytest.mark.one_engine
def test_the_tax_test_is_the_harder_one_for_a_qualified_federation(rules: Sequence[RatioRule]) -> None:
    of = organisation(FEDERATION, qualified=True)
    known = books(
        of, y2025={"income": 100 * MILLION}, y2026={"management": 12 * MILLION, "expense": 100 * MILLION}
    )
    (charity,) = evaluate(rules, known, 2026, [RatioKind.MANAGEMENT])
    tax = {one.kind: one for one in evaluate(rules, known, 2026, TAX)}
    assert charity.verdict is Verdict.MET
    assert tax[RatioKind.TAX_MANAGEMENT].verdict is Verdict.NOT_MET


@pytest.mark.one_engine
@pytest.mark.parametrize(("qualified", "floor", "ceiling"), [(True, 7_000, 1_000), (False, 800, 1_200)])
def test_the_tax_test_has_limits_of_its_own(
    rules: Sequence[RatioRule], qualified: bool, floor: int, ceiling: int
) -> None:
    known = books(organisation(SERVICE, qualified=qualified), y2025={"income": 1, "net_assets": 1})
    limits = [one.rule.limit_basis_points for one in evaluate(rules, known, 2026, TAX) if one.rule]
    assert limits == [floor, ceiling]


def test_loading_the_rules_twice_changes_nothing(session: Session) -> None:
    def rows() -> list[tuple[object, ...]]:
        return [tuple(row) for row in session.execute(select(*RatioRule.__table__.columns))]

    with writing():
        load_rules(db.session())
    before = rows()
    with writing():
        load_rules(db.session())
    assert rows() == before and len(before) > 40


def test_every_rule_names_an_article_and_how_sure_we_are(session: Session) -> None:
    with writing():
        load_rules(db.session())
    for rule in session.scalars(select(RatioRule)):
        assert rule.article and rule.confidence and rule.instrument.number
