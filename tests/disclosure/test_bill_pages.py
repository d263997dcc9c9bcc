"""The pages of bills: what is asked for stays in the address, and what is offered to take away is what is shown."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.disclosure import bill_pages, bills
from portal.periods import Month, Quarter, today
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.people import LogIn

LAST = Month.of(today()).plus(-1)
QUARTER = Quarter.of(today()).plus(-1)


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with five gifts and a payout last month."""
    with writing() as writer:
        made = factories.fund(writer)
    for number in range(5):
        gifts.posted_gift(made, 10_000 + number, LAST.first)
    gifts.posted_payout(made, 4_000, LAST.last)
    return made


def test_entries_are_turned_page_by_page_and_none_is_lost(
    client: FlaskClient, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bill_pages, "ROWS", 4)
    first = client.get(f"/bills/{LAST}-{fund.code}").text
    cursor = first.split("?after=")[1].split('"')[0]
    second = client.get(f"/bills/{LAST}-{fund.code}?after={cursor}").text
    rows = [row["entry_no"] for row in download(client, f"{LAST}-{fund.code}")]
    assert len(rows) == 6
    assert all(number in first for number in rows[:4])
    assert all(number in second and number not in first for number in rows[4:])
    assert client.get(f"/bills/{LAST}-{fund.code}?after=%00x").status_code == 200


def download(client: FlaskClient, number: str) -> list[dict[str, str]]:
    answer = client.get(f"/bills/{number}.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_the_download_of_a_bill_has_what_is_booked_in_it(client: FlaskClient, fund: Fund) -> None:
    bills.publish(fund.code, LAST, "", people.clerk())
    late = gifts.posted_gift(fund, 777, LAST.last, late_reason="漏记")
    assert late.entry is not None
    numbers = [row["entry_no"] for row in download(client, f"{LAST}-{fund.code}")]
    assert len(numbers) == 6 and late.entry.entry_no not in numbers
    assert late.entry.entry_no in [
        row["entry_no"] for row in download(client, f"{Month.of(today())}-{fund.code}")
    ]


def test_a_fund_has_all_its_months_published_or_not_one_tap_away(client: FlaskClient, fund: Fund) -> None:
    gifts.posted_gift(fund, 1, LAST.plus(-4).last)
    bills.publish(fund.code, LAST, "", people.clerk())
    page = client.get(f"/funds/{fund.code}").text
    shown = [step for step in range(12) if f'/bills/{LAST.plus(1 - step)}-{fund.code}"' in page]
    assert shown == [0, 1, 2, 3, 4, 5]
    listed = client.get(f"/bills?fund={fund.code}&kind=quarter&year={QUARTER.year}").text
    assert f"/bills/{QUARTER}-{fund.code}" in listed
    assert f'value="{fund.code}" selected' in listed


def test_bills_are_found_by_kind_and_year(client: FlaskClient, fund: Fund) -> None:
    month = bills.publish(fund.code, LAST, "", people.clerk()).bill_no
    quarter = bills.publish(fund.code, QUARTER, "", people.clerk()).bill_no
    months = client.get("/bills?kind=month").text
    assert month in months and quarter not in months
    quarters = client.get(f"/bills?kind=quarter&year={QUARTER.year}").text
    assert quarter in quarters and month not in quarters
    assert quarter not in client.get(f"/bills?kind=quarter&year={QUARTER.year - 1}").text


@pytest.mark.parametrize(
    "asked",
    [
        "kind=week",
        "year=0001",
        "year=99999",
        "year=x",
        "fund=NOSUCH",
        "colour=red",
        "after=x",
        "kind=month&kind=year",
    ],
)
def test_what_bills_are_not_asked_for_is_refused_by_name(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/bills?{asked}")
    assert answer.status_code == 400
    assert asked.split("=", maxsplit=1)[0] in answer.text or "年份" in answer.text


def test_a_bill_leads_to_the_period_before_and_after_it(client: FlaskClient, fund: Fund) -> None:
    gifts.posted_gift(fund, 1, LAST.plus(-1).last)
    page = client.get(f"/bills/{LAST}-{fund.code}").text
    assert f'rel="prev" href="/bills/{LAST.plus(-1)}-{fund.code}"' in page
    assert f'rel="next" href="/bills/{LAST.plus(1)}-{fund.code}"' in page
    assert 'rel="prev"' not in client.get(f"/bills/{LAST.plus(-1)}-{fund.code}").text
    assert 'rel="next"' not in client.get(f"/bills/{Month.of(today())}-{fund.code}").text.split("<h2")[0]


def test_every_kind_is_searched_by_its_number_and_its_words(client: FlaskClient, fund: Fund) -> None:
    number = bills.publish(fund.code, QUARTER, "", people.clerk()).bill_no
    assert client.get(f"/search?q={number.lower()}").headers["Location"].endswith(f"/bills/{number}")
    assert number in client.get(f"/search?q={fund.name} 第{QUARTER.quarter}季度").text


def test_a_clerk_publishes_a_quarter_and_mends_its_note(log_in: LogIn, fund: Fund) -> None:
    desk = log_in(people.clerk())
    number = f"{QUARTER}-{fund.code}"
    assert number in desk.get(f"/desk/bills?kind=quarter&period={QUARTER}").text
    desk.post(f"/desk/bills/{number}/publish", data={"note": "一个季度"})
    db.session.rollback()
    assert bills.bill_figures(db.session(), number).note == "一个季度"
    refused = desk.post(f"/desk/bills/{number}/note", data={"note": "新的说明", "reason": ""})
    assert refused.status_code == 422 and "新的说明" in refused.text
    desk.post(f"/desk/bills/{number}/note", data={"note": "新的说明", "reason": "写错了"})
    db.session.rollback()
    assert bills.bill_figures(db.session(), number).note == "新的说明"


def test_the_desk_names_the_last_day_for_a_campaigns_bill(log_in: LogIn, session: Session) -> None:
    with writing() as writer:
        ended = factories.campaign(
            writer, starts_on=LAST.plus(-12).first, ends_on=LAST.plus(-6).last, name="去年的募捐"
        )
    page = log_in(people.clerk()).get("/desk/bills?kind=run").text
    assert f"/desk/bills/campaign-{ended.code}" in page and "已超期" in page


@pytest.mark.parametrize(
    "asked", ["kind=week", "period=9999", "kind=year&period=2026-01", "of=landmark", "month=x"]
)
def test_the_desk_shows_something_sensible_whatever_is_asked(
    log_in: LogIn, session: Session, asked: str
) -> None:
    assert log_in(people.clerk()).get(f"/desk/bills?{asked}").status_code == 200
