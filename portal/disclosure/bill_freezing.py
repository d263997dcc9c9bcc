"""What a published bill keeps of its sums: plain values that go into its file, whose hash stands in the log."""

from typing import Any

from portal.disclosure.bill_sums import ProjectSum, Sums
from portal.disclosure.models import Bill
from portal.ledger.models import Channel, Form
from portal.ledger.transfers import Moved
from portal.spending.models import CostKind

Document = dict[str, Any]


def document_of(sums: Sums) -> Document:
    """All sums as plain values, in fen."""
    return {
        "opening": sums.opening_fen,
        "in": sums.income_fen,
        "out": sums.outgo_fen,
        "moved_in": sums.moved.in_fen,
        "moved_out": sums.moved.out_fen,
        "closing": sums.closing_fen,
        "entries": sums.entry_count,
        "by_form": {form.value: fen for form, fen in sums.by_form.items()},
        "by_channel": {channel.value: fen for channel, fen in sums.by_channel.items()},
        "by_cost": {cost.value: fen for cost, fen in sums.by_cost.items()},
        "by_project": [
            {"code": one.code, "name": one.name, "fen": one.amount_fen} for one in sums.by_project
        ],
        "since_in": sums.since_in_fen,
        "since_out": sums.since_out_fen,
    }


def sums_in(document: Document) -> Sums:
    """The sums that ``document_of`` wrote down."""
    return Sums(
        opening_fen=document["opening"],
        income_fen=document["in"],
        outgo_fen=document["out"],
        moved=Moved(document["moved_in"], document["moved_out"]),
        closing_fen=document["closing"],
        entry_count=document["entries"],
        by_form=_by(Form, document["by_form"]),
        by_channel=_by(Channel, document["by_channel"]),
        by_cost=_by(CostKind, document["by_cost"]),
        by_project=tuple(ProjectSum(one["code"], one["name"], one["fen"]) for one in document["by_project"]),
        since_in_fen=document["since_in"],
        since_out_fen=document["since_out"],
    )


def sums_kept(bill: Bill) -> Sums | None:
    """The sums of a published bill; None where only its totals were kept."""
    return sums_in(bill.figures["now"]) if bill.figures else None


def _by(kind: Any, document: dict[str, int]) -> dict[Any, int]:
    # The largest first, however the database kept the keys.
    ordered = sorted(document.items(), key=lambda pair: (-pair[1], pair[0]))
    return {kind(word): fen for word, fen in ordered}
