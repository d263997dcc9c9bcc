"""The public codes that stand in leaves, by database id. The ledger reads the registry's codes, not its rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from sqlalchemy import column, literal, select, table, union_all
from sqlalchemy.orm import Session

from portal.ledger.entries import Dimensions, NewEntry

_SOURCES = {
    "organisation": "uscc",
    "fund": "code",
    "station": "code",
    "street": "code",
    "project": "code",
    "campaign": "code",
}


@dataclass(frozen=True)
class Codes:
    """Codes by kind and id."""

    found: Mapping[tuple[str, int], str]

    def of(self, kind: str, id_: int) -> str:
        """The code of one thing."""
        return self.found[kind, id_]

    def of_dimensions(self, dimensions: Mapping[str, int | None]) -> dict[str, str]:
        """The codes of an entry's dimensions, without those it has not."""
        return {
            kind: self.found[kind, id_] for kind in _SOURCES if (id_ := dimensions[f"{kind}_id"]) is not None
        }


def read_codes(session: Session, ids: Mapping[str, Iterable[int]]) -> Codes:
    """The codes of things, given ids by kind, in one query."""
    parts = []
    for kind, wanted in ids.items():
        source = table(kind, column("id"), column(_SOURCES[kind]))
        parts.append(
            select(literal(kind), source.c.id, source.c[_SOURCES[kind]]).where(source.c.id.in_(set(wanted)))
        )
    rows = session.execute(union_all(*parts)) if parts else ()
    return Codes({(kind, id_): code for kind, id_, code in rows})


def all_codes(session: Session) -> Codes:
    """Every code of the registry."""
    found: dict[tuple[str, int], str] = {}
    for kind, name in _SOURCES.items():
        source = table(kind, column("id"), column(name))
        found |= {(kind, id_): code for id_, code in session.execute(select(source.c.id, source.c[name]))}
    return Codes(found)


def codes_of(session: Session, entries: Iterable[NewEntry]) -> Codes:
    """The codes of everything that entries point at."""
    ids: dict[str, set[int]] = {}
    for dimensions in {entry.dimensions for entry in entries}:
        for name in (one.name for one in fields(Dimensions)):
            id_ = getattr(dimensions, name)
            if id_ is not None:
                ids.setdefault(name.removesuffix("_id"), set()).add(id_)
    ids.setdefault("fund", set()).update({line.fund_id for entry in entries for line in entry.lines})
    return read_codes(session, ids)
