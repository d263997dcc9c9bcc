"""Whether published bills still say what the books say, and what the log says of them."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.disclosure import bills
from portal.disclosure.bill_corrections import made_in
from portal.disclosure.bill_freezing import document_of
from portal.disclosure.bill_scopes import BillScope, scope_of
from portal.disclosure.bill_sums import Sums, sums_of
from portal.disclosure.models import Bill, BillNoteCorrection
from portal.disclosure.published import BILL, NOTE, note_leaf, report_leaf
from portal.ledger.figures import ledger_size
from portal.ledger.models import Entry
from portal.periods import Period, Run
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]

_REPORT = b'"kind":"report"'


def doubtful_bills(session: Session) -> Iterator[Finding]:
    """Published bills whose figures the books no longer give, or whose leaf is missing or says something else."""
    known = {column["name"] for column in inspect(session.connection()).get_columns(Bill.__tablename__)}
    if "period" not in known:
        return  # an older copy of the books, before it is migrated
    leaves = _leaves(session)
    books = _Recomputed(session)
    for bill in session.scalars(select(Bill).order_by(Bill.id)):
        yield from _doubts(books, bill, leaves)
    rows = session.execute(
        select(BillNoteCorrection, Bill.bill_no)
        .join(Bill, Bill.id == BillNoteCorrection.bill_id)
        .order_by(BillNoteCorrection.id)
    )
    for correction, bill_no in rows:
        wanted = note_leaf(correction, bill_no)
        if leaves.get((NOTE, wanted["no"])) != wanted["sha256"]:
            yield "bill_note", None, f"the correction {wanted['no']} is not the one in the log"


class _Recomputed:
    """Sums from the books as they are now, each once: the period before one bill is that of another.

    Closed books take nothing in any more, so the bills of organisations and funds need no limit; those of others
    count as many entries as there were.
    """

    def __init__(self, session: Session) -> None:
        self.session, self.size = session, ledger_size(session)
        self._found: dict[tuple[Any, ...], Sums] = {}

    def sums(self, scope: BillScope, period: Period, size: int) -> Sums:
        """The sums of a period."""
        limit = None if scope.has_pot else size
        key = (scope.dimension, scope.thing.id, period, limit)
        if key not in self._found:
            self._found[key] = sums_of(self.session, scope, period, size=limit)
        return self._found[key]

    def before(self, scope: BillScope, period: Period, size: int) -> Sums | None:
        """The sums of the period before."""
        return None if isinstance(period, Run) else self.sums(scope, period.plus(-1), size)


def _doubts(books: _Recomputed, bill: Bill, leaves: dict[tuple[str, str], str]) -> Iterator[Finding]:
    scope = scope_of(bill)
    if leaves.get((BILL, bill.bill_no)) != report_leaf(bill, scope.code)["sha256"]:
        yield "bill_leaf", None, f"the bill {bill.bill_no} is not the one in the log"
    if bill.ledger_size > books.size:
        yield "bill", None, f"the bill {bill.bill_no} speaks of more entries than there are"
        return
    recomputed = books.sums(scope, bill.days, bill.ledger_size)
    if _totals(recomputed) != _totals_kept(bill):
        yield "bill", None, f"the bill {bill.bill_no} does not say what the books say"
    elif not _agree(books, bill, scope, recomputed):
        yield "bill", None, f"a part of the bill {bill.bill_no} does not say what the books say"


def _agree(books: _Recomputed, bill: Bill, scope: BillScope, recomputed: Sums) -> bool:
    """Whether the parts, the period before and the corrections counted are what the books give."""
    if bill.figures is None:
        return True
    earlier = books.before(scope, bill.days, bill.ledger_size)
    counted = made_in(books.session, scope, bill.days, size=bill.ledger_size)
    return (
        _plain(bill.figures["now"]) == _plain(document_of(recomputed))
        and _plain(bill.figures["before"]) == _plain(document_of(earlier) if earlier else None)
        and bill.figures["corrected"] == [bills.kept_correction(one) for one in counted]
    )


def _plain(document: dict[str, Any] | None) -> dict[str, Any] | None:
    """The figures alone, in one order: a project may have another name by now."""
    if document is None:
        return None
    projects = sorted((one["code"], one["fen"]) for one in document["by_project"])
    return document | {"by_project": projects}


def _totals(sums: Sums) -> tuple[int | None, ...]:
    return (
        sums.opening_fen,
        sums.income_fen,
        sums.outgo_fen,
        sums.moved.in_fen,
        sums.moved.out_fen,
        sums.closing_fen,
        sums.entry_count,
    )


def _totals_kept(bill: Bill) -> tuple[int | None, ...]:
    return (
        bill.opening_fen,
        bill.income_fen,
        bill.outgo_fen,
        bill.moved_in_fen,
        bill.moved_out_fen,
        bill.closing_fen,
        bill.entries,
    )


def _leaves(session: Session) -> dict[tuple[str, str], str]:
    """The hash that the log has for each report, by what it is of and its number; the first one counts."""
    found: dict[tuple[str, str], str] = {}
    of_no_entry = Leaf.index.not_in(select(Entry.index))
    for data in session.scalars(select(Leaf.data).where(of_no_entry).order_by(Leaf.index)):
        if _REPORT in data:
            leaf = json.loads(data)
            found.setdefault((str(leaf.get("report")), str(leaf.get("no"))), str(leaf.get("sha256")))
    return found
