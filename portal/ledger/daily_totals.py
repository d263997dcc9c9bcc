"""Sums per day and dimension, kept as entries are posted: a page costs the same at a thousand or ten million."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.ledger.entries import NewEntry
from portal.ledger.models import DailyTotal
from portal.ledger.period_models import DistrictTotal, Length, PeriodTotal
from portal.ledger.spans import begin_of

KEY = (
    "day",
    "organisation_id",
    "fund_id",
    "station_id",
    "street_id",
    "project_id",
    "campaign_id",
    "direction",
    "form",
    "channel",
    "agency",
)
PERIOD_KEY = ("length", *KEY)
DISTRICT_KEY = ("length", "day", "direction", "form", "channel", "agency")

Key = tuple[Any, ...]
_Model = type[DailyTotal] | type[PeriodTotal] | type[DistrictTotal]
_Insert = type[sqlite.Insert] | type[postgresql.Insert]


def key_of(entry: NewEntry) -> Key:
    """The row an entry is counted in; 0 stands for a dimension it has not."""
    at = entry.dimensions
    return (
        entry.occurred_on,
        at.organisation_id,
        at.fund_id,
        at.station_id or 0,
        at.street_id or 0,
        at.project_id or 0,
        at.campaign_id or 0,
        entry.direction,
        entry.form,
        entry.channel,
        entry.agency,
    )


def add(session: Session, entries: Sequence[NewEntry]) -> None:
    """Count entries in; a reversal counts as minus one entry, what only changes funds not at all."""
    sums: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        if entry.between_funds:
            continue
        total = sums[key_of(entry)]
        total[0] += -1 if entry.reverses_id else 1
        total[1] += entry.amount_fen
    if sums:
        keep(session, sums)


def keep(session: Session, sums: Mapping[Key, Sequence[int]]) -> None:
    """Add numbers and amounts to the sums of days, by ``KEY``, of their months and years, and of the district."""
    _write(session, DailyTotal, KEY, sums)
    _write(session, PeriodTotal, PERIOD_KEY, of_periods(sums))
    _write(session, DistrictTotal, DISTRICT_KEY, of_district(sums))


def of_periods(sums: Mapping[Key, Sequence[int]]) -> dict[Key, list[int]]:
    """The sums of months and years that sums of days make, by ``PERIOD_KEY``."""
    periods: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for (day, *rest), (count, amount) in sums.items():
        for length in (Length.MONTH, Length.YEAR):
            total = periods[length, begin_of(day, length), *rest]
            total[0] += count
            total[1] += amount
    return periods


def of_district(sums: Mapping[Key, Sequence[int]]) -> dict[Key, list[int]]:
    """The sums of everything in the books that sums of days make, by ``DISTRICT_KEY``."""
    whole: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for (day, *_things, direction, form, channel, agency), (count, amount) in sums.items():
        for length in Length:
            total = whole[length, begin_of(day, length), direction, form, channel, agency]
            total[0] += count
            total[1] += amount
    return whole


def _write(session: Session, model: _Model, key: tuple[str, ...], sums: Mapping[Key, Sequence[int]]) -> None:
    connection = connection_of(session)
    rows = [
        dict(zip(key, values, strict=True), entries=count, amount_fen=amount)
        for values, (count, amount) in sums.items()
    ]
    connection.execute(_ADD[model, connection.dialect.name], rows)


def _statement(dialect: _Insert, model: _Model, key: tuple[str, ...]) -> sqlite.Insert | postgresql.Insert:
    table = Base.metadata.tables[model.__tablename__]
    statement = dialect(table)
    return statement.on_conflict_do_update(
        index_elements=key,
        set_={
            "entries": table.c.entries + statement.excluded.entries,
            "amount_fen": table.c.amount_fen + statement.excluded.amount_fen,
        },
    )


_INSERTS: dict[str, _Insert] = {"sqlite": sqlite.Insert, "postgresql": postgresql.Insert}
_MODELS: dict[_Model, tuple[str, ...]] = {
    DailyTotal: KEY,
    PeriodTotal: PERIOD_KEY,
    DistrictTotal: DISTRICT_KEY,
}
_ADD = {
    (model, name): _statement(insert, model, key)
    for model, key in _MODELS.items()
    for name, insert in _INSERTS.items()
}
"""Built once: every posting runs them."""
