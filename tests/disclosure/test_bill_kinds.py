"""Bills of every period, and of all that bills are drawn up for: they add up, and each says what its parts say."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bills
from portal.disclosure.bill_check import doubtful_bills
from portal.disclosure.bill_reading import BillFigures
from portal.disclosure.bill_scopes import BillScope, bill_no_of, read_number
from portal.disclosure.bill_sums import Sums, sums_of
from portal.disclosure.models import Bill
from portal.disclosure.published import bill_figures_file
from portal.periods import Month, Period, Quarter, Run, Year, today
from portal.refusals import Conflict, NotFound
from portal.registry.models import Campaign, Fund, Project, Station
from portal.spending.models import CostKind
from tests import factories, gifts, moves, people
from tests.tampering import behind_the_back

QUARTER = Quarter.of(today()).plus(-1)
MONTHS = [Month.of(QUARTER.first).plus(step) for step in range(3)]


def figures(thing: object, period: Period) -> BillFigures:
    db.session.rollback()
    return bills.bill_figures(db.session(), bill_no_of(BillScope(thing), period))


def sums(thing: object, period: Period) -> Sums:
    db.session.rollback()
    return sums_of(db.session(), BillScope(thing), period)


def totals(one: Sums) -> tuple[int | None, ...]:
    return (one.opening_fen, one.income_fen, one.outgo_fen, one.closing_fen)


def added(parts: Iterable[dict[object, int]]) -> dict[object, int]:
    result: dict[object, int] = {}
    for part in parts:
        for key, fen in part.items():
            result[key] = result.get(key, 0) + fen
    return result


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a gift and a payout in each month of the last quarter."""
    with writing() as writer:
        made = factories.fund(writer)
    for number, month in enumerate(MONTHS):
        gifts.posted_gift(made, 100_000 + number, month.first)
        gifts.posted_payout(made, 30_000 + number, month.last)
    return made


def test_a_quarter_is_the_sum_of_its_months(fund: Fund) -> None:
    quarter, months = sums(fund, QUARTER), [sums(fund, month) for month in MONTHS]
    assert totals(quarter) == (0, 300_003, 90_003, 210_000)
    assert quarter.income_fen == sum(one.income_fen for one in months)
    assert quarter.entry_count == sum(one.entry_count for one in months) == 6
    assert quarter.by_channel == added(one.by_channel for one in months)
    assert quarter.by_cost == added(one.by_cost for one in months) == {CostKind.PROGRAMME: 90_003}
    assert (quarter.opening_fen, quarter.closing_fen) == (months[0].opening_fen, months[-1].closing_fen)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["in", "out", "in late", "reverse", "move", "publish"]),
        st.integers(0, 4),
        st.integers(1, 50_000),
    ),
    max_size=9,
)


@pytest.mark.one_engine
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STEPS)
def test_whatever_happens_bills_add_up_and_periods_are_the_sums_of_their_months(
    session: Session, steps: list[tuple[str, int, int]]
) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
        other = factories.fund(writer, organisation_id=fund.organisation_id)
    first = Month.of(today()).plus(-4)
    posted = [gifts.posted_gift(fund, 10_000_000, first.plus(-1).first)]
    for what, place, fen in steps:
        month = first.plus(place)
        day = min(month.first + timedelta(days=fen % 27), today())
        if what == "publish":
            if month.last < today():
                try:
                    bills.publish(fund.code, month, "", people.clerk())
                except Conflict:
                    continue
        elif what == "out":
            gifts.posted_payout(fund, fen, today())
        elif what == "move":
            moves.posted_transfer(fund, other, fen)
        elif what == "reverse" and len(posted) > 1:
            entry = posted.pop().entry
            assert entry is not None
            gifts.reversed_entry(entry)
        else:
            posted.append(gifts.posted_gift(fund, fen, day, late_reason="补记"))
    for thing in (fund, other, fund.organisation):
        months = [sums(thing, first.plus(step)) for step in range(-1, 5)]
        for one, following in zip(months, [*months[1:], None], strict=True):
            assert one.closing_fen == (
                (one.opening_fen or 0) + one.income_fen - one.outgo_fen + one.moved.in_fen - one.moved.out_fen
            )
            assert following is None or following.opening_fen == one.closing_fen
            assert sum(one.by_form.values()) == sum(one.by_channel.values()) == one.income_fen
            assert (
                sum(one.by_cost.values()) == sum(part.amount_fen for part in one.by_project) == one.outgo_fen
            )
        run = sums(thing, Run(first.plus(-1).first, today()))
        assert run.income_fen == sum(one.income_fen for one in months)
        assert run.entry_count == sum(one.entry_count for one in months)
    assert list(doubtful_bills(db.session())) == []


