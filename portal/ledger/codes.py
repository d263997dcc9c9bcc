"""The public codes that stand in leaves, by database id. The ledger reads the registry's codes, not its rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy import BigInteger, ScalarSelect, bindparam, column, select, table
from sqlalchemy.orm import Session

from portal.db import connection_of
from portal.ledger.entries import NewEntry

_SOURCES = {
    "organisation": "uscc",
    "fund": "code",
    "station": "code",
    "street": "code",
    "project": "code",
    "campaign": "code",
}
_dimensions_of = itemgetter(*(f"{kind}_id" for kind in _SOURCES))


@dataclass(frozen=True)
class Codes:
    """Codes by kind and id."""

    found: Mapping[tuple[str, int], str]
    _known: dict[tuple[int | None, ...], dict[str, str]] = field(default_factory=dict, compare=False)

    def of(self, kind: str, id_: int) -> str:
        """The code of one thing."""
        return self.found[kind, id_]

    def of_dimensions(self, dimensions: Mapping[str, int | None]) -> dict[str, str]:
        """The codes of an entry's dimensions, without those it has not."""
        key = _dimensions_of(dimensions)
        if key not in self._known:
            self._known[key] = {
                kind: self.found[kind, id_]
                for kind, id_ in zip(_SOURCES, key, strict=True)
                if id_ is not None
            }
        return self._known[key]


def fund_codes(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The codes of funds, by id."""
    source = table("fund", column("id"), column("code"))
    rows = session.execute(select(source.c.id, source.c.code).where(source.c.id.in_(set(ids))))
    return {row.id: row.code for row in rows}


def all_codes(session: Session) -> Codes:
    """Every code of the registry."""
    found: dict[tuple[str, int], str] = {}
    for kind, name in _SOURCES.items():
        source = table(kind, column("id"), column(name))
        found |= {(kind, id_): code for id_, code in session.execute(select(source.c.id, source.c[name]))}
    return Codes(found)


def codes_of(session: Session, entries: Iterable[NewEntry]) -> Codes:
    """The codes of everything that entries point at."""
    found: dict[tuple[str, int], str] = {}
    funds: set[int] = set()
    for dimensions in {entry.dimensions for entry in entries}:
        ids = {kind: getattr(dimensions, f"{kind}_id") for kind in _SOURCES}
        row = connection_of(session).execute(_CODES, ids).one()
        found |= {
            (kind, id_): code for (kind, id_), code in zip(ids.items(), row, strict=True) if id_ is not None
        }
        funds.add(dimensions.fund_id)
    others = {line.fund_id for entry in entries for line in entry.lines} - funds
    if others:
        found |= {("fund", id_): code for id_, code in fund_codes(session, others).items()}
    return Codes(found)


def _code_of(kind: str, name: str) -> ScalarSelect[str]:
    source = table(kind, column("id"), column(name))
    return select(source.c[name]).where(source.c.id == bindparam(kind, type_=BigInteger)).scalar_subquery()


_CODES = select(*(_code_of(kind, name).label(kind) for kind, name in _SOURCES.items()))
"""All codes of an entry's dimensions in one row; built once, because every posting asks it."""
