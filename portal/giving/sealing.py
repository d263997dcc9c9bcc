"""Whether what was sealed of gifts in the log is still what their private rows say."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.giving.models import Donation
from portal.ledger.models import Entry
from portal.translog.canonical import seal
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]


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
        if donation.goods_salt and seal(donation.goods_salt, {"lines": donation.goods_part}) != parts.get(
            "goods"
        ):
            yield "goods_seal", entry_no, "what was given is not what was sealed"
        if donation.donor_salt is None:
            if donation.erased_at is None and not donation.seal_lost:
                yield "donor_seal", entry_no, "the donor's salt is gone, and nobody erased it"
        elif seal(donation.donor_salt, donation.donor_part) != sealed:
            yield "donor_seal", entry_no, "the donor is not the one who was sealed"