@pytest.fixture
def place(session: Session) -> tuple[Station, Project, Campaign]:
    """A station, a project and a campaign of one organisation, with a gift to all three and a payout of the project."""
    with writing() as writer:
        fund = factories.fund(writer)
        owner = fund.organisation_id
        station = factories.station(writer, organisation_id=owner)
        project = factories.project(writer, organisation_id=owner)
        campaign = factories.campaign(
            writer, organisation_id=owner, starts_on=MONTHS[0].first, ends_on=MONTHS[1].last
        )
    for month in MONTHS[:2]:
        gifts.posted_gift(
            fund,
            50_000,
            month.first + timedelta(days=2),
            station=station.code,
            project=project.code,
            campaign=campaign.code,
        )
    gifts.posted_payout(fund, 20_000, MONTHS[1].last, project=project.code, campaign=campaign.code)
    return station, project, campaign


def test_what_keeps_no_money_has_income_and_outgo_but_no_balance(
    place: tuple[Station, Project, Campaign],
) -> None:
    station, project, campaign = place
    second = MONTHS[1]
    assert totals(sums(station, second)) == (None, 50_000, 0, None)
    assert totals(sums(project, second)) == (None, 50_000, 20_000, None)
    assert totals(sums(campaign, campaign_run(campaign))) == (None, 100_000, 20_000, None)
    assert (sums(project, second).since_in_fen, sums(project, second).since_out_fen) == (100_000, 20_000)


def campaign_run(campaign: Campaign) -> Run:
    return Run(campaign.starts_on, campaign.ends_on)


def test_a_fund_says_on_which_project_it_spent(place: tuple[Station, Project, Campaign]) -> None:
    project = place[1]
    fund = db.session.query(Fund).filter_by(organisation_id=project.organisation_id).one()
    assert [(one.code, one.amount_fen) for one in sums(fund, MONTHS[1]).by_project] == [
        (project.code, 20_000)
    ]


def test_what_has_no_books_waits_until_those_of_its_organisation_are_closed(
    place: tuple[Station, Project, Campaign],
) -> None:
    owner = place[0].organisation
    numbers = [f"station-{place[0].code}", f"project-{place[1].code}"]
    for part in numbers:
        with pytest.raises(Conflict):
            bills.publish(part, QUARTER, "", people.clerk())
    bills.publish(owner.uscc, QUARTER, "", people.clerk())
    for part in numbers:
        bill = bills.publish(part, QUARTER, "", people.clerk())
        assert bill.bill_no == f"{QUARTER}-{part}"
        assert (bill.opening_fen, bill.closing_fen) == (None, None)
    run = bills.publish(f"campaign-{place[2].code}", campaign_run(place[2]), "", people.clerk())
    assert (run.bill_no, run.days) == (f"campaign-{place[2].code}", campaign_run(place[2]))
    assert list(doubtful_bills(db.session())) == []


def test_a_published_quarter_closes_the_books_and_is_frozen_with_its_parts(fund: Fund) -> None:
    published = bills.publish(fund.code, QUARTER, "夏天的助学", people.clerk())
    before = figures(fund, QUARTER)
    gifts.posted_gift(fund, 5_000, MONTHS[1].last, late_reason="补交凭证")
    after = figures(fund, QUARTER)
    assert after.sums == before.sums
    assert published.figures is not None and published.figures["now"]["in"] == 300_003
    assert figures(fund, Month.of(today())).income_fen == 5_000


