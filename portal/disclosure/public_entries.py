"""What anybody may see of an entry: never a name without consent, never a remark, never a time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from portal.beneficiaries.public_words import group_and_count, is_few, people, told
from portal.giving.models import Donation, public_donor
from portal.ledger.models import Channel, Delivery, Direction, Entry, EntryKind, Form, Transfer
from portal.registry.models import Campaign, Fund, Organisation, Project, Station, Street
from portal.spending.helped import LISTED
from portal.spending.models import Disbursement, DisbursementKind
from portal.stock.models import StockDocument


@dataclass(frozen=True)
class Named:
    """A thing of the registry an entry points at."""

    code: str
    name: str


@dataclass(frozen=True)
class PublicEntry:
    """One entry as anybody may see it: never a name without consent, never a remark, never a time of day.

    ``beneficiary_count`` is None when nobody counted, or when they are fewer than five (``few_helped``).
    """

    id: int
    entry_no: str
    index: int
    kind: EntryKind
    direction: Direction
    form: Form
    channel: Channel
    occurred_on: date
    published_at: datetime
    amount_fen: int
    organisation: Named
    fund: Named
    station: Named | None
    project: Named | None
    campaign: Named | None
    street: Named | None
    donor: str | None
    recipient: str | None
    purpose: str | None
    beneficiary_count: int | None
    payout_kind: DisbursementKind | None
    receipt_no: str | None
    reverses: str | None
    reversed_by: str | None
    reason: str
    late: bool
    late_reason: str
    agency: bool
    restriction: str
    few_helped: bool = False
    delivery: "PublicDelivery | None" = None
    to_fund: Named | None = None
    to_organisation: Named | None = None

    @property
    def to_persons(self) -> bool:
        """Whether it went to persons, who are counted in public and never named."""
        return self.payout_kind in LISTED

    @property
    def helped(self) -> str | None:
        """Who was helped, in public words: the group, and how many where it went to persons (12 名困难家庭学生)."""
        if not self.recipient or not self.to_persons:
            return self.recipient
        return group_and_count(self.recipient, self.beneficiary_count, few=self.few_helped)

    @property
    def people(self) -> str | None:
        """How many were helped, in public words; None when nobody counted."""
        counted = self.beneficiary_count is not None or self.few_helped
        return people(self.beneficiary_count, few=self.few_helped) if counted else None

    @property
    def moves(self) -> bool:
        """Whether it only moves money from one fund to another."""
        return self.to_fund is not None


@dataclass(frozen=True)
class PublicDelivery:
    """How much of a payout reached the people it is for, when the last part did, and how many they are.

    ``people`` is None when nobody counted them, or when they are fewer than five (``few``).
    """

    arrived_fen: int
    arrived_on: date | None
    people: int | None
    few: bool
    on_its_way: bool


_Original = aliased(Entry, name="original")
_Reversal = aliased(Entry, name="reversal")
_Target = aliased(Fund, name="target")
_Receiver = aliased(Organisation, name="receiver")


def load(session: Session, ids: Sequence[int]) -> list[PublicEntry]:
    """Entries by id, newest first."""
    if not ids:
        return []
    return [public(row) for row in session.execute(_PUBLIC_BY_ID, {"ids": ids})]


def public_columns() -> Select[*tuple[Any, ...]]:
    """All that ``public`` reads, of all entries, newest first."""
    # A reversal shows whose gift or which use it cancels: the document hangs on the original.
    document = func.coalesce(Entry.reverses_id, Entry.id)
    return (
        select(
            *_OWN_COLUMNS,
            Organisation.uscc,
            Organisation.name.label("organisation_name"),
            Fund.code.label("fund_code"),
            Fund.name.label("fund_name"),
            Station.code.label("station_code"),
            Station.name.label("station_name"),
            Project.code.label("project_code"),
            Project.name.label("project_name"),
            Campaign.code.label("campaign_code"),
            Campaign.name.label("campaign_name"),
            Street.code.label("street_code"),
            Street.name.label("street_name"),
            Donation.donor_name,
            Donation.publish_name,
            Donation.anonymous,
            Donation.mask_name,
            Donation.restriction_text,
            Disbursement.recipient,
            func.coalesce(Disbursement.purpose, StockDocument.reason).label("purpose"),
            Disbursement.beneficiary_count,
            Disbursement.kind.label("payout_kind"),
            Delivery,
            _Target.code.label("to_fund_code"),
            _Target.name.label("to_fund_name"),
            _Receiver.uscc.label("to_organisation_code"),
            _Receiver.name.label("to_organisation_name"),
            _Original.entry_no.label("reverses"),
            _Reversal.entry_no.label("reversed_by"),
        )
        .join(Organisation, Organisation.id == Entry.organisation_id)
        .join(Fund, Fund.id == Entry.fund_id)
        .outerjoin(Station, Station.id == Entry.station_id)
        .outerjoin(Project, Project.id == Entry.project_id)
        .outerjoin(Campaign, Campaign.id == Entry.campaign_id)
        .outerjoin(Street, Street.id == Entry.street_id)
        .outerjoin(Donation, Donation.entry_id == document)
        .outerjoin(Disbursement, Disbursement.entry_id == document)
        .outerjoin(StockDocument, StockDocument.entry_id == document)
        .outerjoin(Delivery, Delivery.entry_id == Entry.id)
        .outerjoin(Transfer, Transfer.entry_id == Entry.id)
        .outerjoin(_Target, _Target.id == Transfer.to_fund_id)
        .outerjoin(_Receiver, _Receiver.id == Transfer.to_organisation_id)
        .outerjoin(_Original, _Original.id == Entry.reverses_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .order_by(Entry.index.desc())
    )


_OWN_COLUMNS = (
    Entry.id,
    Entry.entry_no,
    Entry.index.label("place"),
    Entry.kind,
    Entry.direction,
    Entry.form,
    Entry.channel,
    Entry.occurred_on,
    Entry.posted_at,
    Entry.amount_fen,
    Entry.reverses_id,
    Entry.receipt_no,
    Entry.reason,
    Entry.late,
    Entry.late_reason,
    Entry.agency,
)
"""Columns, not the object: a page of fifty objects was measured to cost as much as its query."""
_PUBLIC_BY_ID = public_columns().where(Entry.id.in_(bindparam("ids", expanding=True)))
"""Built once: with fifteen tables, building a statement costs more than running it."""


def public(row: Any) -> PublicEntry:
    """An entry from a row of ``public_columns``."""
    return PublicEntry(
        id=row.id,
        entry_no=row.entry_no,
        index=row.place,
        kind=row.kind,
        direction=row.direction,
        form=row.form,
        channel=row.channel,
        occurred_on=row.occurred_on,
        published_at=row.posted_at,
        amount_fen=row.amount_fen,
        organisation=Named(row.uscc, row.organisation_name),
        fund=Named(row.fund_code, row.fund_name),
        station=_named(row.station_code, row.station_name),
        project=_named(row.project_code, row.project_name),
        campaign=_named(row.campaign_code, row.campaign_name),
        street=_named(row.street_code, row.street_name),
        donor=_donor(row) if row.direction is Direction.IN and row.kind is not EntryKind.SALE else None,
        recipient=row.recipient or row.to_fund_name,
        purpose=row.purpose or (row.reason if row.to_fund_code and not row.reverses_id else None),
        beneficiary_count=told(row.beneficiary_count),
        few_helped=is_few(row.beneficiary_count),
        payout_kind=row.payout_kind,
        receipt_no=row.receipt_no,
        reverses=row.reverses,
        reversed_by=row.reversed_by,
        reason=row.reason,
        late=row.late,
        late_reason=row.late_reason,
        agency=row.agency,
        restriction=row.restriction_text or "",
        delivery=_delivery(row.Delivery) if row.Delivery else None,
        to_fund=_named(row.to_fund_code, row.to_fund_name),
        to_organisation=_named(row.to_organisation_code, row.to_organisation_name),
    )


def _delivery(delivery: Delivery) -> PublicDelivery:
    return PublicDelivery(
        arrived_fen=delivery.arrived_fen,
        arrived_on=delivery.arrived_on,
        people=told(delivery.people),
        few=is_few(delivery.people),
        on_its_way=delivery.on_its_way,
    )


def _donor(row: Any) -> str:
    return public_donor(
        row.donor_name, publish_name=row.publish_name, anonymous=row.anonymous, masked=row.mask_name
    )


def _named(code: str | None, name: str | None) -> Named | None:
    return Named(code, name or "") if code else None
