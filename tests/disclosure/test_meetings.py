"""What several things have together is the same whether it is looked for by days or by a walk through all entries."""

from datetime import date
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import entries, meetings
from portal.disclosure.entries import LedgerQuery, Selected
from portal.ledger.figures import THINGS, Filters
from portal.ledger.models import Direction, Entry
from portal.registry.models import Fund, Project, Station
from tests import factories, gifts

DAYS = (date(2025, 11, 3), date(2026, 3, 5), date(2026, 1, 31), date(2026, 3, 4), date(2025, 11, 2))
"""In the order in which they were logged: some came late."""

World = tuple[list[Fund], list[Station], list[Project]]


@pytest.fixture
def world(session: Session) -> World:
    """Two funds, stations and projects that met on some days, months apart; one gift was reversed."""
    with writing() as writer:
        first: Fund = factories.fund(writer)
        owner = first.organisation_id
        funds = [first, factories.fund(writer, organisation_id=owner)]
        stations = [factories.station(writer, organisation_id=owner) for _ in range(2)]
        projects = [factories.project(writer, organisation_id=owner) for _ in range(2)]
    for number, (day, fund, station) in enumerate(product(DAYS, funds, stations)):
        if number % 3:
            project = projects[number % 2].code if number % 4 else None
            gifts.posted_gift(
                fund, 100 + number, day, station=station.code, project=project, late_reason="补记"
            )
    gifts.reversed_entry(db.session.scalars(select(Entry).order_by(Entry.id.desc()).limit(1)).one())
    db.session.rollback()
    return funds, stations, projects


def selections(world: World) -> list[LedgerQuery]:
    funds, stations, projects = world
    streets = sorted({one.street_id for one in stations})
    days = (
        (None, None),
        (date(2026, 1, 1), None),
        (None, date(2026, 3, 4)),
        (date(2026, 1, 31), date(2026, 3, 4)),
    )
    return [
        LedgerQuery(
            Filters(
                fund_id=fund,
                station_id=station,
                project_id=project,
                street_id=street,
                direction=direction,
                first_day=first,
                last_day=last,
            ),
            least_fen=least,
        )
        for fund, station, project, street, (first, last), direction, least in product(
            [None, funds[0].id, funds[1].id],
            [None, stations[0].id],
            [None, projects[0].id],
            [None, streets[0]],
            days,
            [None, Direction.OUT],
            [None, 105],
        )
    ]


def walked(query: LedgerQuery) -> list[Entry]:
    """All entries of a selection, one by one, newest first."""
    filters = query.filters
    wanted = {
        name: getattr(filters, name) for name in (*THINGS, "direction") if getattr(filters, name) is not None
    }
    return [
        one
        for one in db.session.scalars(select(Entry).order_by(Entry.index.desc()))
        if all(getattr(one, name) == value for name, value in wanted.items())
        and (filters.first_day or date.min) <= one.occurred_on <= (filters.last_day or date.max)
        and abs(one.amount_fen) >= (query.least_fen or 0)
    ]


@pytest.mark.parametrize(("months", "most"), [(1, 2_000), (2, 2_000), (6, 2_000), (6, -1)])
def test_pages_and_sums_are_those_of_a_walk(
    world: World, monkeypatch: pytest.MonkeyPatch, months: int, most: int
) -> None:
    monkeypatch.setattr(meetings, "MONTHS", months)
    monkeypatch.setattr(meetings, "MOST_MET", most)
    for query in selections(world):
        expected, after = walked(query), None
        shown: list[int] = []
        while True:
            page = Selected(db.session(), query).page(after, 3)
            shown += [one.id for one in page.entries]
            after = page.following
            if after is None:
                break
        assert shown == [one.id for one in expected], query
        sums = Selected(db.session(), query).summary()
        assert sums is not None and sums.received_fen == sum(one.amount_fen for one in expected), query


def test_the_things_are_walked_through_by_the_one_that_has_fewest(world: World) -> None:
    funds, stations, _projects = world
    with writing() as writer:
        rare = factories.fund(writer, organisation_id=funds[0].organisation_id)
    gifts.posted_gift(rare, 700, DAYS[0], station=stations[0].code, late_reason="补记")
    asked = Filters(organisation_id=rare.organisation_id, fund_id=rare.id, station_id=stations[0].id)
    assert meetings.rarest_thing(db.session(), asked) == "fund_id"
    assert meetings.rarest_thing(db.session(), Filters(fund_id=rare.id)) is None
    assert [one.amount_fen for one in entries.page(db.session(), LedgerQuery(asked)).entries] == [700]