@pytest.mark.parametrize("kind", [Month, Quarter, Year])
def test_a_period_is_published_when_it_is_over(fund: Fund, kind: type[Month]) -> None:
    with pytest.raises(Conflict):
        bills.publish(fund.code, kind.of(today()), "", people.clerk())


def test_numbers_lead_back_to_what_they_were_made_of(place: tuple[Station, Project, Campaign]) -> None:
    session = db.session()
    station, project, campaign = (session.merge(one) for one in place)
    owner = project.organisation
    for thing in (owner, owner.funds[0], station, project):
        for period in (MONTHS[0], QUARTER, Year.of(QUARTER.first)):
            scope = BillScope(thing)
            number = bill_no_of(scope, period)
            assert len(number) <= 40
            assert read_number(session, number) == (scope, period)
    assert read_number(session, f"campaign-{campaign.code}") == (BillScope(campaign), campaign_run(campaign))


@pytest.mark.parametrize(
    "number",
    [
        "2026Q5-HZ0001",
        "campaign-NOSUCH",
        "2026-01-campaign-NOSUCH",
        "2026-01-station-",
        "0001-01-HZ0001",
        "1989-HZ0001",
        "2026-\x00",
        "2026-01-hz0001",
    ],
)
def test_what_is_no_number_is_not_found(session: Session, number: str) -> None:
    with pytest.raises(NotFound):
        bills.bill_figures(session, number)


def test_a_campaign_has_no_monthly_bills(place: tuple[Station, Project, Campaign]) -> None:
    with pytest.raises(NotFound):
        bills.publish(f"campaign-{place[2].code}", MONTHS[0], "", people.clerk())


def test_a_code_that_looks_like_a_month_takes_no_other_bills_number(session: Session) -> None:
    last_year = Year.of(today()).plus(-1)
    with writing() as writer:
        factories.fund(writer, code="TWIN")
        factories.fund(writer, code="03-TWIN")
    with pytest.raises(Conflict):
        bills.publish("03-TWIN", last_year, "", people.clerk())
    assert bills.publish("TWIN", Month(last_year.year, 3), "", people.clerk())


def test_verification_finds_a_bill_that_was_changed(fund: Fund) -> None:
    bills.publish(fund.code, QUARTER, "", people.clerk())
    behind_the_back("UPDATE bill SET income_fen = income_fen + 1, closing_fen = closing_fen + 1")
    assert found() == {"bill", "bill_leaf"}


@pytest.mark.parametrize("where", ["now", "before"])
def test_verification_finds_a_part_of_a_bill_that_was_changed(fund: Fund, where: str) -> None:
    published = bills.publish(fund.code, QUARTER, "", people.clerk())
    assert published.figures is not None
    changed = published.figures | {where: published.figures[where] | {"since_in": 7}}
    behind_the_back(f"UPDATE bill SET figures = '{json.dumps(changed)}'")  # noqa: S608 - our own words
    assert found() == {"bill", "bill_leaf"}


def test_files_of_bills_published_before_keep_their_bytes() -> None:
    old = Bill(
        bill_no="2026-05-HZ0001",
        period="2026-05",
        opening_fen=1,
        income_fen=20,
        outgo_fen=3,
        moved_in_fen=0,
        moved_out_fen=0,
        closing_fen=18,
        entries=2,
        note="五月",
        published_at=datetime(2026, 6, 1, 2, tzinfo=UTC),
    )
    assert bill_figures_file(old, "HZ0001").decode() == (
        '{"bill":"2026-05-HZ0001","entries":2,"month":"2026-05","note":"五月","of":"HZ0001",'
        '"published":"2026-06-01","totals":{"closing":18,"in":20,"opening":1,"out":3}}'
    )


def found() -> set[str]:
    db.session.expire_all()
    return {kind for kind, _no, _message in doubtful_bills(db.session())}


def test_a_bill_with_a_day_before_books_began_is_empty(session: Session) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
    empty = figures(fund, Month(2019, 5))
    assert (empty.opening_fen, empty.closing_fen, empty.entry_count, empty.rows) == (0, 0, 0, [])
    assert empty.before is not None
    assert empty.period.last == date(2019, 5, 31)
