"""What of the registry can be found by name, and by which words: only what stands on its public page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from portal.db import Base
from portal.pinyin import beginnings
from portal.registry.models import (
    PUBLIC,
    Campaign,
    Fund,
    Landmark,
    Organisation,
    Project,
    Station,
    Status,
    Street,
)
from portal.search.folding import fold
from portal.search.models import ThingKind
from portal.search.terms import mark, squeezed, terms_of


@dataclass(frozen=True)
class Described:
    """A thing in public words; ``more`` is what else on its page it may be found by."""

    code: str
    name: str
    more: tuple[str, ...] = ()
    other_name: str = ""
    active: bool = True


@dataclass(frozen=True)
class Source:
    """One kind of thing and how it is described; None where the public does not see it."""

    kind: ThingKind
    model: type[Base]
    describe: Callable[[Any], Described | None]
    places: tuple[str, ...] = ()
    """Columns that point at streets or communities whose names are among its words."""


def row_of(source: Source, thing: Any) -> dict[str, Any] | None:
    """The row of the index for one thing, or None."""
    found = source.describe(thing)
    if found is None:
        return None
    names = [name for name in (found.name, found.other_name) if name]
    return {
        "kind": source.kind,
        "subject_id": thing.id,
        "code": found.code,
        "name": found.name,
        "plain": squeezed(found.name)[:200],
        "active": found.active,
        "terms": terms_of(
            [*names, found.code, *found.more],
            [mark("kind", source.kind), *_letters(found.code, names)],
        ),
    }


def _letters(code: str, names: list[str]) -> Iterator[str]:
    yield "".join(one for one in fold(code) if one.isalnum())
    for name in names:
        yield from beginnings(fold(name))


def _organisation(thing: Organisation) -> Described | None:
    return _public(thing, thing.uscc, thing.address, _name(thing.street), other_name=thing.short_name)


def _fund(thing: Fund) -> Described | None:
    return _public(thing, thing.code, thing.purpose, thing.restriction, _name(thing.street))


def _station(thing: Station) -> Described | None:
    return _public(
        thing, thing.code, thing.address, thing.accepts, _name(thing.street), _name(thing.community)
    )


def _project(thing: Project) -> Described | None:
    return _public(thing, thing.code, thing.goal)


def _campaign(thing: Campaign) -> Described | None:
    return _public(thing, thing.code, thing.filing_no or "", thing.purpose)


def _landmark(thing: Landmark) -> Described | None:
    return _public(
        thing, thing.code, thing.address, thing.description, _name(thing.street), _name(thing.community)
    )


def _street(thing: Street) -> Described:
    return Described(thing.code, thing.name)


def _public(thing: Any, code: str, *more: str, other_name: str = "") -> Described | None:
    if thing.status not in PUBLIC:
        return None
    return Described(code, thing.name, more, other_name, active=thing.status is Status.ACTIVE)


def _name(place: Any) -> str:
    return place.name if place else ""


THINGS = (
    Source(ThingKind.ORGANISATION, Organisation, _organisation, ("street_id",)),
    Source(ThingKind.FUND, Fund, _fund, ("street_id",)),
    Source(ThingKind.STATION, Station, _station, ("street_id", "community_id")),
    Source(ThingKind.PROJECT, Project, _project),
    Source(ThingKind.CAMPAIGN, Campaign, _campaign),
    Source(ThingKind.LANDMARK, Landmark, _landmark, ("street_id", "community_id")),
    Source(ThingKind.STREET, Street, _street),
)
