"""Stations near the reader: by street and community, by what is taken, open now, and the way there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session, joinedload

from portal.i18n import lazy_gettext as _l
from portal.ledger.figures import Filters, Totals, by_dimension
from portal.periods import local, now
from portal.refusals import Sentence
from portal.registry import lookups
from portal.registry.geography import current_district
from portal.registry.models import PUBLIC, AcceptedKind, Community, Station, StationAccepted, Status, Street
from portal.registry.opening import read_hours
from portal.search.finding import ids_of_things
from portal.search.models import ThingKind
from portal.search.terms import ask_things

PAGE = 30
FAR = 9999


@dataclass(frozen=True)
class StationSearch:
    """What the list is narrowed to, by codes; ``near`` is the street from which to sort, ``after`` the last code."""

    text: str = ""
    street: str = ""
    community: str = ""
    takes: AcceptedKind | None = None
    near: str = ""
    after: str = ""


@dataclass(frozen=True)
class Sign:
    """What stands on the door: open until, opens at, or closed today."""

    open: bool
    at: time | None


@dataclass(frozen=True)
class Visit:
    """What a visitor wants to know: the sign on the door (None: the hours are words only) and links to maps."""

    sign: Sign | None
    maps: Sequence[tuple[Sentence, str]]


@dataclass(frozen=True)
class ListedStation:
    """One station with what it received."""

    station: Station
    totals: Totals
    visit: Visit


@dataclass(frozen=True)
class StationPage:
    """One page of stations, and the code of its last one when more follow."""

    rows: Sequence[ListedStation]
    following: str | None


@dataclass(frozen=True)
class Places:
    """The streets and communities to choose from, as code and name."""

    streets: Sequence[tuple[str, str]]
    communities: Sequence[tuple[str, str]]


def page(session: Session, search: StationSearch, *, limit: int = PAGE) -> StationPage:
    """One page of stations: by the distance of their street from the one chosen, if any, then by code."""
    distances = _distances(lookups.streets(session), search.near)
    place: ColumnElement[int] = (
        case(distances, value=Station.street_id, else_=FAR)
        if distances
        else case((Station.id > 0, 0), else_=0)
    )
    query = (
        select(Station)
        .options(joinedload(Station.street), joinedload(Station.community), joinedload(Station.organisation))
        .where(*_conditions(session, search))
        .order_by(place, Station.code)
        .limit(limit + 1)
    )
    last = session.scalar(select(Station).where(Station.code == search.after)) if search.after else None
    if last is not None:
        reached = distances.get(last.street_id, FAR) if distances else 0
        query = query.where(or_(place > reached, (place == reached) & (Station.code > last.code)))
    stations = session.scalars(query).all()
    shown = stations[:limit]
    sums = by_dimension(session, Filters(), "station_id", [one.id for one in shown]) if shown else {}
    rows = [ListedStation(one, sums.get(one.id, Totals()), visit_of(session, one)) for one in shown]
    return StationPage(rows, shown[-1].code if len(stations) > limit else None)


def places(session: Session, street: str) -> Places:
    """What may be chosen; communities only of the street chosen, as all of them are too many."""
    chosen = (
        session.execute(
            select(Community.code, Community.name)
            .join(Street, Street.id == Community.street_id)
            .where(Street.code == street)
            .order_by(Community.code)
        )
        if street
        else ()
    )
    return Places(
        [(one.code, one.name) for one in lookups.streets(session)],
        [(code, name) for code, name in chosen],
    )


def visit_of(session: Session, station: Station) -> Visit:
    """The sign and the maps of one station."""
    return Visit(sign_of(station), map_links(session, station))


def sign_of(station: Station, at: datetime | None = None) -> Sign | None:
    """Whether a station is open at a moment (by default now); None when its hours are only words, or it is not run."""
    hours = read_hours(station.hours)
    if hours is None or station.status is not Status.ACTIVE:
        return None
    moment = local(at or now())
    closes = hours.closes_after(moment)
    return Sign(True, closes) if closes else Sign(False, hours.opens_later(moment))


def map_links(session: Session, station: Station) -> list[tuple[Sentence, str]]:
    """Searches for a station's address in the map services people have on their phones: plain links, no script."""
    district = current_district(session)
    city = district.city if district else ""
    words = f"{city}{district.name if district else ''}{station.street.name}{station.address}"
    amap = {"keyword": words, "city": city, "view": "map", "callnative": "1"}
    baidu = {"query": words, "region": city, "output": "html", "src": "webapp.charity.ledger"}
    return [
        (_l("高德地图"), f"https://uri.amap.com/search?{urlencode(amap)}"),
        (_l("百度地图"), f"https://api.map.baidu.com/place/search?{urlencode(baidu)}"),
        (_l("苹果地图"), f"https://maps.apple.com/?{urlencode({'q': words})}"),
    ]


def _distances(streets: Sequence[Street], near: str) -> dict[int, int]:
    """How far each street lies from one, on the schematic map; nothing when that one is not known."""
    start = next((one for one in streets if one.code == near), None)
    if start is None:
        return {}
    return {
        one.id: (one.tile_column - start.tile_column) ** 2 + (one.tile_row - start.tile_row) ** 2
        for one in streets
    }


def _conditions(session: Session, search: StationSearch) -> list[Any]:
    conditions: list[Any] = [Station.status.in_(PUBLIC)]
    if search.text:
        names: list[Any] = [
            Station.address.contains(search.text, autoescape=True),
            Station.accepts.contains(search.text, autoescape=True),
            Station.code.contains(search.text.upper(), autoescape=True),
        ]
        asked = ask_things(search.text)
        if not asked.is_empty:
            names.append(Station.id.in_(ids_of_things(session, ThingKind.STATION, asked)))
        conditions.append(or_(*names))
    if search.street:
        conditions.append(Station.street_id.in_(select(Street.id).where(Street.code == search.street)))
    if search.community:
        conditions.append(
            Station.community_id.in_(select(Community.id).where(Community.code == search.community))
        )
    if search.takes is not None:
        taking = select(StationAccepted.station_id).where(StationAccepted.kind == search.takes)
        conditions.append(Station.id.in_(taking))
    return conditions
