"""Which gifts of a list are in the books already, or wait in an earlier batch: told by content, not by file."""

from collections.abc import Iterator, Sequence

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.db import is_any_of
from portal.giving.bulk import known_content_keys
from portal.giving.content_keys import both_forms
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
    found.update(_in_batches(session, keys, organisation_id, before))
    return found


def books_exist(session: Session) -> bool:
    """Whether there is a database to compare with; a file may be looked at before there is one."""
    return bool(inspect(session.connection()).has_table(ImportRow.__tablename__))


def same_list(session: Session, batch: ImportBatch) -> int | None:
    """An earlier batch with the same rows whose keys differ: the same list under another date."""
    query = (
        select(ImportBatch.id)
        .where(
            ImportBatch.fingerprint.in_(both_forms([batch.fingerprint])),
            ImportBatch.organisation_id == batch.organisation_id,
            ImportBatch.state != DocumentState.WITHDRAWN,
            ImportBatch.id < batch.id,
        )
        .order_by(ImportBatch.id)
    )
    own = both_forms([_first_key(session, batch.id)])
    return next((one for one in session.scalars(query) if _first_key(session, one) not in own), None)


def _first_key(session: Session, batch_id: int) -> str:
    """The key of a list's first row: of two lists with the same rows it is the same if the days are."""
    first = select(ImportRow.content_key).where(ImportRow.batch_id == batch_id)
    return session.scalar(first.order_by(ImportRow.position).limit(1)) or ""


def _in_batches(
    session: Session, keys: Sequence[str], organisation_id: int | None, before: int | None
) -> Iterator[str]:
    forms = both_forms(keys)
    rows = session.execute(
        select(ImportRow.content_key, ImportRow.state, ImportRow.batch_id).where(
            is_any_of(session, ImportRow.content_key, list(forms))
        )
    ).all()
    batches = {
        batch.id: batch
        for batch in session.execute(
            select(ImportBatch.id, ImportBatch.state, ImportBatch.organisation_id).where(
                ImportBatch.id.in_({row.batch_id for row in rows})
            )
        )
    }
    for row in rows:
        batch = batches[row.batch_id]
        if organisation_id not in (None, batch.organisation_id) or (
            before is not None and batch.id >= before
        ):
            continue
        posted = batch.state is DocumentState.POSTED and row.state is RowState.ACCEPTED
        waits = batch.state in _WAITING and row.state in (RowState.ACCEPTED, RowState.NEEDS_REVIEW)
        if posted or waits:
            yield forms[row.content_key]
