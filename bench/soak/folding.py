"""Fold everything that is stored, and compare with every figure that is kept beside: balances, receipts, leaves."""

import json
from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.soak.journal import History
from portal.translog.signing import Signer
from portal.watch.recomputing import recompute

_BALANCES = (
    "SELECT fund.code, balance_fen, reserved_fen FROM ledger_fund_balance JOIN fund ON fund.id = fund_id"
)
_ENTRIES = """
    SELECT fund.code, sum(CASE direction WHEN 'in' THEN amount_fen ELSE -amount_fen END)
    FROM ledger_entry JOIN fund ON fund.id = fund_id GROUP BY fund.code"""
_POSTINGS = """
    SELECT fund.code, sum(amount_fen)
    FROM ledger_posting JOIN fund ON fund.id = fund_id WHERE account_code LIKE '1%' GROUP BY fund.code"""
_WAITING = """
    SELECT fund.code, sum(amount_fen)
    FROM disbursement JOIN fund ON fund.id = fund_id WHERE state IN ('pending', 'second_pending', 'approved')
    GROUP BY fund.code"""
_ENTRY_KINDS = ("donation", "disbursement", "transfer", "reversal")


def differences(session: Session, history: History, signer: Signer) -> Iterator[str]:
    """Whatever is not what the stored entries add up to."""
    session.rollback()
    yield from _balances(session, history)
    yield from _numbers(session)
    yield from _leaves(session)
    report = recompute(session, signer)
    for one in report.differences:
        yield f"recomputed: {one.kind} at {one.entry_no}: {one.message}"
    session.rollback()


def _balances(session: Session, history: History) -> Iterator[str]:
    kept = {code: (balance, reserved) for code, balance, reserved in session.execute(text(_BALANCES))}
    entries, postings, waiting = (_sums(session, query) for query in (_ENTRIES, _POSTINGS, _WAITING))
    told: dict[str, int] = defaultdict(int)
    for name in history.numbers:
        if name in history.commands:
            told[history.commands[name].fund] += history.commands[name].moves_fen
    for code in sorted(kept.keys() | entries.keys() | postings.keys() | told.keys()):
        balance, reserved = kept.get(code, (0, 0))
        for source, sums in (("entries", entries), ("postings", postings), ("journals", told)):
            if sums.get(code, 0) != balance:
                yield f"fund {code} keeps {balance} fen, its {source} add up to {sums.get(code, 0)}"
        if waiting.get(code, 0) != reserved:
            yield f"fund {code} has {reserved} fen set aside, payouts wait for {waiting.get(code, 0)}"


def _sums(session: Session, query: str) -> dict[str, int]:
    return {code: int(amount) for code, amount in session.execute(text(query))}


def _numbers(session: Session) -> Iterator[str]:
    """Entries and the receipts of each series are numbered 1 to n, none left out and none twice."""
    entries = list(session.scalars(text("SELECT id FROM ledger_entry ORDER BY id")))
    if entries != list(range(1, len(entries) + 1)):
        yield f"{len(entries)} entries are not numbered from 1 to {len(entries)}"
    receipts: dict[str, list[int]] = defaultdict(list)
    for receipt in session.scalars(text("SELECT receipt_no FROM ledger_entry WHERE receipt_no IS NOT NULL")):
        series, number = receipt.rsplit("-", 1)
        receipts[series].append(int(number))
    counters = {
        f"{series}-{year:04d}": last
        for series, year, last in session.execute(
            text("SELECT series, year, last FROM ledger_receipt_counter")
        )
    }
    for series in sorted(receipts.keys() | counters.keys()):
        if sorted(receipts[series]) != list(range(1, counters.get(series, 0) + 1)):
            yield f"receipts {series} are not numbered from 1 to {counters.get(series, 0)}"


def _leaves(session: Session) -> Iterator[str]:
    """Each entry has exactly one leaf, at the index the entry names; no leaf of an entry is without one."""
    named = {
        number: (index, amount_fen)
        for number, index, amount_fen in session.execute(
            text('SELECT entry_no, "index", amount_fen FROM ledger_entry')
        )
    }
    seen: set[str] = set()
    for index, data in session.execute(text('SELECT "index", data FROM log_leaf ORDER BY "index"')):
        leaf = json.loads(bytes(data))
        if leaf.get("kind") not in _ENTRY_KINDS:
            continue
        if leaf["no"] in seen:
            yield f"{leaf['no']} has more than one leaf"
        seen.add(leaf["no"])
        if named.get(leaf["no"]) != (index, leaf["fen"]):
            yield f"leaf {index} says {leaf['no']}, {leaf['fen']} fen; the books say {named.get(leaf['no'])}"
    for number in sorted(named.keys() - seen):
        yield f"{number} has no leaf"
