"""The public ledger as pages: a selection of entries with its sums, and one entry as a slip."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from portal.choices import member_pairs
from portal.db import db
from portal.disclosure import entries, trails
from portal.disclosure.blueprint import disclosure
from portal.disclosure.entries import PublicEntry
from portal.disclosure.entry_lines import items_of
from portal.disclosure.filters import read_selection
from portal.disclosure.selects import filter_options
from portal.evidence.listing import PublicPiece, published_of
from portal.i18n import gettext as _
from portal.ledger.models import Direction, Form
from portal.refusals import NotFound
from portal.spending.kinds import RECIPIENTS
from portal.spending.models import DisbursementKind
from portal.stock.figures import ways_of_gift, ways_through
from portal.transfers.listing import of_entry
from portal.transfers.models import FundTransfer
from portal.transfers.noticing import EVIDENCE_KIND


@disclosure.get("/ledger")
def ledger() -> ResponseReturnValue:
    """Entries of a selection, newest first, with the sums of all of it."""
    session = db.session()
    selection = read_selection(session, request.args.to_dict(flat=False))
    selected = entries.Selected(session, selection.query)
    return render_template(
        "disclosure/ledger.html",
        selection=selection,
        page=selected.page(selection.after, selection.limit),
        summary=selected.summary(),
        options=filter_options(session),
        direction_choices=member_pairs(Direction),
        form_choices=member_pairs(Form),
    )


@disclosure.get("/ledger/<entry_no>")
def entry(entry_no: str) -> ResponseReturnValue:
    """One entry."""
    found = entries.one(db.session(), entry_no.upper())
    if found is None:
        raise NotFound(_("账本里没有编号 %(no)s。", no=entry_no[:40]))
    lines = items_of(db.session(), found.id)
    ways = ways_of_gift(db.session(), found.id) or ways_through(db.session(), found.id)
    transfer = of_entry(db.session(), found.id) if found.moves else None
    return render_template(
        "disclosure/entry.html",
        entry=found,
        recipient_label=RECIPIENTS[found.payout_kind or DisbursementKind.AID][0],
        lines=lines,
        transfer=transfer,
        ways=[one for one in ways if one.adds_up],
        trail=trails.trail_of(db.session(), found),
        origin=trails.origin_of(db.session(), found),
        pieces=_evidence_of(found, transfer),
    )


def _evidence_of(entry: PublicEntry, transfer: FundTransfer | None) -> list[PublicPiece]:
    session = db.session()
    if transfer is not None:
        return published_of(session, EVIDENCE_KIND, [transfer.id]).get(transfer.id, [])
    payout = entries.disbursement_of(session, entry)
    return published_of(session, "disbursement", [payout]).get(payout, []) if payout else []
