"""Erase a donor from the rows of lists: of the one the gift came with, and of those that brought it once more."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.giving.content_keys import of_erased
from portal.giving.models import Donation
from portal.imports.models import ImportBatch, ImportGoodsRow, ImportRow


def erase_from_lists(session: Session, donation: Donation) -> None:
    """Empty what rows say of a gift's donor, and replace every plain hash that the words went into.

    The hash of a whole list is replaced as well: whoever knows all other rows could guess this one by it.
    """
    batches = [session.get_one(ImportBatch, donation.batch_id)]
    if donation.content_key is None:
        batches = _same_lists(session, batches[0])
        _empty_goods_rows(session, batches, donation.donor_name)
    else:
        batches += _empty_rows(session, donation)
    for batch in set(batches):
        batch.fingerprint = of_erased(batch.fingerprint)


def _empty_rows(session: Session, donation: Donation) -> list[ImportBatch]:
    rows = session.execute(
        select(ImportRow, ImportBatch)
        .join(ImportBatch, ImportBatch.id == ImportRow.batch_id)
        .where(
            ImportRow.content_key == donation.content_key,
            ImportBatch.organisation_id == donation.organisation_id,
        )
    ).all()
    donation.content_key = of_erased(donation.content_key or "")
    for row, _batch in rows:
        row.donor_name = row.external_ref = row.remark = row.clock = ""
        row.faults, row.content_key = [], donation.content_key
    return [batch for _row, batch in rows]


def _empty_goods_rows(session: Session, batches: list[ImportBatch], party: str) -> None:
    rows = select(ImportGoodsRow).where(
        ImportGoodsRow.batch_id.in_([one.id for one in batches]), ImportGoodsRow.party == party
    )
    for row in session.scalars(rows):
        row.party, row.faults = "", []


def _same_lists(session: Session, batch: ImportBatch) -> list[ImportBatch]:
    return list(
        session.scalars(
            select(ImportBatch).where(
                ImportBatch.fingerprint == batch.fingerprint,
                ImportBatch.organisation_id == batch.organisation_id,
            )
        )
    )
