"""The accepted rows of an approved list on their way into the ledger: all at once, or a long list part by part."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from portal.db import is_any_of
from portal.donors.models import DonorKind
from portal.giving.bulk import ImportedGift, ImportTarget, known_content_keys, post_imported
from portal.giving.details import Placement
from portal.imports.donors import donor_kind_of
from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.imports.target import require_late_reason

AT_ONCE = 20_000
"""A list with more accepted rows is posted part by part, so that the counters are not kept waiting."""
PART = 8_000

# In the order of an ``ImportedGift``.
_COLUMNS = (
    ImportRow.position,
    ImportRow.donor_name,
    ImportRow.amount_fen,
    ImportRow.received_on,
    ImportRow.channel,
    ImportRow.external_ref,
    ImportRow.remark,
    ImportRow.content_key,
)


class KnownMeanwhileError(Exception):
    """Rows that a reviewer was to approve stand in the books already."""

    def __init__(self, keys: set[str]) -> None:
        super().__init__(f"{len(keys)} rows are known")
        self.keys = keys


def check_days(session: Session, batch: ImportBatch) -> None:
    """Rows in closed books need a reason.

    Raises:
        Invalid: there is none.
    """
    query = (
        select(ImportRow.received_on, func.count())
        .where(ImportRow.batch_id == batch.id, ImportRow.state == RowState.ACCEPTED)
        .group_by(ImportRow.received_on)
    )
    counted = {day: count for day, count in session.execute(query) if day is not None}
    require_late_reason(session, batch.organisation_id, batch.fund_id, counted, batch.late_reason)


def post_all(session: Session, batch: ImportBatch, place: Placement) -> None:
    """Post every accepted row, or none.

    Raises:
        KnownMeanwhileError: some came into the books another way.
    """
    rows = _following(session, batch, batch.accepted)
    known = _known(session, batch, rows)
    if known:
        raise KnownMeanwhileError(known)
    _post(session, batch, place, rows)


def post_part(session: Session, batch: ImportBatch, place: Placement) -> int:
    """Post the next rows; those that came into the books another way are passed over as duplicates.

    Returns how many rows were dealt with: 0 at the end.
    """
    rows = _following(session, batch, PART)
    known = _known(session, batch, rows)
    if known:
        mark_known(session, batch, known)
    _post(session, batch, place, [row for row in rows if row.content_key not in known])
    return len(rows)


def mark_known(session: Session, batch: ImportBatch, keys: set[str]) -> None:
    """Mark accepted rows that stand in the books already as duplicates."""
    wanted = (
        ImportRow.batch_id == batch.id,
        ImportRow.state == RowState.ACCEPTED,
        is_any_of(session, ImportRow.content_key, sorted(keys)),
    )
    count, total = session.execute(select(func.count(), func.sum(ImportRow.amount_fen)).where(*wanted)).one()
    session.execute(
        update(ImportRow)
        .where(*wanted)
        .values(state=RowState.DUPLICATE)
        .execution_options(synchronize_session="fetch")
    )
    batch.accepted -= count
    batch.duplicates += count
    batch.accepted_fen -= int(total or 0)
    session.flush()


def _following(session: Session, batch: ImportBatch, most: int) -> Sequence[Any]:
    return session.execute(
        select(*_COLUMNS)
        .where(
            ImportRow.batch_id == batch.id,
            ImportRow.state == RowState.ACCEPTED,
            ImportRow.position > batch.posted_through,
        )
        .order_by(ImportRow.position)
        .limit(most)
    ).all()


def _known(session: Session, batch: ImportBatch, rows: Sequence[Any]) -> set[str]:
    return known_content_keys(session, batch.organisation_id, [row.content_key for row in rows])


def _post(session: Session, batch: ImportBatch, place: Placement, rows: Sequence[Any]) -> None:
    days = [row.received_on for row in rows]
    require_late_reason(session, batch.organisation_id, batch.fund_id, days, batch.late_reason)
    gifts = [ImportedGift(*(*row, _kind_of_donor(row.donor_name))) for row in rows]
    where = ImportTarget(
        batch_id=batch.id,
        organisation_id=batch.organisation_id,
        fund=place.fund,
        station=place.station,
        campaign_id=batch.campaign_id,
        project_id=None,
        maker_id=batch.maker_id,
        publish_names=batch.publish_names,
        late_reason=batch.late_reason,
    )
    post_imported(session, where, gifts)
    if rows:
        batch.posted_through = rows[-1].position


def _kind_of_donor(name: str) -> DonorKind:
    return donor_kind_of(name) if name else DonorKind.ANONYMOUS
