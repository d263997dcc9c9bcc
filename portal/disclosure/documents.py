"""What the API says of entries, bills and things of the registry: plain values in a fixed order."""

import base64
from typing import Any

from portal.beneficiaries.public_words import told
from portal.disclosure.bill_corrections import Correction
from portal.disclosure.directory import Listed, Shelf
from portal.disclosure.models import Bill
from portal.disclosure.public_entries import Named, PublicEntry
from portal.ledger.figures import Totals
from portal.money import format_plain
from portal.periods import PeriodKind
from portal.projects.reading import Figures
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
        **_arrival(entry),
    }


def _arrival(entry: PublicEntry) -> Document:
    """What arrived of a payout; other entries have nothing to say about it."""
    if entry.delivery is None:
        return {}
    return {"arrived_fen": entry.delivery.arrived_fen, "arrived_on": _day(entry.delivery.arrived_on)}


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


def thing_document(shelf: Shelf, row: Listed, of_project: Figures | None = None) -> Document:
    """One organisation, fund, station, project or campaign with its sums of all time; a project with its budget."""
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
        **(_project_figures(of_project) if of_project else {}),
    }


def bill_document(bill: Bill) -> Document:
    """One published bill; sums in fen. ``month`` is that of a monthly bill, ``fund`` and the like whose it is."""
    days = bill.days
    return {
        "bill_no": bill.bill_no,
        "kind": days.kind.value,
        "period": str(days),
        "first_day": days.first.isoformat(),
        "last_day": days.last.isoformat(),
        "month": bill.period if days.kind is PeriodKind.MONTH else None,
        "organisation": {"uscc": bill.organisation.uscc, "name": bill.organisation.name},
        "fund": _thing(bill.fund),
        "station": _thing(bill.station),
        "project": _thing(bill.project),
        "campaign": _thing(bill.campaign),
        "opening_fen": bill.opening_fen,
        "income_fen": bill.income_fen,
        "outgo_fen": bill.outgo_fen,
        "moved_in_fen": bill.moved_in_fen,
        "moved_out_fen": bill.moved_out_fen,
        "closing_fen": bill.closing_fen,
        "entries": bill.entries,
        "note": bill.note,
        "figures": bill.figures,
        "published_at": _instant(bill.published_at),
    }


def correction_document(correction: Correction) -> Document:
    """One correction of a published bill: old and new value, reason, time, and in which function somebody answers."""
    return {
        "kind": correction.kind.value,
        "figure": correction.figure.value if correction.figure else None,
        "old_fen": correction.old_fen,
        "new_fen": correction.new_fen,
        "old_note": correction.old_note,
        "new_note": correction.new_note,
        "reason": correction.reason,
        "corrected_at": _instant(correction.at),
        "responsible": correction.by,
        "entry_no": correction.entry_no,
        "reverses": correction.reverses,
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
        return {
            **owner,
            **period,
            "goal": thing.goal,
            "category": thing.category.value,
            "area": thing.work_area,
            "funds": [_thing(fund) for fund in thing.funds],
            "planned_people": thing.planned_people,
        }
    return {**owner, **period, "filing_no": thing.filing_no, "purpose": thing.purpose}


def _project_figures(figures: Figures) -> Document:
    budget = figures.budget
    return {
        "committed_fen": figures.committed_fen,
        "people_reached": told(figures.people_reached),
        "people_helped": told(figures.helped),
        "budget": {
            "amount_fen": budget.amount_fen,
            "spent_fen": budget.spent_fen,
            "committed_fen": budget.committed_fen,
            "left_fen": budget.left_fen,
            "lines": [
                {
                    "line_no": line.line_no,
                    "name": line.name,
                    "amount_fen": line.amount_fen,
                    "spent_fen": line.spent_fen,
                    "committed_fen": line.committed_fen,
                    "left_fen": line.left_fen,
                }
                for line in budget.lines
            ],
        }
        if budget.lines
        else None,
    }


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
