"""A published bill as a file of figures, whose hash stands in the log: nobody can swap the bill unseen."""

import hashlib
from typing import Any

from portal.disclosure.models import Bill
from portal.periods import local
from portal.translog.canonical import canonical


def bill_figures_file(bill: Bill, code: str) -> bytes:
    """The figures of a published bill in canonical JSON, in fen; ``code`` is that of its fund or organisation."""
    return canonical(
        {
            "bill": bill.bill_no,
            "of": code,
            "month": bill.month,
            "entries": bill.entries,
            "note": bill.note,
            "published": local(bill.published_at).date().isoformat(),
            "totals": _totals(bill),
        }
    )


def report_leaf(bill: Bill, code: str) -> dict[str, Any]:
    """The leaf that fixes a bill on the day it is published."""
    return {
        "kind": "report",
        "date": local(bill.published_at).date().isoformat(),
        "report": "bill",
        "no": bill.bill_no,
        "sha256": hashlib.sha256(bill_figures_file(bill, code)).hexdigest(),
        "totals": _totals(bill),
    }


def _totals(bill: Bill) -> dict[str, int]:
    sums = {
        "opening": bill.opening_fen,
        "in": bill.income_fen,
        "out": bill.outgo_fen,
        "closing": bill.closing_fen,
    }
    # Only where there are any: the files of bills published before must stay the same byte for byte.
    moved = {"moved_in": bill.moved_in_fen, "moved_out": bill.moved_out_fen}
    return sums | {key: fen for key, fen in moved.items() if fen}
