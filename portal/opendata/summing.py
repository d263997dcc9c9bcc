"""The table behind a selection: how much each organisation, fund, station or recipient received and paid out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.disclosure.documents import Document
from portal.disclosure.entries import LedgerQuery, selected
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


@dataclass(frozen=True)
class Rows:
    """A small table."""

    header: Sequence[str]
    documents: Sequence[Document]


def behind(session: Session, query: LedgerQuery, by: str) -> Rows:
    """The sums of a selection by one of ``BY``; what belongs to none has no code."""
    header: tuple[str, ...]
    if by == RECIPIENT:
        header = ("name", "disbursed_fen", "disbursed", "disbursements", "beneficiary_count")
        return Rows(header, list(_recipients(session, query)))
    header = (
        "code",
        "name",
        "received_fen",
        "received",
        "disbursed_fen",
        "disbursed",
        "donations",
        "disbursements",
    )
    return Rows(header, list(_things(session, query, by)))


def _things(session: Session, query: LedgerQuery, by: str) -> Iterator[Document]:
    model, code = _MODELS[by]
    sums = _kept(session, query, by) if query.is_plain else _summed(session, query, by)
    names = {
        id_: (code_, name)
        for id_, code_, name in session.execute(
            select(model.id, code, model.name).where(model.id.in_(list(sums)))
        )
    }
    for id_, totals in sorted(sums.items(), key=lambda one: names.get(one[0], ("", ""))):
        code_, name = names.get(id_, ("", ""))
        yield {
            "code": code_,
            "name": name,
            "received_fen": totals.received_fen,
            "received": format_plain(totals.received_fen),
            "disbursed_fen": totals.disbursed_fen,
            "disbursed": format_plain(totals.disbursed_fen),
            "donations": totals.donations,
            "disbursements": totals.disbursements,
        }


def _kept(session: Session, query: LedgerQuery, by: str) -> dict[int, Totals]:
    dimension: Any = f"{by}_id"
    return {int(str(key)): totals for key, totals in by_dimension(session, query.filters, dimension).items()}


def _summed(session: Session, query: LedgerQuery, by: str) -> dict[int, Totals]:
    """Over the entries, where amounts or words are asked."""
    column = getattr(Entry, f"{by}_id")
    group = (column, Entry.direction, Entry.form, Entry.agency)
    count = func.sum(case((Entry.reverses_id.is_(None), 1), else_=-1))
    sums: dict[int, Totals] = defaultdict(Totals)
    for id_, direction, form, agency, entries, fen in session.execute(
        select(*group, count, func.sum(Entry.amount_fen)).where(selected(query), ~is_move()).group_by(*group)
    ):
        sums[id_ or 0].add(direction, form, int(entries), int(fen), agency=agency)
    return sums


def _recipients(session: Session, query: LedgerQuery) -> Iterator[Document]:
    fen = func.sum(Entry.amount_fen)
    sign = case((Entry.reverses_id.is_(None), 1), else_=-1)
    rows = session.execute(
        select(Disbursement.recipient, fen, func.sum(sign), func.sum(sign * Disbursement.beneficiary_count))
        .join(Disbursement, Disbursement.entry_id == func.coalesce(Entry.reverses_id, Entry.id))
        .where(selected(query), Entry.direction == Direction.OUT)
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
            "beneficiary_count": int(people) if people is not None else None,
        }
