"""Both ends of what moves between funds: kept as entries are posted, so that either fund finds it and bills add up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, column, func, select, table
from sqlalchemy.orm import Session

from portal.db import insert_many
from portal.ledger import accounts
from portal.ledger.entries import Line, NewEntry
from portal.ledger.models import Entry, Transfer

_FUND = table("fund", column("id", BigInteger), column("organisation_id", BigInteger))


@dataclass(frozen=True)
class Moved:
    """What came into and what left a fund or an organisation by transfers, in fen."""

    in_fen: int = 0
    out_fen: int = 0


def other_end(fund_id: int, lines: Iterable[Line]) -> int:
    """The fund that the money of a transfer went to, when ``fund_id`` is the one it left."""
    ends = {line.fund_id for line in lines if accounts.is_asset(line.account_code)}
    return next(iter(ends - {fund_id}), fund_id)


def organisations_of(session: Session, fund_ids: Iterable[int]) -> dict[int, int]:
    """The organisation of each fund; read by table, as the registry stands above this package."""
    rows = session.execute(select(_FUND.c.id, _FUND.c.organisation_id).where(_FUND.c.id.in_(set(fund_ids))))
    return {row.id: row.organisation_id for row in rows}


def note(session: Session, entries: Sequence[NewEntry], first_id: int) -> None:
    """Keep the ends of the transfers among new entries; the entries are numbered from ``first_id``."""
    moves = [(first_id + offset, entry) for offset, entry in enumerate(entries) if entry.between_funds]
    if not moves:
        return
    ends = [
        (entry.dimensions.fund_id, other_end(entry.dimensions.fund_id, entry.lines)) for _id, entry in moves
    ]
    owners = organisations_of(session, {fund_id for pair in ends for fund_id in pair})
    rows = [
        row_of(entry_id, entry.amount_fen, pair, owners)
        for (entry_id, entry), pair in zip(moves, ends, strict=True)
    ]
    insert_many(session, Transfer, rows)


def row_of(entry_id: int, amount_fen: int, ends: tuple[int, int], owners: dict[int, int]) -> dict[str, int]:
    """The row of one transfer; the amount of a reversal is below zero."""
    source, target = ends
    return {
        "entry_id": entry_id,
        "from_fund_id": source,
        "to_fund_id": target,
        "from_organisation_id": owners[source],
        "to_organisation_id": owners[target],
        "amount_fen": amount_fen,
    }


def is_move() -> ColumnElement[bool]:
    """Whether an entry of a query only moves money: neither a gift nor a payout."""
    return select(Transfer.entry_id).where(Transfer.entry_id == Entry.id).exists()


def moved(
    session: Session,
    *conditions: ColumnElement[bool],
    fund_id: int | None = None,
    organisation_id: int | None = None,
) -> Moved:
    """What transfers brought to and took from a fund, or an organisation as a whole; ``conditions`` are on entries."""
    came, went = _ends(fund_id, organisation_id)
    return Moved(_sum(session, came, conditions), _sum(session, went, conditions))


def moved_by(
    session: Session, dimension: str, *conditions: ColumnElement[bool], only: Iterable[int] | None = None
) -> dict[int, Moved]:
    """The same for each fund or organisation (``fund_id``, ``organisation_id``); those without any are left out.

    What moves between the funds of one organisation is no movement of the organisation.
    """
    target, source = getattr(Transfer, f"to_{dimension}"), getattr(Transfer, f"from_{dimension}")
    wanted = None if only is None else list(only)
    sums: dict[int, list[int]] = {}
    for place, end in enumerate((target, source)):
        query = _joined(select(end, func.sum(Transfer.amount_fen)), conditions).where(target != source)
        if wanted is not None:
            query = query.where(end.in_(wanted))
        for key, amount in session.execute(query.group_by(end)):
            sums.setdefault(key, [0, 0])[place] = int(amount)
    return {key: Moved(*pair) for key, pair in sums.items()}


def _ends(
    fund_id: int | None, organisation_id: int | None
) -> tuple[list[ColumnElement[bool]], list[ColumnElement[bool]]]:
    came: list[ColumnElement[bool]] = []
    went: list[ColumnElement[bool]] = []
    if fund_id is not None:
        came += [Transfer.to_fund_id == fund_id, Transfer.from_fund_id != fund_id]
        went += [Transfer.from_fund_id == fund_id, Transfer.to_fund_id != fund_id]
    if organisation_id is not None:
        came.append(Transfer.to_organisation_id == organisation_id)
        went.append(Transfer.from_organisation_id == organisation_id)
        if fund_id is None:
            came.append(Transfer.from_organisation_id != organisation_id)
            went.append(Transfer.to_organisation_id != organisation_id)
    return came, went


def _sum(
    session: Session, ends: Sequence[ColumnElement[bool]], conditions: Sequence[ColumnElement[bool]]
) -> int:
    query = _joined(select(func.coalesce(func.sum(Transfer.amount_fen), 0)), conditions).where(*ends)
    return int(session.scalar(query) or 0)


def _joined(query: Select[Any], conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    query = query.select_from(Transfer)
    return query.join(Entry, Entry.id == Transfer.entry_id).where(*conditions) if conditions else query
