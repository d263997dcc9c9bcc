"""The counts and sums of a batch, always worked out from its rows."""

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from portal.imports.models import ImportBatch, ImportGoodsRow, ImportRow, ListKind, RowState


def recount(session: Session, batch: ImportBatch) -> None:
    """Bring a batch's counts and sums in line with its rows."""
    session.flush()
    if batch.kind is ListKind.DONATIONS:
        query = (
            select(ImportRow.state, func.count(), func.sum(ImportRow.amount_fen))
            .where(ImportRow.batch_id == batch.id)
            .group_by(ImportRow.state)
        )
    else:
        query = (
            select(ImportGoodsRow.state, func.count(), literal(0))
            .where(ImportGoodsRow.batch_id == batch.id)
            .group_by(ImportGoodsRow.state)
        )
    found = {state: (count, int(total or 0)) for state, count, total in session.execute(query)}
    batch.accepted, batch.accepted_fen = found.get(RowState.ACCEPTED, (0, 0))
    batch.duplicates = found.get(RowState.DUPLICATE, (0, 0))[0]
    batch.rejected = found.get(RowState.REJECTED, (0, 0))[0]
    batch.needs_review = found.get(RowState.NEEDS_REVIEW, (0, 0))[0]
    batch.rows = sum(count for count, _total in found.values())
    batch.total_fen = sum(total for _count, total in found.values())
    session.flush()
