"""The register of fiscal receipts: what lacks one, asking for them, taking the answer in, waiving (E26)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from portal.db import take_turn, writing
from portal.donors import vault
from portal.giving.models import Donation
from portal.giving.service import find as find_donation
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Entry
from portal.periods import now, today
from portal.receipts.fiscal_models import FiscalReceipt, FiscalState, FiscalWaiver
from portal.receipts.fiscal_platform import FiscalAnswer, FiscalPlatform, FiscalRequest
from portal.refusals import Conflict, Invalid, Sentence
from portal.staff import audit
from portal.staff.models import StaffMember

SUBJECT = "fiscal_receipt"
PAGE = 50
MOST = 5_000
WORKING_DAYS = 5
"""Within so many working days of the gift its receipt should be there (the platforms' practice; RC-12)."""


@dataclass(frozen=True)
class Lacking:
    """A gift without a (whole) receipt, how long it has waited, and what is still to be receipted."""

    donation: Donation
    open_fen: int
    working_days: int

    @property
    def overdue(self) -> bool:
        """Whether it has waited too long."""
        return self.working_days > WORKING_DAYS


@dataclass(frozen=True)
class TakenIn:
    """What an answer brought: receipts entered, cancelled, and such as were known already."""

    issued: int
    reversed: int
    known: int


def state_of(session: Session, donation: Donation) -> FiscalState:
    """How a gift stands with its fiscal receipt."""
    receipts = _receipts(session, donation.id)
    if sum(one.amount_fen for one in receipts if not one.red_number) >= donation.amount_fen > 0:
        return FiscalState.ISSUED
    if donation.anonymous or not donation.donor_name:
        return FiscalState.ANONYMOUS
    if session.get(FiscalWaiver, donation.id) is not None:
        return FiscalState.WAIVED
    if donation.amount_fen == 0:
        return FiscalState.VALUE_PENDING
    return FiscalState.RED_REVERSED if any(one.red_number for one in receipts) else FiscalState.OPEN


def lacking(
    session: Session, by: StaffMember, *, after: int | None = None, limit: int = PAGE
) -> list[Lacking]:
    """Gifts that lack a receipt, the oldest first; ``after`` is the id of the last of the page before."""
    live = _live_sum()
    query = (
        _open(select(Donation, live), by, live)
        .options(joinedload(Donation.fund), joinedload(Donation.organisation))
        .order_by(Donation.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(Donation.id > after)
    return [
        Lacking(
            row[0], row[0].amount_fen - int(row[1] or 0), working_days_between(row[0].received_on, today())
        )
        for row in session.execute(query)
    ]


def count_lacking(session: Session, by: StaffMember) -> int:
    """How many gifts lack a receipt."""
    return session.scalar(_open(select(func.count(Donation.id)), by, _live_sum())) or 0


def to_be_reversed(session: Session, by: StaffMember) -> Sequence[FiscalReceipt]:
    """Receipts whose gift was reversed in the books: the platform has to cancel them by red ones (RC-07)."""
    reversal = aliased(Entry)
    query = (
        select(FiscalReceipt)
        .join(Donation, Donation.id == FiscalReceipt.donation_id)
        .join(reversal, reversal.reverses_id == Donation.entry_id)
        .where(FiscalReceipt.red_number == "")
        .order_by(FiscalReceipt.id)
        .limit(PAGE)
    )
    return session.scalars(_within(query, by)).all()


def export(session: Session, by: StaffMember, platform: FiscalPlatform) -> bytes:
    """A batch for the platform of everything that lacks a receipt."""
    return platform.export(
        [
            FiscalRequest(
                one.donation.donation_no,
                one.donation.donor_name,
                "",
                one.donation.organisation.name,
                one.donation.fund.name,
                one.open_fen,
                one.donation.received_on,
                str(label(one.donation.form)),
            )
            for one in lacking(session, by, limit=MOST)
        ]
    )


def take_in(content: bytes, by: StaffMember, platform: FiscalPlatform) -> TakenIn:
    """Take the platform's answer in: all of it, or nothing. The same answer again changes nothing.

    Raises:
        Invalid: a row cannot be read, names a gift that is not there, or receipts would exceed the gift.
    """
    answers = platform.read_answer(content)
    errors: dict[str, Sentence] = {}
    counts = {"issued": 0, "reversed": 0, "known": 0}
    with writing() as session:
        take_turn(session, "fiscal-receipts")
        for answer in answers:
            counts[_enter(session, answer, by, errors)] += 1
            session.flush()
        if errors:
            raise Invalid(errors)
        audit.record(session, staff=by, action="fiscal_receipt.taken_in", subject_kind=SUBJECT, detail=counts)
    return TakenIn(**counts)


def waive(donation_id: int, by: StaffMember, reason: str) -> FiscalWaiver:
    """Record that the donor wants no receipt.

    Raises:
        NotFound: there is no such gift, or none for this person.
        Conflict: it has a receipt, or was waived before.
        Invalid: it is not said how the donor said so.
    """
    with writing() as session:
        donation = find_donation(session, donation_id, by, lock=True)
        if not 2 <= len(reason.strip()) <= 200:
            raise Invalid({"reason": _l("请写明捐赠人怎样表示不要票据（2 至 200 字）。")})
        if state_of(session, donation) in (FiscalState.ISSUED, FiscalState.WAIVED):
            raise Conflict(_l("这笔捐赠已经开过票据，或者已经登记不要票据。"))
        waiver = FiscalWaiver(donation_id=donation.id, reason=reason.strip(), made_at=now(), made_by_id=by.id)
        session.add(waiver)
        audit.record(
            session, staff=by, action="fiscal_receipt.waived", subject_kind="donation", subject_id=donation.id
        )
        return waiver


def working_days_between(first: date, last: date) -> int:
    """Days from Monday to Friday after ``first``, up to and with ``last``."""
    days = (last - first).days
    return sum((first + timedelta(days=one)).weekday() < 5 for one in range(1, min(days, 3_650) + 1))


def of_donation(session: Session, donation: Donation) -> Sequence[FiscalReceipt]:
    """The receipts of a gift."""
    return _receipts(session, donation.id)


def _enter(session: Session, answer: FiscalAnswer, by: StaffMember, errors: dict[str, Sentence]) -> str:
    field = f"row-{answer.row}"
    known: FiscalReceipt | None = session.scalar(
        select(FiscalReceipt).where(
            FiscalReceipt.code == answer.code,
            FiscalReceipt.number == (answer.cancels if answer.red else answer.number),
        )
    )
    if answer.red:
        if known is None:
            errors[field] = _l(
                "第 %(row)d 行红冲的原票据 %(number)s 没有登记过。", row=answer.row, number=answer.cancels
            )
        elif known.red_number not in ("", answer.number) or known.amount_fen != answer.amount_fen:
            errors[field] = _l("第 %(row)d 行与已登记的红冲或原票据金额不符。", row=answer.row)
        elif known.red_number:
            return "known"
        else:
            known.red_number, known.red_on = answer.number, answer.issued_on
        return "reversed"
    check = vault.digest(f"fiscal:{answer.code}:{answer.number}:{answer.check_code.upper()}")
    if known is not None:
        same = (known.amount_fen, known.check_digest) == (answer.amount_fen, check)
        if not same or known.donation.donation_no != answer.donation_no:
            errors[field] = _l("第 %(row)d 行的票据已登记过，但金额、校验码或捐赠不同。", row=answer.row)
        return "known"
    donation: Donation | None = session.scalar(
        select(Donation).where(Donation.donation_no == answer.donation_no)
    )
    if donation is None or not by.scope.permits(donation.organisation_id, donation.station_id):
        errors[field] = _l("第 %(row)d 行的业务单号 %(no)s 不存在。", row=answer.row, no=answer.donation_no)
        return "issued"
    live = sum(one.amount_fen for one in _receipts(session, donation.id) if not one.red_number)
    if donation.entry_id is None or live + answer.amount_fen > donation.amount_fen:
        errors[field] = _l(
            "第 %(row)d 行：票据金额合计会超过捐赠 %(no)s 的金额。", row=answer.row, no=answer.donation_no
        )
        return "issued"
    session.add(
        FiscalReceipt(
            donation_id=donation.id,
            code=answer.code,
            number=answer.number,
            check_digest=check,
            amount_fen=answer.amount_fen,
            issued_on=answer.issued_on,
            entered_at=now(),
            entered_by_id=by.id,
        )
    )
    return "issued"


def _receipts(session: Session, donation_id: int) -> Sequence[FiscalReceipt]:
    return session.scalars(
        select(FiscalReceipt).where(FiscalReceipt.donation_id == donation_id).order_by(FiscalReceipt.id)
    ).all()


def _live_sum() -> ColumnElement[int]:
    return (
        select(func.coalesce(func.sum(FiscalReceipt.amount_fen), 0))
        .where(FiscalReceipt.donation_id == Donation.id, FiscalReceipt.red_number == "")
        .correlate(Donation)
        .scalar_subquery()
    )


def _open(
    query: Select[*tuple[Any, ...]], by: StaffMember, live: ColumnElement[int]
) -> Select[*tuple[Any, ...]]:
    reversal = aliased(Entry)
    waived = select(FiscalWaiver.donation_id).where(FiscalWaiver.donation_id == Donation.id).exists()
    cancelled = select(reversal.id).where(reversal.reverses_id == Donation.entry_id).exists()
    return _within(query, by).where(
        Donation.entry_id.is_not(None),
        Donation.anonymous.is_(False),
        Donation.agency.is_(False),
        Donation.donor_name != "",
        Donation.amount_fen > live,
        ~waived,
        ~cancelled,
    )


def _within(query: Select[*tuple[Any, ...]], by: StaffMember) -> Select[*tuple[Any, ...]]:
    if by.scope.organisation_id is not None:
        query = query.where(Donation.organisation_id == by.scope.organisation_id)
    if by.scope.station_id is not None:
        query = query.where(Donation.station_id == by.scope.station_id)
    return query
