"""Stations near the reader: by street, by what is taken, and a page that sends no place to anybody."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import stations
from portal.disclosure.stations import StationSearch
from portal.registry.models import AcceptedKind, StationAccepted, Street
from tests import factories

Streets = dict[str, Street]


@pytest.fixture
def streets(session: Session) -> Streets:
    """Three streets in a row, each with two stations; those in the middle take clothes."""
    with writing() as writer:
        made = {
            name: factories.street(writer, name=f"{name}街道", tile_column=column)
            for name, column in (("西", 1), ("中", 2), ("东", 3))
        }
        for street in made.values():
            for _ in range(2):
                station = factories.station(writer, street_id=street.id, hours="每天 0:00-24:00")
                if street.name.startswith("中"):
                    station.accepted_rows = [StationAccepted(kind=AcceptedKind.CLOTHES)]
    return made


def walked(session: Session, search: StationSearch) -> list[str]:
    """The streets of all stations, page after page of one."""
    found, after = [], ""
    while True:
        page = stations.page(session, StationSearch(**{**search.__dict__, "after": after}), limit=1)
        found += [row.station.street.name for row in page.rows]
        if page.following is None:
            return found
        after = page.following


def test_the_nearest_streets_come_first_and_no_station_is_lost_between_pages(
    session: Session, streets: Streets
) -> None:
    near = StationSearch(near=streets["东"].code)
    assert walked(session, near) == ["东街道"] * 2 + ["中街道"] * 2 + ["西街道"] * 2
    assert len(walked(session, StationSearch())) == 6


def test_stations_are_found_by_what_they_take(session: Session, streets: Streets) -> None:
    assert walked(session, StationSearch(takes=AcceptedKind.CLOTHES)) == ["中街道"] * 2
    assert walked(session, StationSearch(takes=AcceptedKind.BOOKS)) == []


@pytest.mark.one_engine
def test_the_page_offers_maps_as_plain_links_and_a_poster(client: FlaskClient, streets: Streets) -> None:
    text = client.get(f"/stations?near={streets['西'].code}&takes=clothes").text
    assert text.count('class="station"') == 2
    for host in ("https://uri.amap.com/", "https://api.map.baidu.com/", "https://maps.apple.com/"):
        assert host in text
    assert "现在开着" in text and "/poster.pdf" in text and "geolocation" not in text


@pytest.mark.one_engine
def test_spoilt_words_in_the_address_are_no_error(client: FlaskClient, streets: Streets) -> None:
    for query in ("takes=gold", "near=x%00", "after=NOSUCH", "community=1&street=2", "q=%25_"):
        assert client.get(f"/stations?{query}").status_code == 200, query
