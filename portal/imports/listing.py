"""Lists and their rows, page by page."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.staff.documents import DocumentState
from portal.staff.scope import Scope

PAGE = 30
ROWS = 100


def batches(
    session: Session, scope: Scope, *, state: DocumentState | None = None, before: int | None = None
) -> Sequence[ImportBatch]:
    """Lists within reach, newest first."""
    query = select(ImportBatch).order_by(ImportBatch.id.desc()).limit(PAGE)
    if scope.organisation_id is not None:
        query = query.where(ImportBatch.organisation_id == scope.organisation_id)
    if scope.station_id is not None:
        query = query.where(ImportBatch.station_id == scope.station_id)
    if state is not None:
        query = query.where(ImportBatch.state == state)
    if before is not None:
        query = query.where(ImportBatch.id < before)
    return session.scalars(query).all()


def rows(
    session: Session, batch: ImportBatch, *, state: RowState | None = None, after: int = 0, limit: int = ROWS
) -> Sequence[ImportRow]:
    """Rows of a list in its order, those after a position."""
    query = (
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.position > after)
        .order_by(ImportRow.position)
        .limit(limit)
    )
    if state is not None:
        query = query.where(ImportRow.state == state)
    return session.scalars(query).all()


def next_to_mend(session: Session, batch: ImportBatch, after: int) -> int | None:
    """The position of the next row that needs a look, going round to the first."""
    wanted = select(ImportRow.position).where(
        ImportRow.batch_id == batch.id, ImportRow.state == RowState.NEEDS_REVIEW
    )
    following = session.scalar(wanted.where(ImportRow.position > after).order_by(ImportRow.position).limit(1))
    return following or session.scalar(wanted.order_by(ImportRow.position).limit(1))
