"""Which payouts are grants: what went to people or organisations for the charitable purpose itself (慈善法 61)."""

from sqlalchemy import and_

from portal.ledger.models import Entry
from portal.spending.models import CostKind, Disbursement

IS_GRANT = and_(Disbursement.cost_kind == CostKind.PROGRAMME, Entry.amount_fen > 0)
"""Of an entry joined with its disbursement. Without a value nothing can be said of how much was granted."""
