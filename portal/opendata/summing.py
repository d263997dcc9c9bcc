"""The table behind a selection: how much each organisation, fund, station or recipient received and paid out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from portal.beneficiaries.public_words import told
from portal.disclosure.documents import Document
from portal.disclosure.entries import LedgerQuery, Selected
from portal.ledger.figures import Totals, by_dimension
from portal.ledger.models import Direction, Entry
from portal.ledger.transfers import is_move
from portal.money import format_plain
from portal.registry.models import Campaign, Fund, Organisation, Project, Station, Street
from portal.spending.models import Disbursement

RECIPIENT = "recipient"
_MODELS: dict[str, tuple[Any, Any]] = {
    "organisation": (Organisation, Organisation.uscc),
    "fund": (Fund, Fund.code),
    "station": (Station, Station.code),
    "project": (Project, Project.code),
    "campaign": (Campaign, Campaign.code),
    "street": (Street, Street.code),
}
BY = (*_MODELS, RECIPIENT)
MOST_RECIPIENTS = 10_000


Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Rows:
    """A small table."""

    header: Sequence[str]
    documents: Sequence[Document]


_SUMS = (
    "received_fen received disbursed_fen disbursed donations disbursements moved_in_fen moved_out_fen".split()
)
_OF_RECIPIENTS = ("name", "disbursed_fen", "disbursed", "disbursements", "beneficiary_count")


def behind(session: Session, query: LedgerQuery, by: str) -> Rows | None:
    """The sums of a selection by one of ``BY``; what belongs to none has no code. None where words find too much."""
    if by != RECIPIENT and query.is_plain:
        return Rows(("code", "name", *_SUMS), _named(session, by, _kept(session, query, by)))
    conditions = Selected(session, query).to_sum()
    if conditions is None:
        return None
    if by == RECIPIENT:
        return Rows(_OF_RECIPIENTS, list(_recipients(session, conditions)))
    return Rows(("code", "name", *_SUMS), _named(session, by, _summed(session, conditions, by)))


def _named(session: Session, by: str, sums: dict[int, Totals]) -> list[Document]:
    model, code = _MODELS[by]
    query = select(model.id, code, model.name).where(model.id.in_(list(sums)))
    names = {id_: (code_, name) for id_, code_, name in session.execute(query)}
    rows = [(*names.get(id_, ("", "")), totals) for id_, totals in sums.items()]
    return [
        {
            "code": code_,
            "name": name,
            "received_fen": totals.received_fen,
            "received": format_plain(totals.received_fen),
            "disbursed_fen": totals.disbursed_fen,
            "disbursed": format_plain(totals.disbursed_fen),
            "donations": totals.donations,
            "disbursements": totals.disbursements,
            "moved_in_fen": totals.moved.in_fen,
            "moved_out_fen": totals.moved.out_fen,
        }
        for code_, name, totals in sorted(rows, key=lambda row: row[0])
    ]


def _kept(session: Session, query: LedgerQuery, by: str) -> dict[int, Totals]:
    dimension: Any = f"{by}_id"
    return {int(str(key)): totals for key, totals in by_dimension(session, query.filters, dimension).items()}


def _summed(session: Session, conditions: Conditions, by: str) -> dict[int, Totals]:
    """Over the entries, where amounts or words are asked."""
    column = getattr(Entry, f"{by}_id")
    group = (column, Entry.direction, Entry.form, Entry.agency)
    count = func.sum(case((Entry.reverses_id.is_(None), 1), else_=-1))
    sums: dict[int, Totals] = defaultdict(Totals)
    for id_, direction, form, agency, entries, fen in session.execute(
        select(*group, count, func.sum(Entry.amount_fen)).where(*conditions, ~is_move()).group_by(*group)
    ):
        sums[id_ or 0].add(direction, form, int(entries), int(fen), agency=agency)
    return sums


def _recipients(session: Session, conditions: Conditions) -> Iterator[Document]:
    fen = func.sum(Entry.amount_fen)
    sign = case((Entry.reverses_id.is_(None), 1), else_=-1)
    rows = session.execute(
        select(Disbursement.recipient, fen, func.sum(sign), func.sum(sign * Disbursement.beneficiary_count))
        .join(Disbursement, Disbursement.entry_id == func.coalesce(Entry.reverses_id, Entry.id))
        .where(*conditions, Entry.direction == Direction.OUT)
        .group_by(Disbursement.recipient)
        .order_by(fen.desc(), Disbursement.recipient)
        .limit(MOST_RECIPIENTS)
    )
    for recipient, amount, count, people in rows:
        yield {
            "name": recipient,
            "disbursed_fen": int(amount),
            "disbursed": format_plain(int(amount)),
            "disbursements": int(count),
            "beneficiary_count": told(people),
        }
