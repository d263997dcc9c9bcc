"""What is in the database, read with plain SQL: the judge does not ask the code that it judges."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.soak.commands import Name, What

_QUERIES = {
    What.GIFT: """
        SELECT idempotency_key, donation_no, fund.code, 'in', amount_fen
        FROM donation LEFT JOIN fund ON fund.id = fund_id""",
    What.PAYOUT: """
        SELECT idempotency_key, disbursement_no, fund.code, 'out', amount_fen
        FROM disbursement LEFT JOIN fund ON fund.id = fund_id""",
    What.REVERSAL: """
        SELECT wanted.idempotency_key, wanted.id, fund.code, entry.direction, entry.amount_fen
        FROM reversal_request AS wanted LEFT JOIN ledger_entry AS entry ON entry.id = wanted.subject_entry_id
        LEFT JOIN fund ON fund.id = entry.fund_id""",
    None: """
        SELECT idempotency_key, entry_no, fund.code, direction, amount_fen, ledger_entry.kind
        FROM ledger_entry LEFT JOIN fund ON fund.id = fund_id""",
}
_KINDS = {
    "donation": What.GIFT_APPROVAL,
    "disbursement": What.PAYOUT_APPROVAL,
    "reversal": What.REVERSAL_APPROVAL,
}
_STRAY_DOCUMENTS = """
    SELECT '{table} ' || document.id FROM {table} AS document
    LEFT JOIN ledger_entry AS entry ON entry.id = document.entry_id
    WHERE document.state = 'posted'
    AND (entry.id IS NULL OR entry.idempotency_key <> '{subject}:' || document.id)"""
_DOCUMENTS = {"donation": "donation", "disbursement": "disbursement", "reversal_request": "reversal"}


@dataclass(frozen=True)
class Stored:
    """One stored document or entry."""

    number: str
    fund: str
    direction: str
    amount_fen: int


Rows = dict[Name, list[Stored]]


def rows(session: Session) -> Rows:
    """Everything that commands put into the database, by the command's name."""
    session.rollback()
    found: Rows = defaultdict(list)
    for what, query in _QUERIES.items():
        for key, number, fund, direction, amount_fen, *kind in session.execute(text(query)):
            name = (what or _KINDS[kind[0]], key)
            found[name].append(Stored(str(number), fund, direction, amount_fen))
    return dict(found)


def stray_documents(session: Session) -> list[str]:
    """Documents that call themselves posted, but whose entry is not there or is another's."""
    return [
        document
        for table, subject in _DOCUMENTS.items()
        for document in session.scalars(text(_STRAY_DOCUMENTS.format(table=table, subject=subject)))
    ]


def entered_twice(session: Session) -> list[str]:
    """Documents that stand in the ledger more than once, under whatever key; and entries reversed more than once."""
    numbers = session.scalars(
        text(
            "SELECT document_no FROM ledger_entry WHERE document_no IS NOT NULL AND kind <> 'reversal' "
            "GROUP BY document_no HAVING count(*) > 1"
        )
    )
    reversed_ = session.scalars(
        text(
            "SELECT reverses_id FROM ledger_entry WHERE reverses_id IS NOT NULL "
            "GROUP BY reverses_id HAVING count(*) > 1"
        )
    )
    return [*numbers, *(f"entry {id_} is reversed" for id_ in reversed_)]
