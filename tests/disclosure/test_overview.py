"""The charts: every figure of them is one the API gives too, and nobody is shown up for giving little."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure.flows import EARLIER, NOT_YET, streams
from portal.disclosure.overview import overview
from portal.ledger.figures import Filters
from portal.ledger.models import Channel
from portal.periods import today, year_bounds
from portal.registry.models import Fund, FundKind, ProjectCategory
from tests import factories, gifts


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund of a street that got money in two ways, spent some on a project, and took one gift back."""
    with writing() as writer:
        street = factories.street(writer)
        made: Fund = factories.fund(writer, kind=FundKind.NAMED, street_id=street.id)
        project = factories.project(
            writer, organisation_id=made.organisation_id, category=ProjectCategory.EDUCATION
        )
    gifts.posted_gift(made, 60_000, channel=Channel.BANK)
    gifts.posted_gift(made, 40_000, channel=Channel.CASH)
    wrong = gifts.posted_gift(made, 5_000, channel=Channel.ALIPAY).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    gifts.posted_payout(made, 30_000, project=project.code)
    return made


def period() -> Filters:
    """This year."""
    first, last = year_bounds(today().year)
    return Filters(first_day=first, last_day=last)


def test_money_flows_from_channels_through_funds_to_uses(session: Session, fund: Fund) -> None:
    found = [(str(one.source), str(one.target), one.amount_fen) for one in streams(session, period())]
    assert found == [
        ("银行转账", "冠名基金", 60_000),
        ("现金", "冠名基金", 40_000),
        ("冠名基金", str(NOT_YET), 70_000),
        ("冠名基金", "爱心助学", 30_000),
    ]


def test_what_was_kept_from_before_is_told(session: Session, fund: Fund) -> None:
    last_year = date(today().year - 1, 1, 1)
    gifts.posted_gift(fund, 30_000, last_year)
    gifts.posted_payout(fund, 90_000)
    found = {(str(one.source), str(one.target)): one.amount_fen for one in streams(session, period())}
    assert found[str(EARLIER), "冠名基金"] == 20_000
    assert all(fen > 0 for fen in found.values())


def test_what_flows_into_funds_and_out_of_them_is_what_the_sums_say(session: Session, fund: Fund) -> None:
    year = overview(session, today().year)
    into = sum(one.amount_fen for one in year.streams if one.stage == 1)
    assert into == year.sums.received_fen == sum(one.amount_fen for one in year.forms)
    assert sum(sums.received_fen for _month, sums in year.months) == year.sums.received_fen
    assert sum(one.sums.received_fen for one in year.streets) == year.sums.received_fen


@pytest.mark.one_engine
def test_a_streets_page_says_what_the_api_says(client: FlaskClient, session: Session, fund: Fund) -> None:
    assert fund.street is not None
    api = client.get(f"/api/v1/summary?street={fund.street.code}").json
    assert api is not None
    text = client.get(f"/streets/{fund.street.code}").text
    assert f'value="{api["received_fen"] / 100:.2f}"' in text
    assert f'value="{api["disbursed_fen"] / 100:.2f}"' in text


@pytest.mark.one_engine
def test_streets_stand_by_their_codes_whatever_they_gave(
    client: FlaskClient, session: Session, fund: Fund
) -> None:
    with writing() as writer:
        for _ in range(3):
            factories.street(writer)
    for path in ("/streets", "/overview"):
        codes = re.findall(r'href="/streets/(\d+)"', client.get(path).text)
        assert codes[: len(codes) // 2] == sorted(set(codes)), path


@pytest.mark.one_engine
def test_each_chart_is_drawn_from_a_table_and_only_pages_with_one_load_the_library(
    client: FlaskClient, fund: Fund
) -> None:
    for path in ("/overview", f"/funds/{fund.code}", f"/streets/{fund.street.code if fund.street else ''}"):
        text = client.get(path).text
        assert "echarts.js" in text and 'data-chart="' in text and "data-chart-note=" in text, path
    for path in ("/", "/stations", "/streets", "/how-to-give", "/honour-roll", "/ledger"):
        assert "echarts" not in client.get(path).text, path
    assert 'data-chart="flow"' in client.get("/overview").text


@pytest.mark.one_engine
def test_the_year_stands_in_the_address_and_is_kept(client: FlaskClient, fund: Fund) -> None:
    year = today().year
    text = client.get(f"/funds/{fund.code}?year={year}").text
    assert f"{year} 年逐月" in text and f"{year}-01" in text and f"{year}-12" in text
    for spoilt in ("99", "abcd", "9999", "²０26"):
        assert client.get(f"/funds/{fund.code}?year={spoilt}").status_code == 200
