"""Which gifts of a list are in the books already, or wait in an earlier batch: told by content, not by file."""

from collections.abc import Sequence

from sqlalchemy import Select, inspect, select
from sqlalchemy.orm import Session

from portal.db import each_of
from portal.giving.bulk import known_content_keys
from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.staff.documents import DocumentState

_WAITING = (DocumentState.DRAFT, DocumentState.PENDING, DocumentState.RETURNED)


def known_keys(
    session: Session, keys: Sequence[str], organisation_id: int | None = None, before: int | None = None
) -> set[str]:
    """The keys that are taken: in the books, or in batches that wait (those before batch ``before``, if given).

    Without an organisation, those of all organisations are looked through.
    """
    found = set() if organisation_id is None else known_content_keys(session, organisation_id, keys)
    found.update(session.scalars(_in_batches(session, keys, organisation_id, before)))
    return found


def books_exist(session: Session) -> bool:
    """Whether there is a database to compare with; a file may be looked at before there is one."""
    return bool(inspect(session.connection()).has_table(ImportRow.__tablename__))


def same_list(session: Session, fingerprint: str, organisation_id: int, keys: Sequence[str]) -> int | None:
    """An earlier batch with the same rows whose keys differ: the same list under another date."""
    query = (
        select(ImportBatch.id)
        .where(
            ImportBatch.fingerprint == fingerprint,
            ImportBatch.organisation_id == organisation_id,
            ImportBatch.state != DocumentState.WITHDRAWN,
        )
        .order_by(ImportBatch.id)
    )
    for batch_id in session.scalars(query):
        first = session.scalar(
            select(ImportRow.content_key)
            .where(ImportRow.batch_id == batch_id)
            .order_by(ImportRow.position)
            .limit(1)
        )
        if first not in keys:
            return batch_id
    return None


def _in_batches(
    session: Session, keys: Sequence[str], organisation_id: int | None, before: int | None
) -> Select[str]:
    posted = (ImportBatch.state == DocumentState.POSTED) & (ImportRow.state == RowState.ACCEPTED)
    waiting = ImportBatch.state.in_(_WAITING) & ImportRow.state.in_(
        (RowState.ACCEPTED, RowState.NEEDS_REVIEW)
    )
    query = (
        select(ImportRow.content_key)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(ImportRow.content_key.in_(each_of(session, keys)), posted | waiting)
    )
    if organisation_id is not None:
        query = query.where(ImportBatch.organisation_id == organisation_id)
    if before is not None:
        query = query.where(ImportBatch.id < before)
    return query
