"""A published bill as a file of figures, whose hash stands in the log: nobody can swap the bill unseen."""

import hashlib
from typing import Any

from portal.disclosure.models import Bill, BillNoteCorrection
from portal.periods import local
from portal.translog.canonical import spelled

BILL = "bill"
NOTE = "bill_note"
"""What the leaf of a report says it is of."""


def bill_figures_file(bill: Bill, code: str) -> bytes:
    """The figures of a published bill in canonical JSON, in fen; ``code`` is that of whose bill it is."""
    # Only where there are any: the files of bills published before must stay the same byte for byte.
    figures = {"figures": bill.figures} if bill.figures else {}
    return spelled(
        {
            "bill": bill.bill_no,
            "of": code,
            **_days(bill),
            "entries": bill.entries,
            "note": bill.note,
            "published": local(bill.published_at).date().isoformat(),
            "totals": _totals(bill),
            **figures,
        }
    )


def report_leaf(bill: Bill, code: str) -> dict[str, Any]:
    """The leaf that fixes a bill on the day it is published."""
    return {
        "kind": "report",
        "date": local(bill.published_at).date().isoformat(),
        "report": BILL,
        "no": bill.bill_no,
        "sha256": hashlib.sha256(bill_figures_file(bill, code)).hexdigest(),
        "totals": _totals(bill),
    }


def note_leaf(correction: BillNoteCorrection, bill_no: str) -> dict[str, Any]:
    """The leaf that fixes a correction of a bill's note on the day it is made."""
    words = {
        "bill": bill_no,
        "number": correction.number,
        "old": correction.old_note,
        "new": correction.new_note,
        "reason": correction.reason,
        "by": correction.maker_role.value,
        "made": local(correction.made_at).date().isoformat(),
    }
    return {
        "kind": "report",
        "date": words["made"],
        "report": NOTE,
        "no": f"{bill_no}/{correction.number}",
        "sha256": hashlib.sha256(spelled(words)).hexdigest(),
    }


def _days(bill: Bill) -> dict[str, str]:
    if bill.run_first is not None and bill.run_last is not None:
        return {"from": bill.run_first.isoformat(), "to": bill.run_last.isoformat()}
    return {"month" if len(bill.period) == len("2026-09") else "period": bill.period}


def _totals(bill: Bill) -> dict[str, int]:
    sums = {
        "opening": bill.opening_fen,
        "in": bill.income_fen,
        "out": bill.outgo_fen,
        "closing": bill.closing_fen,
    }
    moved = {"moved_in": bill.moved_in_fen, "moved_out": bill.moved_out_fen}
    return {key: fen for key, fen in sums.items() if fen is not None} | {
        key: fen for key, fen in moved.items() if fen
    }
