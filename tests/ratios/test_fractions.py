"""What is still needed reaches the floor, and what is left stays under the ceiling, to the fen, whatever the sums."""

from datetime import date

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.ratios.evaluating import Verdict, evaluate
from portal.ratios.models import RatioBase, RatioInstrument, RatioKind, RatioRule, RuleConfidence
from portal.registry.models import OrganisationKind
from tests.ratios.bookkeeping import books, organisation

pytestmark = pytest.mark.one_engine

FEN = st.integers(0, 10**13)
INSTRUMENT = RatioInstrument(
    code="X",
    number="X",
    effective_from=date(2000, 1, 1),
    average_article="1",
    reached_article="",
    exempt_article="",
)
OF = organisation(OrganisationKind.FEDERATION, qualified=True)


def _rule(kind: RatioKind, base: RatioBase, basis_points: int) -> RatioRule:
    return RatioRule(
        code="X-1",
        instrument=INSTRUMENT,
        article="1",
        test=kind,
        base=base,
        limit_basis_points=basis_points,
        confidence=RuleConfidence.FULL_TEXT,
    )


@given(FEN, FEN, FEN, FEN, st.integers(1, 10_000))
def test_what_is_needed_reaches_the_floor_and_one_fen_less_does_not(
    spent: int, last: int, second: int, third: int, basis_points: int
) -> None:
    rule = _rule(RatioKind.SPENDING, RatioBase.INCOME, basis_points)

    def verdict(spending: int) -> tuple[Verdict, int]:
        known = books(
            OF,
            y2023={"income": third},
            y2024={"income": second},
            y2025={"income": last},
            y2026={"spending": spending},
        )
        (found,) = evaluate([rule], known, 2026, [RatioKind.SPENDING])
        assert found.needed_fen is not None
        return found.verdict, found.needed_fen

    with time_machine.travel("2028-01-01T04:00:00Z", tick=False):
        now, needed = verdict(spent)
        assert (now is Verdict.MET) == (needed == 0)
        assert verdict(spent + needed) == (Verdict.MET, 0)
        if needed:
            assert verdict(spent + needed - 1) == (Verdict.NOT_MET, 1)


@given(FEN, FEN, st.integers(1, 9_999))
def test_what_is_left_under_a_ceiling_may_be_spent_to_the_last_fen(
    management: int, other: int, basis_points: int
) -> None:
    rule = _rule(RatioKind.MANAGEMENT, RatioBase.EXPENSE, basis_points)

    def verdict(more: int) -> tuple[Verdict, int]:
        spent = management + more
        known = books(OF, y2026={"management": spent, "expense": spent + other})
        (found,) = evaluate([rule], known, 2026, [RatioKind.MANAGEMENT])
        assert found.room_fen is not None
        return found.verdict, found.room_fen

    with time_machine.travel("2028-01-01T04:00:00Z", tick=False):
        now, room = verdict(0)
        if now is Verdict.MET:
            assert verdict(room)[0] is Verdict.MET
            assert verdict(room + 1)[0] is Verdict.NOT_MET
        else:
            assert room == 0


@given(FEN, st.integers(1, 10**13), st.integers(1, 9_999))
def test_the_percentage_shown_never_looks_better_than_the_verdict(
    spent: int, base: int, basis_points: int
) -> None:
    floor = _rule(RatioKind.SPENDING, RatioBase.INCOME, basis_points)
    ceiling = _rule(RatioKind.FUNDRAISING, RatioBase.INCOME, basis_points)
    known = books(OF, y2025={"income": base}, y2026={"spending": spent, "fundraising": spent})
    with time_machine.travel("2028-01-01T04:00:00Z", tick=False):
        for found in evaluate([floor, ceiling], known, 2026, [RatioKind.SPENDING, RatioKind.FUNDRAISING]):
            assert found.percent is not None and found.limit_percent is not None and found.rule is not None
            looks_met = (
                found.percent >= found.limit_percent
                if found.rule.is_floor
                else found.percent <= found.limit_percent
            )
            assert looks_met == (found.verdict is Verdict.MET)
