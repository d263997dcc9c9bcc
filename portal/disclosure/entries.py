"""The public ledger: which entries a filter lets through, and what the public sees of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from portal.giving.models import Donation, DonationItem, public_donor
from portal.ledger.figures import Filters, Totals, totals
from portal.ledger.models import Channel, Direction, Entry, EntryKind, Form
from portal.money import MAX_FEN
from portal.registry.models import Campaign, Fund, Organisation, Project, Station, Street
from portal.spending.models import Disbursement
from portal.stock.models import StockDocument, StockItem, StockLot, StockMovement


@dataclass(frozen=True)
class Named:
    """A thing of the registry an entry points at."""

    code: str
    name: str


@dataclass(frozen=True)
class PublicEntry:
    """One entry as anybody may see it: never a name without consent, never a remark, never a time of day."""

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
    receipt_no: str | None
    reverses: str | None
    reversed_by: str | None
    reason: str
    late: bool
    late_reason: str
    agency: bool
    restriction: str


@dataclass(frozen=True)
class PublicLine:
    """So much of a thing, in thousandths of its unit."""

    item: str
    specification: str
    unit: str
    quantity_thousandths: int


@dataclass(frozen=True)
class LedgerQuery:
    """A selection of the public ledger. Amounts in fen; ``text`` is looked for in names, purposes and numbers."""

    filters: Filters = Filters()
    least_fen: int | None = None
    most_fen: int | None = None
    text: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether the kept daily totals can answer for its sums."""
        return self.least_fen is None and self.most_fen is None and not self.text


@dataclass(frozen=True)
class LedgerPage:
    """Entries, newest first, and the cursor of the next page."""

    entries: Sequence[PublicEntry]
    following: int | None


CHUNK = 1_000
"""Entries that are read at once where all of a selection is wanted."""

_Original = aliased(Entry, name="original")
_Reversal = aliased(Entry, name="reversal")


def page(session: Session, query: LedgerQuery, *, after: int | None = None, limit: int = 50) -> LedgerPage:
    """One page of a selection; ``after`` is the index of the last entry of the page before (keyset paging)."""
    wanted = select(Entry.id).where(*_conditions(query)).order_by(Entry.index.desc()).limit(limit + 1)
    if after is not None:
        wanted = wanted.where(Entry.index < after)
    ids = list(session.scalars(wanted))
    entries = _load(session, ids[:limit])
    return LedgerPage(entries, entries[-1].index if len(ids) > limit else None)


def every(
    session: Session, query: LedgerQuery, *, after: int | None = None, most: int | None = None
) -> Iterator[PublicEntry]:
    """All entries of a selection, newest first, page by page in constant memory; ``most`` is where it ends."""
    left = most
    while left is None or left > 0:
        found = page(session, query, after=after, limit=CHUNK if left is None else min(left, CHUNK))
        yield from found.entries
        if found.following is None:
            return
        after = found.following
        left = None if left is None else left - len(found.entries)


def in_order(session: Session, begins: date, ends: date) -> Iterator[list[PublicEntry]]:
    """What happened from one day to before another, in the order of the days, in parts of ``CHUNK``."""
    place = tuple_(Entry.occurred_on, Entry.index)
    columns = _public_columns().order_by(None).order_by(*place).where(Entry.occurred_on < ends).limit(CHUNK)
    after = (begins, -1)
    while part := [_public(row) for row in session.execute(columns.where(place > after))]:
        yield part
        after = (part[-1].occurred_on, part[-1].index)


def one(session: Session, entry_no: str) -> PublicEntry | None:
    """One entry by its number."""
    found = session.scalar(select(Entry.id).where(Entry.entry_no == entry_no))
    return _load(session, [found])[0] if found is not None else None


def of_ids(session: Session, ids: Sequence[int]) -> list[PublicEntry]:
    """Entries by id, newest first."""
    return _load(session, ids)


def summary(session: Session, query: LedgerQuery) -> Totals:
    """The sums of a selection: from the kept daily totals, or over the entries where amounts or words are asked."""
    if query.is_plain:
        return totals(session, query.filters)
    count = func.sum(case((Entry.reverses_id.is_(None), 1), else_=-1))
    rows = session.execute(
        select(Entry.direction, Entry.form, Entry.agency, count, func.sum(Entry.amount_fen))
        .where(*_conditions(query))
        .group_by(Entry.direction, Entry.form, Entry.agency)
    )
    result = Totals()
    for direction, form, agency, entries, amount in rows:
        result.add(direction, form, int(entries), int(amount), agency=agency)
    return result


