"""Many gifts at once, for an approved import: the same rules and the same ledger, in bulk statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import insert_many, is_any_of
from portal.donors.models import DonorKind
from portal.giving.consent_records import record_of_batch
from portal.giving.content_keys import both_forms
from portal.giving.models import Donation, donor_part
from portal.giving.numbers import take_numbers
from portal.identifiers import document_no
from portal.ledger import posting
from portal.ledger.closing import closed_through
from portal.ledger.entries import Dimensions, Document, PostedEntry, money_received
from portal.ledger.models import Channel, Form
from portal.ledger.touched import touch
from portal.periods import now, today
from portal.registry.models import Fund, Station
from portal.staff.documents import DocumentState
from portal.translog.canonical import new_salt, seal


@dataclass(frozen=True, slots=True)
class ImportedGift:
    """One accepted row of a list."""

    row_no: int
    donor_name: str
    amount_fen: int
    received_on: date
    channel: Channel
    external_ref: str
    remark: str
    content_key: str
    donor_kind: DonorKind = DonorKind.PERSON


@dataclass(frozen=True)
class ImportTarget:
    """Where a whole list belongs; ``batch_id`` with the row's number makes each gift's key."""

    batch_id: int
    organisation_id: int
    fund: Fund
    station: Station | None
    campaign_id: int | None
    project_id: int | None
    maker_id: int
    publish_names: bool
    late_reason: str


def post_imported(session: Session, target: ImportTarget, gifts: Sequence[ImportedGift]) -> list[PostedEntry]:
    """Post all gifts of an approved batch inside the caller's transaction; the entries in the order of the rows."""
    if not gifts:
        return []
    year = today().year
    first = take_numbers(session, year, len(gifts))
    dimensions = Dimensions(
        organisation_id=target.organisation_id,
        fund_id=target.fund.id,
        station_id=target.station.id if target.station else None,
        street_id=target.station.street_id if target.station else target.fund.street_id,
        project_id=target.project_id,
        campaign_id=target.campaign_id,
    )
    series = target.station.code if target.station else target.fund.code
    salts = [new_salt() for _ in gifts]
    closed = closed_through(session, [target.organisation_id]).get((target.organisation_id, target.fund.id))
    entries = posting.post_all(
        session,
        [
            money_received(
                amount_fen=gift.amount_fen,
                channel=gift.channel,
                occurred_on=gift.received_on,
                dimensions=dimensions,
                restricted=target.fund.restricted,
                document=Document(
                    _key(target, gift),
                    document_no("D", year, first + offset),
                    (("donor", seal(salt, _donor_part(gift))),),
                ),
                receipt_series=series,
                late_reason=target.late_reason if closed and gift.received_on <= closed else "",
            )
            for offset, (gift, salt) in enumerate(zip(gifts, salts, strict=True))
        ],
    )
    made_at = now()
    insert_many(
        session,
        Donation,
        [
            {
                "donation_no": document_no("D", year, first + offset),
                "organisation_id": target.organisation_id,
                "fund_id": target.fund.id,
                "station_id": dimensions.station_id,
                "campaign_id": target.campaign_id,
                "project_id": target.project_id,
                "donor_name": gift.donor_name,
                "donor_kind": gift.donor_kind,
                "anonymous": not gift.donor_name,
                "publish_name": target.publish_names and bool(gift.donor_name),
                "form": Form.MONEY,
                "amount_fen": gift.amount_fen,
                "received_on": gift.received_on,
                "channel": gift.channel,
                "external_ref": gift.external_ref,
                "remark": gift.remark,
                "late_reason": target.late_reason,
                "entry_id": entry.id,
                "batch_id": target.batch_id,
                "content_key": gift.content_key,
                "idempotency_key": _key(target, gift),
                "content_hash": gift.content_key,
                "donor_salt": salts[offset],
                "seal_lost": False,
                "state": DocumentState.POSTED,
                "version": 1,
                "maker_id": target.maker_id,
                "made_at": made_at,
                "submitted_at": made_at,
            }
            for offset, (gift, entry) in enumerate(zip(gifts, entries, strict=True))
        ],
    )
    if target.publish_names:
        record_of_batch(session, target.batch_id)
        touch(session, (entry.id for entry in entries))
    return entries


def known_content_keys(session: Session, organisation_id: int | None, keys: Sequence[str]) -> set[str]:
    """Which of the keys belong to gifts that are in the books already (of one organisation, or of any)."""
    forms = both_forms(keys)
    query = select(Donation.content_key).where(is_any_of(session, Donation.content_key, list(forms)))
    if organisation_id is not None:
        query = query.where(Donation.organisation_id == organisation_id)
    return {forms[form] for form in session.scalars(query) if form}


def _donor_part(gift: ImportedGift) -> dict[str, object]:
    return donor_part(gift.donor_name, gift.donor_kind, anonymous=not gift.donor_name)


def _key(target: ImportTarget, gift: ImportedGift) -> str:
    return f"import:{target.batch_id}:{gift.row_no}"
