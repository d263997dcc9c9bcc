"""An organisation's ratios from real books: what is paid, what arrives, what is stated, what waits."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask_migrate import downgrade, upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.ledger import accounts
from portal.ledger.models import YearArrival, YearTotal
from portal.ledger.verification import verify
from portal.ratios import reviewing, service, stating
from portal.ratios.bundled import load_rules
from portal.ratios.evaluating import Ratio, Verdict
from portal.ratios.figures import FigureKind, FigureOrigin
from portal.ratios.models import BaseFigure, RatioKind
from portal.ratios.service import Standing
from portal.ratios.stating import BaseDetails, StatedFigures
from portal.registry.models import Fund, Organisation, OrganisationKind
from portal.spending.models import DisbursementKind
from portal.spending.ratio_desk import ratios_before_approval, waiting_costs
from tests import factories, gifts, moves, people

YUAN = 100
_keys = iter(range(10_000))


@pytest.fixture
def fund(app_context: None) -> Iterator[Fund]:
    """A fund of a federation with the qualification, half a year into 2026, and the bundled rules."""
    with time_machine.travel("2026-06-30T04:00:00Z", tick=True):
        with writing() as session:
            load_rules(session)
            owner = factories.organisation(
                session, kind=OrganisationKind.FEDERATION, evidence_required_fen=10**12
            )
            found = factories.fund(session, organisation_id=owner.id)
        yield found


def state(fund: Fund, year: int, **figures: int) -> BaseFigure:
    details = BaseDetails(
        organisation=fund.organisation.uscc,
        year=year,
        figures=StatedFigures(**{f"{name}_fen": fen for name, fen in figures.items()}),
        source=f"{year} 年度审计报告",
        sourced_on=date(2026, 3, 1),
    )
    return stating.state_figures(details, people.clerk(), f"state-{next(_keys)}")


def approved(fund: Fund, year: int, **figures: int) -> BaseFigure:
    stated = state(fund, year, **figures)
    return reviewing.approve(BaseFigure, stated.id, people.reviewer(), stated.version)


def standing(fund: Fund, year: int = 2026) -> Standing:
    db.session.rollback()
    return service.of_year(db.session(), db.session.get_one(Organisation, fund.organisation_id), year)


def one(standing: Standing, kind: RatioKind) -> Ratio:
    (found,) = standing.of(kind)
    return found


def summary(standing: Standing) -> list[tuple[object, ...]]:
    return [
        (ratio.kind, ratio.numerator_fen, ratio.denominator, ratio.verdict, ratio.needed_fen, ratio.room_fen)
        for ratio in (*standing.ratios, *standing.tax)
    ]


def test_from_2026_only_what_arrived_counts_as_spending(fund: Fund) -> None:
    approved(fund, 2025, income=1_000 * YUAN)
    gifts.posted_gift(fund, 2_000 * YUAN)
    payout = gifts.posted_payout(fund, 700 * YUAN)
    paid = one(standing(fund), RatioKind.SPENDING)
    assert (paid.numerator_fen, paid.verdict, paid.needed_fen) == (0, Verdict.OPEN, 700 * YUAN)
    gifts.arrived(payout, 700 * YUAN, 12)
    assert one(standing(fund), RatioKind.SPENDING).verdict is Verdict.MET
    assert payout.entry is not None
    gifts.reversed_entry(payout.entry)
    assert one(standing(fund), RatioKind.SPENDING).numerator_fen == 0
    assert verify(db.session()).ok


def test_up_to_2025_what_was_paid_counts_as_spending(fund: Fund) -> None:
    approved(fund, 2024, income=1_000 * YUAN)
    gifts.posted_gift(fund, 2_000 * YUAN, date(2025, 3, 1))
    gifts.posted_payout(fund, 700 * YUAN, date(2025, 3, 2))
    found = one(standing(fund, 2025), RatioKind.SPENDING)
    assert (found.instrument.code, found.verdict) == ("MF189", Verdict.MET)


def test_spending_below_its_floor_is_missed_only_when_the_year_is_over(fund: Fund) -> None:
    gifts.posted_gift(fund)
    approved(fund, 2025, income=1_000 * YUAN)
    assert one(standing(fund), RatioKind.SPENDING).verdict is Verdict.OPEN
    with time_machine.travel("2026-12-31T15:59:00Z"):
        assert one(standing(fund), RatioKind.SPENDING).verdict is Verdict.OPEN
    with time_machine.travel("2026-12-31T16:01:00Z"):
        assert one(standing(fund), RatioKind.SPENDING).verdict is Verdict.NOT_MET


@pytest.mark.parametrize(
    "kind", [DisbursementKind.PROGRAMME, DisbursementKind.MANAGEMENT, DisbursementKind.FUNDRAISING]
)
@pytest.mark.parametrize("day", [date(2025, 5, 5), date(2026, 5, 5)])
def test_a_payout_foreseen_is_the_payout_really_paid(fund: Fund, kind: DisbursementKind, day: date) -> None:
    for year in (2022, 2023, 2024):
        approved(fund, year, income=900_000 * YUAN, donations=800_000 * YUAN, net_assets=5 * YUAN)
    gifts.posted_gift(fund, 9_000_000 * YUAN, date(2025, 1, 5))
    gifts.posted_payout(fund, 1_000_000 * YUAN, day, kind=DisbursementKind.PROGRAMME)
    account = {
        DisbursementKind.PROGRAMME: accounts.PROGRAMME,
        DisbursementKind.MANAGEMENT: accounts.MANAGEMENT,
        DisbursementKind.FUNDRAISING: accounts.FUNDRAISING,
    }[kind]
    db.session.rollback()
    foreseen = service.after(db.session(), fund.organisation, account, 300_000 * YUAN, day)
    gifts.posted_payout(fund, 300_000 * YUAN, day, kind=kind)
    assert summary(foreseen) == summary(standing(fund, day.year))


def test_the_page_of_a_payout_warns_of_what_it_breaks_and_of_what_waits(fund: Fund) -> None:
    gifts.posted_gift(fund, 9_000_000 * YUAN)
    gifts.posted_payout(fund, 1_000_000 * YUAN, kind=DisbursementKind.PROGRAMME)
    first = gifts.payout(fund, 100_000 * YUAN, kind=DisbursementKind.MANAGEMENT)
    second = gifts.payout(fund, 140_000 * YUAN, kind=DisbursementKind.MANAGEMENT)
    db.session.rollback()
    assert waiting_costs(db.session(), first) == {accounts.MANAGEMENT: 140_000 * YUAN}
    foresight = ratios_before_approval(first)
    assert foresight is not None and foresight.waits_besides and not foresight.warnings
    (step,) = [step for step in foresight.steps if step.now.kind is RatioKind.MANAGEMENT]
    assert (step.now.verdict, step.after.verdict, step.after_all.verdict) == (
        Verdict.EXEMPT,
        Verdict.EXEMPT,
        Verdict.NOT_MET,
    )
    assert step.breaks_with_all
    gifts.posted_payout(fund, 100_000 * YUAN, kind=DisbursementKind.MANAGEMENT)
    db.session.rollback()
    broken = ratios_before_approval(second)
    assert broken is not None and [one.after.kind for one in broken.warnings] == [RatioKind.MANAGEMENT]


def test_a_payout_that_is_decided_shows_no_foresight(fund: Fund) -> None:
    gifts.posted_gift(fund)
    assert ratios_before_approval(gifts.posted_payout(fund)) is None


def test_what_is_stated_goes_before_the_books_once_a_second_person_agrees(fund: Fund) -> None:
    gifts.posted_gift(fund, 500 * YUAN, date(2025, 3, 1))
    stated = state(fund, 2025, income=800 * YUAN)
    computed = standing(fund).books.figure(FigureKind.INCOME, 2025)
    assert computed is not None and (computed.fen, computed.origin) == (500 * YUAN, FigureOrigin.COMPUTED)
    reviewing.approve(BaseFigure, stated.id, people.reviewer(), stated.version)
    entered = standing(fund).books.figure(FigureKind.INCOME, 2025)
    assert entered is not None and (entered.fen, entered.origin) == (800 * YUAN, FigureOrigin.ENTERED)


def test_the_statement_approved_last_is_in_force_and_the_others_stay(fund: Fund, session: Session) -> None:
    approved(fund, 2024, income=1)
    approved(fund, 2024, income=2)
    figure = standing(fund).books.figure(FigureKind.INCOME, 2024)
    assert figure is not None and figure.fen == 2
    assert session.scalars(select(BaseFigure.income_fen).order_by(BaseFigure.id)).all() == [1, 2]


def test_net_assets_go_on_from_the_last_stated_year(fund: Fund) -> None:
    approved(fund, 2024, net_assets=1_000 * YUAN)
    gifts.posted_gift(fund, 500 * YUAN, date(2025, 3, 1))
    gifts.posted_payout(fund, 200 * YUAN, date(2025, 3, 2))
    gifts.posted_gift(fund, 40 * YUAN)
    books = standing(fund).books
    known = [books.figure(FigureKind.NET_ASSETS, year) for year in (2023, 2024, 2025, 2026)]
    assert [figure.fen if figure else None for figure in known] == [
        None,
        1_000 * YUAN,
        1_300 * YUAN,
        1_340 * YUAN,
    ]


def test_net_assets_of_an_old_organisation_are_not_guessed(fund: Fund) -> None:
    gifts.posted_gift(fund, 500 * YUAN, date(2025, 3, 1))
    assert standing(fund).books.figure(FigureKind.NET_ASSETS, 2025) is None
    approved(fund, 2022, net_assets=1)
    assert standing(fund).books.figure(FigureKind.NET_ASSETS, 2025) is None


def test_a_reversal_takes_income_and_cost_back(fund: Fund) -> None:
    gifts.posted_gift(fund, 9_000 * YUAN)
    paid = gifts.posted_payout(fund, 500 * YUAN, kind=DisbursementKind.MANAGEMENT)
    assert paid.entry is not None
    gifts.reversed_entry(paid.entry)
    books = standing(fund).books
    spent = [books.figure(kind, 2026) for kind in (FigureKind.MANAGEMENT, FigureKind.EXPENSE)]
    assert [figure.fen if figure else None for figure in spent] == [0, 0]
    assert verify(db.session()).ok


def test_a_grant_to_another_organisation_is_one_s_cost_and_the_other_s_income(fund: Fund) -> None:
    with writing() as session:
        other = factories.fund(session)
    gifts.posted_gift(fund, 900 * YUAN)
    moves.posted_transfer(fund, other, 600 * YUAN)
    known = {
        (of.id, kind): figure.fen
        for of in (fund, other)
        for kind in (FigureKind.INCOME, FigureKind.SPENDING, FigureKind.ARRIVED)
        if (figure := standing(of).books.figure(kind, 2026))
    }
    assert known == {
        (fund.id, FigureKind.INCOME): 900 * YUAN,
        (fund.id, FigureKind.SPENDING): 600 * YUAN,
        (fund.id, FigureKind.ARRIVED): 0,
        (other.id, FigureKind.INCOME): 600 * YUAN,
        (other.id, FigureKind.SPENDING): 0,
        (other.id, FigureKind.ARRIVED): 0,
    }
    assert verify(db.session()).ok


def test_books_that_were_there_before_the_sums_are_summed_by_the_migration(fund: Fund) -> None:
    gifts.posted_gift(fund, 900 * YUAN, date(2025, 12, 31))
    gifts.posted_gift(fund, 90 * YUAN, date(2026, 1, 1))
    paid = gifts.posted_payout(fund, 40 * YUAN, date(2026, 2, 1))
    gifts.arrived(paid, 30 * YUAN, 12)

    def kept() -> list[list[tuple[object, ...]]]:
        queries = (select(*model.__table__.columns) for model in (YearTotal, YearArrival))
        return [sorted(tuple(row) for row in db.session.execute(query)) for query in queries]

    before = kept()
    db.session.remove()
    downgrade(revision="0033-1")
    upgrade()
    assert kept() == before and all(before)


def test_sums_per_year_do_not_grow_with_the_entries(fund: Fund, session: Session) -> None:
    for _time in range(5):
        gifts.posted_gift(fund, 100 * YUAN)
        gifts.posted_payout(fund, 10 * YUAN)
    assert factories.count(session, YearTotal) == 2