def items_of(session: Session, entry_id: int) -> Sequence[PublicLine]:
    """What was given, given out, sold or written off, by its entry or by the reversal of it."""
    document = (
        select(func.coalesce(Entry.reverses_id, Entry.id)).where(Entry.id == entry_id).scalar_subquery()
    )
    given = (
        select(
            DonationItem.item,
            DonationItem.specification,
            DonationItem.unit,
            DonationItem.quantity_thousandths,
        )
        .join(Donation, Donation.id == DonationItem.donation_id)
        .where(Donation.entry_id == document)
        .order_by(DonationItem.line_no)
    )
    rows = session.execute(given).all() or session.execute(
        select(
            StockItem.item,
            StockItem.specification,
            StockItem.unit,
            func.sum(StockMovement.quantity_thousandths),
        )
        .join(StockLot, StockLot.item_id == StockItem.id)
        .join(StockMovement, StockMovement.lot_id == StockLot.id)
        .where(StockMovement.entry_id == document)
        .group_by(StockItem.id)
        .order_by(func.min(StockMovement.id))
    )
    return [PublicLine(*row[:3], int(row[3])) for row in rows]


def selected(query: LedgerQuery) -> ColumnElement[bool]:
    """Whether an entry is in a selection, for sums that are not kept."""
    return and_(true(), *_conditions(query))


def _conditions(query: LedgerQuery) -> list[ColumnElement[bool]]:
    filters = query.filters
    conditions: list[ColumnElement[bool]] = [
        getattr(Entry, name) == getattr(filters, name)
        for name in (
            "organisation_id",
            "fund_id",
            "station_id",
            "street_id",
            "project_id",
            "campaign_id",
            "direction",
            "form",
            "channel",
        )
        if getattr(filters, name) is not None
    ]
    if filters.first_day is not None:
        conditions.append(Entry.occurred_on >= filters.first_day)
    if filters.last_day is not None:
        conditions.append(Entry.occurred_on <= filters.last_day)
    if query.least_fen is not None or query.most_fen is not None:
        conditions.append(_amount_condition(query.least_fen or 0, query.most_fen or MAX_FEN))
    if query.text:
        conditions.append(_text_condition(query.text))
    return conditions


def _amount_condition(least_fen: int, most_fen: int) -> ColumnElement[bool]:
    """A reversal is found with the entry it cancels, so that the sum of a selection stays right."""
    return or_(Entry.amount_fen.between(least_fen, most_fen), Entry.amount_fen.between(-most_fen, -least_fen))


def _text_condition(text: str) -> ColumnElement[bool]:
    """Only public words are searched: a search must not find by what it may not show (I21)."""
    published = Donation.publish_name & ~Donation.anonymous & ~Donation.mask_name
    by_donor = select(Donation.entry_id).where(published, Donation.donor_name.contains(text, autoescape=True))
    by_use = select(Disbursement.entry_id).where(
        or_(
            Disbursement.purpose.contains(text, autoescape=True),
            Disbursement.recipient.contains(text, autoescape=True),
        )
    )
    named = [
        column.in_(select(model.id).where(model.name.contains(text, autoescape=True)))
        for column, model in (
            (Entry.fund_id, Fund),
            (Entry.organisation_id, Organisation),
            (Entry.station_id, Station),
            (Entry.project_id, Project),
            (Entry.campaign_id, Campaign),
        )
    ]
    number = text.strip().upper()
    return or_(
        Entry.entry_no == number,
        Entry.receipt_no == number,
        Entry.id.in_(by_donor),
        Entry.id.in_(by_use),
        *named,
    )


def _load(session: Session, ids: Sequence[int]) -> list[PublicEntry]:
    if not ids:
        return []
    return [_public(row) for row in session.execute(_public_columns().where(Entry.id.in_(ids)))]


def _public_columns() -> Select[*tuple[Any, ...]]:
    # A reversal shows whose gift or which use it cancels: the document hangs on the original.
    document = func.coalesce(Entry.reverses_id, Entry.id)
    return (
        select(
            Entry,
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
        .outerjoin(_Original, _Original.id == Entry.reverses_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .order_by(Entry.index.desc())
    )


def _public(row: Any) -> PublicEntry:
    entry: Entry = row.Entry
    return PublicEntry(
        id=entry.id,
        entry_no=entry.entry_no,
        index=entry.index,
        kind=entry.kind,
        direction=entry.direction,
        form=entry.form,
        channel=entry.channel,
        occurred_on=entry.occurred_on,
        published_at=entry.posted_at,
        amount_fen=entry.amount_fen,
        organisation=Named(row.uscc, row.organisation_name),
        fund=Named(row.fund_code, row.fund_name),
        station=_named(row.station_code, row.station_name),
        project=_named(row.project_code, row.project_name),
        campaign=_named(row.campaign_code, row.campaign_name),
        street=_named(row.street_code, row.street_name),
        donor=_donor(row) if entry.direction is Direction.IN and entry.kind is not EntryKind.SALE else None,
        recipient=row.recipient,
        purpose=row.purpose,
        beneficiary_count=row.beneficiary_count,
        receipt_no=entry.receipt_no,
        reverses=row.reverses,
        reversed_by=row.reversed_by,
        reason=entry.reason,
        late=entry.late,
        late_reason=entry.late_reason,
        agency=entry.agency,
        restriction=row.restriction_text or "",
    )


def _donor(row: Any) -> str:
    return public_donor(
        row.donor_name, publish_name=row.publish_name, anonymous=row.anonymous, masked=row.mask_name
    )


def _named(code: str | None, name: str | None) -> Named | None:
    return Named(code, name or "") if code else None
