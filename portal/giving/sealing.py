"""Whether what was sealed of gifts in the log is still what their private rows say."""

import json
from collections.abc import Iterator

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.giving.models import Donation
from portal.ledger.entries import RECOVERED
from portal.ledger.models import Entry, EntryKind
from portal.translog.canonical import seal
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]


def strayed_donations(session: Session) -> Iterator[Finding]:
    """Gifts whose amount, day or fund is not that of their entry, and entries of gifts that have no gift any more.

    What was brought back from the published list into an older copy of the books never had its gift there.
    """
    rows = session.execute(
        select(Entry.entry_no, Donation.id.is_(None), Entry.idempotency_key.startswith(RECOVERED))
        .outerjoin(Donation, Donation.entry_id == Entry.id)
        .where(
            Entry.kind == EntryKind.DONATION,
            or_(
                Donation.id.is_(None),
                Donation.amount_fen != Entry.amount_fen,
                Donation.received_on != Entry.occurred_on,
                Donation.fund_id != Entry.fund_id,
            ),
        )
        .order_by(Entry.index)
    )
    for entry_no, gone, recovered in rows:
        if gone and not recovered:
            yield "donation", entry_no, "the gift behind the entry is gone"
        elif not gone:
            yield "donation", entry_no, "amount, day or fund of the gift are not those of its entry"


def unsealed_donations(session: Session) -> Iterator[Finding]:
    """Gifts whose private part is not what their leaf sealed; an erased one can no longer be compared."""
    rows = session.execute(
        select(Donation, Entry.entry_no, Leaf.data)
        .join(Entry, Entry.id == Donation.entry_id)
        .join(Leaf, Leaf.index == Entry.index)
        .order_by(Entry.index)
        .execution_options(yield_per=1_000)
    )
    for donation, entry_no, data in rows:
        parts = json.loads(data).get("sealed", {})
        sealed = parts.get("donor")
        if "goods" in parts and donation.goods_salt is None:
            if donation.erased_at is None and not donation.seal_lost:
                yield "goods_seal", entry_no, "the salt of what was given is gone"
        elif donation.goods_salt and seal(donation.goods_salt, {"lines": donation.goods_part}) != parts.get(
            "goods"
        ):
            yield "goods_seal", entry_no, "what was given is not what was sealed"
        if donation.donor_salt is None:
            if donation.erased_at is None and not donation.seal_lost:
                yield "donor_seal", entry_no, "the donor's salt is gone, and nobody erased it"
        elif seal(donation.donor_salt, donation.donor_part) != sealed:
            yield "donor_seal", entry_no, "the donor is not the one who was sealed"
