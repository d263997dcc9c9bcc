"""What the API says of entries, bills and things of the registry: plain values in a fixed order."""

import base64
from typing import Any

from portal.disclosure.directory import Listed, Shelf
from portal.disclosure.entries import Named, PublicEntry
from portal.disclosure.models import Bill
from portal.ledger.figures import Totals
from portal.money import format_plain
from portal.registry.models import Campaign, Fund, Organisation, Project, Station
from portal.translog.proofs import Proof

Document = dict[str, Any]


def entry_document(entry: PublicEntry) -> Document:
    """One entry of the public ledger."""
    return {
        "entry_no": entry.entry_no,
        "index": entry.index,
        "kind": entry.kind.value,
        "occurred_on": entry.occurred_on.isoformat(),
        "published_at": _instant(entry.published_at),
        "organisation": {"uscc": entry.organisation.code, "name": entry.organisation.name},
        "fund": _named(entry.fund),
        "station": _named(entry.station),
        "project": _named(entry.project),
        "campaign": _named(entry.campaign),
        "street": _named(entry.street),
        "direction": entry.direction.value,
        "form": entry.form.value,
        "amount_fen": entry.amount_fen,
        "amount": format_plain(entry.amount_fen),
        "donor": entry.donor,
        "recipient": entry.recipient,
        "purpose": entry.purpose,
        "beneficiary_count": entry.beneficiary_count,
        "receipt_no": entry.receipt_no,
        "reverses": entry.reverses,
        "reversed_by": entry.reversed_by,
    }


def summary_document(totals: Totals, tree_size: int) -> Document:
    """The sums of a selection, in fen."""
    return {
        "received_fen": totals.received_fen,
        "disbursed_fen": totals.disbursed_fen,
        "balance_fen": totals.balance_fen,
        "donations": totals.donations,
        "disbursements": totals.disbursements,
        "by_form": totals.by_form,
        "tree_size": tree_size,
    }


def thing_document(shelf: Shelf, row: Listed) -> Document:
    """One organisation, fund, station, project or campaign with its sums of all time."""
    thing = row.thing
    return {
        shelf.code_name: row.code,
        "name": thing.name,
        "status": thing.status.value,
        **facts_of(thing),
        "received_fen": row.totals.received_fen,
        "disbursed_fen": row.totals.disbursed_fen,
        "balance_fen": row.totals.balance_fen,
        "donations": row.totals.donations,
        "disbursements": row.totals.disbursements,
    }


def bill_document(bill: Bill) -> Document:
    """One published bill; sums in fen."""
    return {
        "bill_no": bill.bill_no,
        "month": bill.month,
        "organisation": {"uscc": bill.organisation.uscc, "name": bill.organisation.name},
        "fund": {"code": bill.fund.code, "name": bill.fund.name} if bill.fund else None,
        "opening_fen": bill.opening_fen,
        "income_fen": bill.income_fen,
        "outgo_fen": bill.outgo_fen,
        "closing_fen": bill.closing_fen,
        "entries": bill.entries,
        "note": bill.note,
        "published_at": _instant(bill.published_at),
    }


def facts_of(thing: Organisation | Fund | Station | Project | Campaign) -> Document:
    """What the public may know of a thing besides its code, name and status."""
    if isinstance(thing, Organisation):
        return {
            "kind": thing.kind.value,
            "fundraising_since": _day(thing.fundraising_since),
            "street": _thing(thing.street),
        }
    owner = {"organisation": {"uscc": thing.organisation.uscc, "name": thing.organisation.name}}
    if isinstance(thing, Fund):
        return {**owner, "kind": thing.kind.value, "street": _thing(thing.street), "purpose": thing.purpose}
    if isinstance(thing, Station):
        return {**owner, "street": _thing(thing.street), "address": thing.address, "hours": thing.hours}
    period = {"starts_on": _day(thing.starts_on), "ends_on": _day(thing.ends_on)}
    if isinstance(thing, Project):
        return {**owner, **period, "goal": thing.goal}
    return {**owner, **period, "filing_no": thing.filing_no, "purpose": thing.purpose}


def _named(thing: Named | None) -> Document | None:
    return {"code": thing.code, "name": thing.name} if thing else None


def _thing(thing: Any) -> Document | None:
    return {"code": thing.code, "name": thing.name} if thing else None


def _day(value: Any) -> str | None:
    return value.isoformat() if value else None


def _instant(value: Any) -> str:
    return str(value.isoformat(timespec="seconds").replace("+00:00", "Z"))


def proof_document(proof: Proof) -> Document:
    """A leaf, its place, and its way to the signed head; hashes in base64."""
    return {
        "leaf": proof.leaf.decode(),
        "index": proof.index,
        "tree_size": proof.checkpoint().size,
        "hashes": [base64.b64encode(one).decode() for one in proof.path],
        "checkpoint": proof.note.render(),
    }
