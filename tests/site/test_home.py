"""The home page: in order, with the season's and an emergency's state, and the same figures as everywhere."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure.emergencies import emergency_of
from portal.periods import today
from portal.registry.models import Campaign, Fund
from tests import factories, gifts

pytestmark = pytest.mark.one_engine


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund."""
    with writing() as writer:
        made: Fund = factories.fund(writer)
    return made


@pytest.fixture
def charity_day() -> Iterator[None]:
    """Noon of a Charity Day."""
    with time_machine.travel("2026-09-05T04:00:00Z", tick=True):
        yield


@pytest.fixture
def emergency(fund: Fund) -> Campaign:
    """An emergency campaign that began a week ago."""
    with writing() as writer:
        made: Campaign = factories.campaign(
            writer,
            organisation_id=fund.organisation_id,
            name="抗洪救灾",
            emergency=True,
            starts_on=today() - timedelta(days=7),
            ends_on=today() + timedelta(days=60),
        )
    return made


def test_it_answers_first_and_asks_for_trust_last(client: FlaskClient, fund: Fund) -> None:
    gifts.posted_gift(fund, 123_456)
    gifts.posted_payout(fund, 23_456)
    text = client.get("/").text
    order = [
        "<h1",
        "periods-title",
        "find-title",
        "gifts-title",
        "payouts-title",
        "stations-title",
        "genuine-title",
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places)
    assert text.count('id="site-search"') == 1


def test_today_this_month_and_this_year_say_what_the_api_says(client: FlaskClient, fund: Fund) -> None:
    gifts.posted_gift(fund, 123_456)
    gifts.posted_gift(fund, 50_000, today().replace(month=1, day=1))
    gifts.posted_payout(fund, 23_456)
    text = client.get("/").text
    for first, last in (
        (today(), today()),
        (today().replace(day=1), today()),
        (today().replace(month=1, day=1), date(today().year, 12, 31)),
    ):
        api = client.get(f"/api/v1/summary?from={first}&to={last}").json
        assert api is not None
        assert f"¥{api['received_fen'] / 100:,.2f}" in text
        assert f"¥{(api['received_fen'] - api['disbursed_fen']) / 100:,.2f}" in text


def test_on_charity_day_it_says_what_the_day_brought(
    charity_day: None, client: FlaskClient, fund: Fund
) -> None:
    gifts.posted_gift(fund, 88_888)
    text = client.get("/").text
    assert "今天是中华慈善日" in text and "888.88" in text


def test_september_is_the_charity_month_and_october_is_not(client: FlaskClient, session: Session) -> None:
    with time_machine.travel("2026-09-20T04:00:00Z", tick=True):
        assert "羊城慈善月" in client.get("/").text
    with time_machine.travel("2026-10-01T04:00:00Z", tick=True):
        assert "羊城慈善月" not in client.get("/").text


def test_an_emergency_stands_on_top_with_its_clock(
    client: FlaskClient, session: Session, fund: Fund, emergency: Campaign
) -> None:
    late = client.get("/").text
    assert "抗洪救灾" in late and "已经晚了 2 天" in late
    gifts.posted_gift(fund, 70_000, campaign=emergency.code)
    gifts.posted_payout(fund, 20_000, campaign=emergency.code)
    text = client.get("/").text
    assert text.index("抗洪救灾") < text.index("<h1")
    assert "700.00" in text and "200.00" in text and "500.00" in text
    assert "已经晚了" not in text
    assert emergency_of(session, emergency, today()).due_on == today() + timedelta(days=5)


def test_an_emergency_that_ended_is_gone(client: FlaskClient, emergency: Campaign) -> None:
    with writing() as session:
        session.get_one(Campaign, emergency.id).ends_on = today() - timedelta(days=1)
    assert "抗洪救灾" not in client.get("/").text


def test_a_street_is_one_tap_from_the_stations_near_it(client: FlaskClient, session: Session) -> None:
    with writing() as writer:
        street = factories.street(writer)
    assert f'href="/stations?near={street.code}"' in client.get("/").text
