"""The public ledger: which entries a filter lets through, and what the public sees of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from portal.beneficiaries.public_words import group_and_count, is_few, people, told
from portal.db import is_one_of
from portal.disclosure import word_search
from portal.disclosure.narrowing import AmountRange, few_at_all, of_form, surely_nothing, within_days
from portal.disclosure.word_search import WordQuery
from portal.giving.models import Donation, public_donor
from portal.ledger.figures import Filters, Totals, totals
from portal.ledger.models import Channel, Delivery, Direction, Entry, EntryKind, Form, Transfer
from portal.ledger.transfers import is_move
from portal.registry.models import Campaign, Fund, Organisation, Project, Station, Street
from portal.spending.helped import LISTED
from portal.spending.models import Disbursement, DisbursementKind
from portal.stock.models import StockDocument

MOST_SUMMED = 500
"""Entries found by words that are still added up."""


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


@dataclass(frozen=True)
class LedgerQuery:
    """A selection of the public ledger. Amounts in fen; ``text`` is looked for in names, purposes and numbers."""

    filters: Filters = Filters()
    least_fen: int | None = None
    most_fen: int | None = None
    text: str = ""

    @property
    def amounts(self) -> AmountRange | None:
        """The range of amounts that is asked for, if one is."""
        return AmountRange.of(self.least_fen, self.most_fen)

    @property
    def is_plain(self) -> bool:
        """Whether the kept daily totals can answer for its sums."""
        return self.least_fen is None and self.most_fen is None and not self.text

    @property
    def has_other_end(self) -> bool:
        """Whether what came by transfer stands under the fund or organisation that it left; only money is moved."""
        asked = self.filters.fund_id is not None or self.filters.organisation_id is not None
        return asked and self.filters.form in (None, Form.MONEY)


@dataclass(frozen=True)
class LedgerPage:
    """Entries, newest first, and the cursor of the next page."""

    entries: Sequence[PublicEntry]
    following: int | None


CHUNK = 1_000
"""Entries that are read at once where all of a selection is wanted."""

_Original = aliased(Entry, name="original")
_Reversal = aliased(Entry, name="reversal")
_Target = aliased(Fund, name="target")
_Receiver = aliased(Organisation, name="receiver")


@dataclass(frozen=True)
class Selected:
    """A selection in the books. What is found out of where its entries are serves its page and its sums alike."""

    session: Session
    query: LedgerQuery

    def page(self, after: int | None = None, limit: int = 50) -> LedgerPage:
        """One page; ``after`` is the index of the last entry of the page before (keyset paging)."""
        session, query = self.session, self.query
        if query.text:
            ids = word_search.newest(session, _word_query(query), limit + 1, after=after)
        else:
            found = dict(_newest(session, self._narrowed, after, limit + 1))
            if query.has_other_end:
                found |= _newest(session, _moved_in(query), after, limit + 1)
            ids = sorted(found, key=lambda id_: -found[id_])[: limit + 1]
        entries = _load(session, ids[:limit])
        return LedgerPage(entries, entries[-1].index if len(ids) > limit else None)

    def summary(self) -> Totals | None:
        """The sums: from the kept totals, or over the entries where amounts or words are asked.

        None where there are too many (``to_sum``): they are shown, and not added up one by one.
        """
        if self.query.is_plain:
            return totals(self.session, self.query.filters)
        conditions = self.to_sum()
        if conditions is None:
            return None
        count = func.sum(case((Entry.reverses_id.is_(None), 1), else_=-1))
        rows = self.session.execute(
            select(Entry.direction, Entry.form, Entry.agency, count, func.sum(Entry.amount_fen))
            .where(*conditions)
            .group_by(Entry.direction, Entry.form, Entry.agency)
        )
        result = Totals()
        for direction, form, agency, entries, amount in rows:
            result.add(direction, form, int(entries), int(amount), agency=agency)
        return result

    def to_sum(self) -> list[ColumnElement[bool]] | None:
        """What is asked of an entry that counts to the sums, where they are not kept.

        None where words find more than ``MOST_SUMMED`` entries, or where more than ``MOST_READ`` have the amount and
        as many the rest of what is asked.
        """
        session, query = self.session, self.query
        if query.text:
            ids = word_search.at_most(session, _word_query(query), MOST_SUMMED)
            return None if ids is None else [is_one_of(session, Entry.id, ids), ~is_move()]
        if query.amounts and not self._is_rare and not few_at_all(session, query.filters):
            return None
        return [*self._narrowed, ~is_move()]

    @cached_property
    def _is_rare(self) -> bool:
        return self.query.amounts is not None and self.query.amounts.is_rare(self.session)

    @cached_property
    def _narrowed(self) -> list[ColumnElement[bool]]:
        """The conditions, and what else is known of where such entries are."""
        session, query = self.session, self.query
        if surely_nothing(session, query.filters):
            return [false()]
        days = within_days(session, query.filters)
        if query.amounts is None:
            return [*_conditions(query), *days]
        others = _conditions(replace(query, least_fen=None, most_fen=None), found_otherwise=self._is_rare)
        return [*others, *days, query.amounts.condition(rare=self._is_rare)]


def page(session: Session, query: LedgerQuery, *, after: int | None = None, limit: int = 50) -> LedgerPage:
    """One page of a selection."""
    return Selected(session, query).page(after, limit)


def _newest(
    session: Session, conditions: Sequence[ColumnElement[bool]], after: int | None, limit: int
) -> dict[int, int]:
    """Ids of entries with their indexes, newest first."""
    wanted = select(Entry.id, Entry.index).where(*conditions).order_by(Entry.index.desc()).limit(limit)
    if after is not None:
        wanted = wanted.where(Entry.index < after)
    return {row.id: row[1] for row in session.execute(wanted)}


def _moved_in(query: LedgerQuery) -> list[ColumnElement[bool]]:
    """What came by transfer into the fund or organisation asked for: it stands under the fund that it left."""
    filters = query.filters
    if filters.direction is Direction.OUT:
        return [false()]
    arrived = select(Transfer.entry_id)
    if filters.fund_id is not None:
        arrived = arrived.where(Transfer.to_fund_id == filters.fund_id)
    if filters.organisation_id is not None:
        arrived = arrived.where(Transfer.to_organisation_id == filters.organisation_id)
    elsewhere = replace(query, filters=replace(filters, fund_id=None, organisation_id=None, direction=None))
    return [Entry.id.in_(arrived), *_conditions(elsewhere)]


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


def chosen(filters: Filters) -> ColumnElement[bool]:
    """The entries of a fund or organisation and so on, with what came to it by transfer, as a condition."""
    query = LedgerQuery(filters)
    own = and_(true(), *_conditions(query))
    return or_(own, and_(*_moved_in(query))) if query.has_other_end else own


def one(session: Session, entry_no: str) -> PublicEntry | None:
    """One entry by its number."""
    found = session.scalar(select(Entry.id).where(Entry.entry_no == entry_no))
    return _load(session, [found])[0] if found is not None else None


def of_ids(session: Session, ids: Sequence[int]) -> list[PublicEntry]:
    """Entries by id, newest first."""
    return _load(session, ids)


def disbursement_of(session: Session, entry: PublicEntry) -> int | None:
    """The payout that an entry posted, by id; of a reversal none."""
    return session.scalar(select(Disbursement.id).where(Disbursement.entry_id == entry.id))


def is_longer_than(session: Session, query: LedgerQuery, most: int) -> bool:
    """Whether a selection has more entries than that."""
    if query.text:
        return word_search.at_most(session, _word_query(query), most) is None
    some = select(literal(1)).select_from(Entry).where(*_conditions(query)).limit(most + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) > most


def _conditions(query: LedgerQuery, *, found_otherwise: bool = False) -> list[ColumnElement[bool]]:
    """What is asked of an entry. ``found_otherwise`` keeps the database from looking it up by fund and the like."""
    filters = query.filters
    conditions: list[ColumnElement[bool]] = []
    for name in ("organisation_id", "fund_id", "station_id", "street_id", "project_id", "campaign_id"):
        if (wanted := getattr(filters, name)) is not None:
            column = getattr(Entry, name)
            conditions.append((column + 0 if found_otherwise else column) == wanted)
    conditions += [
        getattr(Entry, name) == getattr(filters, name)
        for name in ("direction", "channel")
        if getattr(filters, name) is not None
    ]
    if filters.form is not None:
        conditions += of_form(filters.form)
    if filters.first_day is not None:
        conditions.append(Entry.occurred_on >= filters.first_day)
    if filters.last_day is not None:
        conditions.append(Entry.occurred_on <= filters.last_day)
    if query.amounts is not None:
        conditions.append(query.amounts.holds(Entry.amount_fen))
    return conditions


def _word_query(query: LedgerQuery) -> WordQuery:
    by_amount = query.least_fen is not None or query.most_fen is not None
    conditions = _conditions(query)
    if query.has_other_end:
        conditions = [or_(and_(*conditions), and_(*_moved_in(query)))]
    return WordQuery(query.text, query.filters, conditions, by_amount)


def _load(session: Session, ids: Sequence[int]) -> list[PublicEntry]:
    if not ids:
        return []
    return [_public(row) for row in session.execute(_PUBLIC_BY_ID, {"ids": ids})]


def _public_columns() -> Select[*tuple[Any, ...]]:
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
_PUBLIC_BY_ID = _public_columns().where(Entry.id.in_(bindparam("ids", expanding=True)))
"""Built once: with fifteen tables, building a statement costs more than running it."""


def _public(row: Any) -> PublicEntry:
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
