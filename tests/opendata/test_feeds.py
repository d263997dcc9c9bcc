"""Atom feeds of everything: by the rules of RFC 4287, found from the pages, never with a donor's name."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import bills
from portal.disclosure.directory import SHELVES
from portal.periods import Month, today
from portal.registry.geography import load_district
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.opendata.atom import faults

pytestmark = pytest.mark.one_engine
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def fund(client: FlaskClient, session: Session) -> Fund:
    """A fund with a station, a project and a campaign, each with an entry; a reversal; a bill."""
    settings = client.application.config["PORTAL_SETTINGS"]
    with writing() as writer:
        load_district(writer, settings.district_dir)
        made = factories.fund(writer, name="<助学> & 基金")
        owner = {"organisation_id": made.organisation_id}
        station, project = factories.station(writer, **owner), factories.project(writer, **owner)
        campaign = factories.campaign(writer, **owner)
    given = gifts.posted_gift(
        made, 5_000, station=station.code, campaign=campaign.code, donor_name="金丝雀", publish_name=True
    )
    gifts.posted_payout(made, 1_000, project=project.code, purpose="买书 <b>")
    assert given.entry is not None
    gifts.posted_gift(made, 5_000)
    gifts.reversed_entry(given.entry, reason="录错 & 重复")
    bills.publish(made.code, Month.of(today()).plus(-1), "", people.clerk())
    return made


def _pages(session: Session) -> list[str]:
    """The pages that have a feed of their own."""
    things = [
        f"/{word}/{session.scalars(select(shelf.code)).one()}"
        for word, shelf in SHELVES.items()
        if shelf.dimension is not None
    ]
    return [*things, "/bills", "/corrections"]


def test_every_feed_keeps_the_rules(client: FlaskClient, session: Session, fund: Fund) -> None:
    for page in _pages(session):
        answer = client.get(f"{page}/feed.atom")
        assert answer.status_code == 200 and answer.content_type == "application/atom+xml; charset=utf-8", (
            page
        )
        assert list(faults(answer.text, f"{BASE}{page}/feed.atom")) == [], page
        assert "<entry>" in answer.text, page
        assert "金丝雀" not in answer.text, "a name could not be taken back from those who keep the feed"
        assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in answer.headers
        again = client.get(f"{page}/feed.atom", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    assert list(faults(client.get("/feed.atom").text, f"{BASE}/feed.atom")) == []


def test_an_empty_feed_keeps_them_too(client: FlaskClient, session: Session) -> None:
    with writing() as writer:
        load_district(writer, client.application.config["PORTAL_SETTINGS"].district_dir)
        empty = factories.fund(writer)
    for page in (f"/funds/{empty.code}", "/bills", "/corrections"):
        assert list(faults(client.get(f"{page}/feed.atom").text, f"{BASE}{page}/feed.atom")) == []
    assert client.get("/funds/NOSUCH/feed.atom").status_code == 404


def test_a_reader_finds_the_feed_of_a_page(client: FlaskClient, fund: Fund) -> None:
    page = client.get(f"/funds/{fund.code}").text
    assert f'href="/funds/{fund.code}/feed.atom"' in page.split("</head>")[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<updated>20", "<updated>on 20"),
        ("<id>http", "<id>nowhere http"),
        ("</author>", "</author><author/><colour>red</colour>"),
        ('rel="self"', 'rel="next"'),
    ],
)
def test_the_rules_catch_a_planted_fault(client: FlaskClient, fund: Fund, old: str, new: str) -> None:
    address = f"/funds/{fund.code}/feed.atom"
    text = client.get(address).text
    assert list(faults(text.replace(old, new, 1), BASE + address))
