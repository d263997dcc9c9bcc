"""Sums per day and dimension, kept as entries are posted: a page costs the same at a thousand or ten million."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.ledger.entries import NewEntry
from portal.ledger.models import DailyTotal

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


def key_of(entry: NewEntry) -> tuple[object, ...]:
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
    sums: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        if entry.between_funds:
            continue
        total = sums[key_of(entry)]
        total[0] += -1 if entry.reverses_id else 1
        total[1] += entry.amount_fen
    if not sums:
        return
    connection = connection_of(session)
    connection.execute(
        _ADD[connection.dialect.name],
        [
            dict(zip(KEY, key, strict=True), entries=count, amount_fen=amount)
            for key, (count, amount) in sums.items()
        ],
    )


_TOTAL = Base.metadata.tables[DailyTotal.__tablename__]


def _statement(dialect: type[sqlite.Insert] | type[postgresql.Insert]) -> sqlite.Insert | postgresql.Insert:
    statement = dialect(_TOTAL)
    return statement.on_conflict_do_update(
        index_elements=KEY,
        set_={
            "entries": _TOTAL.c.entries + statement.excluded.entries,
            "amount_fen": _TOTAL.c.amount_fen + statement.excluded.amount_fen,
        },
    )


_ADD = {"sqlite": _statement(sqlite.Insert), "postgresql": _statement(postgresql.Insert)}
"""Built once: every posting runs it."""
