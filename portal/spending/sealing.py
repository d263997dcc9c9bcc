"""Whether what was sealed of payouts in the log is still what their rows say."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.models import Entry
from portal.spending.models import Disbursement
from portal.translog.canonical import seal
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]


def unsealed_disbursements(session: Session) -> Iterator[Finding]:
    """Payouts whose recipient, purpose or number of people helped is not what their leaf sealed."""
    rows = session.execute(
        select(Disbursement, Entry.entry_no, Leaf.data)
        .join(Entry, Entry.id == Disbursement.entry_id)
        .join(Leaf, Leaf.index == Entry.index)
        .order_by(Entry.index)
        .execution_options(yield_per=1_000)
    )
    for payout, entry_no, data in rows:
        sealed = json.loads(data).get("sealed", {}).get("use")
        if payout.seal_lost and payout.use_salt is None:
            continue
        if payout.use_salt is None or seal(payout.use_salt, payout.use_part) != sealed:
            yield "use_seal", entry_no, "the use is not the one that was sealed"
