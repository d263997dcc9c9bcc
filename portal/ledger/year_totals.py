"""Sums per year of what an organisation earned, spent and brought to beneficiaries: a ratio reads a handful of rows.

Kept in the transaction of the entry or arrival itself, recomputed by ``verification.py``.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import column, select, table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.db import Base, connection_of
from portal.ledger import accounts
from portal.ledger.entries import NewEntry
from portal.ledger.models import YearArrival, YearTotal

KEY = ("organisation_id", "year", "account_code")


@dataclass
class YearResult:
    """What one organisation's books say of one year, in fen; a reversal has taken back what its entry added."""

    by_account: dict[str, int] = field(default_factory=dict)
    arrived_fen: int = 0

    @property
    def donations_fen(self) -> int:
        """Donation income, restricted or not, in every form that has a value."""
        return -sum(fen for code, fen in self.by_account.items() if code.startswith("4101"))

    @property
    def income_fen(self) -> int:
        """All income."""
        return -sum(fen for code, fen in self.by_account.items() if code.startswith("4"))

    @property
    def expense_fen(self) -> int:
        """All cost."""
        return sum(fen for code, fen in self.by_account.items() if code.startswith("5"))

    def cost_fen(self, account_code: str) -> int:
        """One kind of cost."""
        return self.by_account.get(account_code, 0)

    @property
    def surplus_fen(self) -> int:
        """By how much net assets grew."""
        return self.income_fen - self.expense_fen


def add(session: Session, entries: Sequence[NewEntry]) -> None:
    """Count what entries earn and cost, by the year in which it happened.

    One entry may be the cost of one organisation and the income of another, whose fund it goes to.
    """
    sums: dict[tuple[int, int, str], int] = defaultdict(int)
    others = {
        line.fund_id for entry in entries for line in entry.lines if line.fund_id != entry.dimensions.fund_id
    }
    owners = owners_of(session, others) if others else {}
    for entry in entries:
        for line in entry.lines:
            if accounts.is_result(line.account_code):
                owner = owners.get(line.fund_id, entry.dimensions.organisation_id)
                sums[owner, entry.occurred_on.year, line.account_code] += line.amount_fen
    if not sums:
        return
    connection = connection_of(session)
    connection.execute(
        _ADD[connection.dialect.name],
        [dict(zip(KEY, key, strict=True), amount_fen=fen) for key, fen in sums.items()],
    )


def owners_of(session: Session, fund_ids: Iterable[int]) -> dict[int, int]:
    """Whose funds are, by fund."""
    source = table("fund", column("id"), column("organisation_id"))
    rows = session.execute(
        select(source.c.id, source.c.organisation_id).where(source.c.id.in_(set(fund_ids)))
    )
    return {row.id: row.organisation_id for row in rows}


def add_arrival(session: Session, organisation_id: int, arrived_on: date, amount_fen: int) -> None:
    """Count what reached the final beneficiary (E24); a negative amount takes back."""
    connection = connection_of(session)
    connection.execute(
        _ADD_ARRIVAL[connection.dialect.name],
        {"year": arrived_on.year, "organisation_id": organisation_id, "amount_fen": amount_fen},
    )


def results(session: Session, organisation_ids: Iterable[int]) -> dict[int, dict[int, YearResult]]:
    """The years that the books of organisations know of, by organisation."""
    ids = list(organisation_ids)
    found: dict[int, dict[int, YearResult]] = {id_: defaultdict(YearResult) for id_ in ids}
    for total in session.scalars(select(YearTotal).where(YearTotal.organisation_id.in_(ids))):
        found[total.organisation_id][total.year].by_account[total.account_code] = total.amount_fen
    for arrival in session.scalars(select(YearArrival).where(YearArrival.organisation_id.in_(ids))):
        found[arrival.organisation_id][arrival.year].arrived_fen = arrival.amount_fen
    return {id_: dict(years) for id_, years in found.items()}


_Insert = type[sqlite.Insert] | type[postgresql.Insert]


def _statement(
    dialect: _Insert, model: type[Base], key: tuple[str, ...]
) -> sqlite.Insert | postgresql.Insert:
    table = Base.metadata.tables[model.__tablename__]
    statement = dialect(table)
    return statement.on_conflict_do_update(
        index_elements=key, set_={"amount_fen": table.c.amount_fen + statement.excluded.amount_fen}
    )


_INSERTS: dict[str, _Insert] = {"sqlite": sqlite.Insert, "postgresql": postgresql.Insert}
_ADD = {name: _statement(insert, YearTotal, KEY) for name, insert in _INSERTS.items()}
_ADD_ARRIVAL = {name: _statement(insert, YearArrival, KEY[:2]) for name, insert in _INSERTS.items()}
"""Built once: every posting runs the first."""
