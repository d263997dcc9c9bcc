"""Which payouts are grants: aid and goods to persons, and money to organisations (慈善法 61, 360Giving)."""

from sqlalchemy import and_

from portal.ledger.models import Entry
from portal.spending.models import Disbursement, DisbursementKind

IS_GRANT = and_(
    Disbursement.kind.in_((DisbursementKind.AID, DisbursementKind.GRANT, DisbursementKind.GOODS)),
    Entry.amount_fen > 0,
)
"""Of an entry joined with its disbursement. Without a value nothing can be said of how much was granted."""
