"""Gifts of goods from an approved list: the same entries, seals and lots as at the counter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from portal.donors.models import DonorKind
from portal.giving.consent_records import record_of_batch
from portal.giving.details import Placement
from portal.giving.entries import entries_of
from portal.giving.items import ItemDetails, rows_of
from portal.giving.models import Donation
from portal.giving.numbers import take_numbers
from portal.giving.storing import store
from portal.identifiers import document_no
from portal.ledger import posting
from portal.ledger.models import Channel, Form
from portal.periods import now, today
from portal.staff.documents import DocumentState
from portal.translog.canonical import new_salt


@dataclass(frozen=True)
class GoodsGift:
    """What one donor brought."""

    donor_name: str
    donor_kind: DonorKind
    lines: tuple[ItemDetails, ...]


class Batch(Protocol):
    """What a list says of all its gifts."""

    id: int
    dated: date | None
    publish_names: bool
    late_reason: str

    @property
    def maker_id(self) -> int:
        """Who brought it in."""


def post_goods(session: Session, batch: Batch, place: Placement, gifts: Sequence[GoodsGift]) -> None:
    """Post all gifts of a list inside the caller's transaction, and lay the goods down."""
    year = today().year
    first = take_numbers(session, year, len(gifts))
    for offset, gift in enumerate(gifts):
        donation = _donation(batch, place, gift, document_no("D", year, first + offset), offset)
        session.add(donation)
        session.flush()
        [posted] = posting.post_all(session, entries_of(donation))
        donation.entry_id, donation.state = posted.id, DocumentState.POSTED
        session.flush()
        store(session, donation, posted.entry_no)
    if batch.publish_names:
        record_of_batch(session, batch.id)


def _donation(batch: Batch, place: Placement, gift: GoodsGift, number: str, offset: int) -> Donation:
    assert batch.dated is not None  # noqa: S101 - a list of goods has its day from the beginning
    made_at = now()
    return Donation(
        donation_no=number,
        organisation_id=place.organisation.id,
        organisation=place.organisation,
        fund_id=place.fund.id,
        fund=place.fund,
        station_id=place.station.id if place.station else None,
        station=place.station,
        campaign_id=place.campaign.id if place.campaign else None,
        donor_name=gift.donor_name,
        donor_kind=gift.donor_kind,
        anonymous=not gift.donor_name,
        publish_name=batch.publish_names and bool(gift.donor_name),
        form=Form.GOODS,
        amount_fen=sum(one.value_fen or 0 for one in gift.lines),
        received_on=batch.dated,
        channel=Channel.IN_KIND,
        late_reason=batch.late_reason,
        batch_id=batch.id,
        idempotency_key=f"import:{batch.id}:{offset + 1}",
        content_hash=f"import:{batch.id}:{offset + 1}",
        donor_salt=new_salt(),
        goods_salt=new_salt(),
        items=rows_of(gift.lines),
        state=DocumentState.DRAFT,
        maker_id=batch.maker_id,
        made_at=made_at,
        submitted_at=made_at,
    )
