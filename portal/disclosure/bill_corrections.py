"""What became known of a published bill later: reversals, late entries, and mended words, each with old and new value.

Nobody keeps a second list: entries are found in the ledger by the days they speak of, so none can be forgotten. The
bill itself stays as it was published; the books count each correction in the period in which it was booked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from portal.disclosure import entries as public_entries
from portal.disclosure.bill_scopes import BillScope, scope_of
from portal.disclosure.bill_sums import sides_of
from portal.disclosure.models import Bill, BillNoteCorrection
from portal.disclosure.public_entries import Named, PublicEntry
from portal.giving.models import Donation
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.models import Direction, Entry
from portal.periods import SHANGHAI, Period
from portal.reversals.models import ReversalRequest
from portal.spending.models import Disbursement
from portal.staff.models import Role, StaffMember

_Original = aliased(Entry, name="corrected")


class Figure(StrEnum):
    """Which sum of a bill a correction changes."""

    INCOME = "in"
    OUTGO = "out"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"


class CorrectionKind(StrEnum):
    """How a bill was corrected."""

    REVERSAL = "reversal"
    LATE = "late"
    NOTE = "note"


@dataclass(frozen=True)
class Correction:
    """One correction of a published bill: of a sum (fen) by an entry, or of the note in words.

    ``by`` says in which function somebody answers for it, never who.
    """

    bill_no: str
    kind: CorrectionKind
    at: datetime
    reason: str
    by: str
    figure: Figure | None = None
    old_fen: int | None = None
    new_fen: int | None = None
    old_note: str = ""
    new_note: str = ""
    entry_id: int | None = None
    entry_no: str | None = None
    reverses: str | None = None


def corrections_of(session: Session, bill: Bill) -> list[Correction]:
    """Every correction of one published bill, in the order of time."""
    scope = scope_of(bill)
    ids = _touching(session, scope, bill.days, Entry.id > bill.ledger_size)
    touching = (one for one in _load(session, ids) if not _stays_within(scope, one))
    found = sorted(touching, key=lambda one: one.index)
    roles = _makers(session, ids)
    values = {
        Figure.INCOME: bill.income_fen,
        Figure.OUTGO: bill.outgo_fen,
        Figure.MOVED_IN: bill.moved_in_fen,
        Figure.MOVED_OUT: bill.moved_out_fen,
    }
    corrections = []
    for entry in found:
        figure = _figure_of(scope, entry)
        old = values[figure]
        values[figure] = old + entry.amount_fen
        corrections.append(_of_entry(bill, entry, figure, old, roles.get(entry.id)))
    return sorted([*corrections, *notes_of(session, bill)], key=lambda one: one.at)


def notes_of(session: Session, bill: Bill) -> list[Correction]:
    """The corrections of a bill's words, in order."""
    rows = session.scalars(
        select(BillNoteCorrection)
        .where(BillNoteCorrection.bill_id == bill.id)
        .order_by(BillNoteCorrection.number)
    )
    return [
        Correction(
            bill_no=bill.bill_no,
            kind=CorrectionKind.NOTE,
            at=row.made_at,
            reason=row.reason,
            by=_(
                "%(organisation)s · %(role)s", organisation=bill.organisation.name, role=label(row.maker_role)
            ),
            old_note=row.old_note,
            new_note=row.new_note,
        )
        for row in rows
    ]


def note_of(session: Session, bill: Bill) -> str:
    """The words of a bill as they hold now."""
    newest = session.scalar(
        select(BillNoteCorrection.new_note)
        .where(BillNoteCorrection.bill_id == bill.id)
        .order_by(BillNoteCorrection.number.desc())
        .limit(1)
    )
    return bill.note if newest is None else newest


def made_in(
    session: Session, scope: BillScope, period: Period, *, size: int | None = None
) -> list[Correction]:
    """The corrections of earlier bills of the same kind that were booked in a period: its own bill counts them.

    ``size`` leaves out what came after the first so many entries of the ledger.
    """
    booked = _booked_in(session, scope, period, size)
    noted = _noted_in(session, scope, period)
    if not booked and not noted:
        return []
    earlier = [
        bill
        for bill in session.scalars(select(Bill).where(*scope.owns()).order_by(Bill.id))
        if bill.days.kind is period.kind and bill.days.last < period.first
    ]
    found: list[Correction] = []
    for bill in earlier:
        if bill.id in noted or any(_speaks_of(days, bill.days) for days in booked.values()):
            found += [
                one
                for one in corrections_of(session, bill)
                if (one.entry_id in booked if one.entry_id else _within(one.at, period))
            ]
    return sorted(found, key=lambda one: one.at)


def _booked_in(session: Session, scope: BillScope, period: Period, size: int | None) -> dict[int, list[date]]:
    """Late entries and reversals booked in a period, each with the days that it speaks of."""
    query = (
        select(Entry.id, Entry.occurred_on, _Original.occurred_on, _Original.booked_on)
        .outerjoin(_Original, _Original.id == Entry.reverses_id)
        .where(
            Entry.booked_on.between(period.first, period.last),
            or_(Entry.reverses_id.is_not(None), Entry.booked_on != Entry.occurred_on),
            Entry.agency.is_(False),
        )
    )
    if size is not None:
        query = query.where(Entry.id <= size)
    found: dict[int, list[date]] = {}
    for side in sides_of(scope):
        for id_, occurred_on, original_on, original_booked_on in session.execute(query.where(*side)):
            corrected: list[date | None] = [original_on, original_booked_on]
            found[id_] = [day for day in corrected if day is not None] or [occurred_on]
    return found


def _speaks_of(days: Iterable[date], period: Period) -> bool:
    return any(period.first <= day <= period.last for day in days)


def _noted_in(session: Session, scope: BillScope, period: Period) -> set[int]:
    """The bills of a thing whose words were mended in a period."""
    first = datetime.combine(period.first, time.min, SHANGHAI)
    end = datetime.combine(period.last, time.max, SHANGHAI)
    query = (
        select(BillNoteCorrection.bill_id)
        .join(Bill, Bill.id == BillNoteCorrection.bill_id)
        .where(*scope.owns(), BillNoteCorrection.made_at.between(first, end))
    )
    return set(session.scalars(query))


def _within(at: datetime, period: Period) -> bool:
    return period.first <= at.astimezone(SHANGHAI).date() <= period.last


def _touching(
    session: Session, scope: BillScope, period: Period, *conditions: ColumnElement[bool]
) -> set[int]:
    """Late entries and reversals that speak of days of a period."""
    days = (period.first, period.last)
    late = select(Entry.id).where(
        Entry.booked_on != Entry.occurred_on, Entry.occurred_on.between(*days), Entry.agency.is_(False)
    )
    reversals = (
        select(Entry.id)
        .join(_Original, _Original.id == Entry.reverses_id)
        .where(
            Entry.reverses_id.is_not(None),
            Entry.agency.is_(False),
            or_(_Original.booked_on.between(*days), _Original.occurred_on.between(*days)),
        )
    )
    return {
        id_
        for query in (late, reversals)
        for side in sides_of(scope)
        for id_ in session.scalars(query.where(*side, *conditions))
    }


def _load(session: Session, ids: Iterable[int]) -> list[PublicEntry]:
    wanted = sorted(ids)
    return [
        entry
        for start in range(0, len(wanted), 500)
        for entry in public_entries.of_ids(session, wanted[start : start + 500])
    ]


def _makers(session: Session, ids: Iterable[int]) -> dict[int, Role]:
    """In which function each entry was made: of who asked for the reversal, or logged the gift or payout."""
    roles: dict[int, Role] = {}
    wanted = list(ids)
    for model in (ReversalRequest, Donation, Disbursement):
        rows = session.execute(
            select(model.entry_id, StaffMember.role)
            .join(StaffMember, StaffMember.id == model.maker_id)
            .where(model.entry_id.in_(wanted))
        )
        roles |= {entry_id: role for entry_id, role in rows if entry_id is not None}
    return roles


def _ends_of(scope: BillScope, entry: PublicEntry) -> tuple[Named | None, Named | None]:
    if scope.fund is not None:
        return entry.fund, entry.to_fund
    return entry.organisation, entry.to_organisation


def _stays_within(scope: BillScope, entry: PublicEntry) -> bool:
    """Whether an entry only moves money within what the bill is of, and so changes none of its sums."""
    source, target = _ends_of(scope, entry)
    return entry.moves and source == target


def _figure_of(scope: BillScope, entry: PublicEntry) -> Figure:
    if not entry.moves:
        return Figure.INCOME if entry.direction is Direction.IN else Figure.OUTGO
    source, _target = _ends_of(scope, entry)
    return Figure.MOVED_OUT if source and source.code == scope.code else Figure.MOVED_IN


def _of_entry(bill: Bill, entry: PublicEntry, figure: Figure, old_fen: int, maker: Role | None) -> Correction:
    words = {"organisation": entry.organisation.name, "role": label(maker) if maker else ""}
    return Correction(
        bill_no=bill.bill_no,
        kind=CorrectionKind.REVERSAL if entry.reverses else CorrectionKind.LATE,
        at=entry.published_at,
        reason=entry.reason if entry.reverses else entry.late_reason,
        by=_("%(organisation)s · %(role)s登记，复核人复核", **words)
        if maker
        else _("%(organisation)s · 复核人复核", **words),
        figure=figure,
        old_fen=old_fen,
        new_fen=old_fen + entry.amount_fen,
        entry_id=entry.id,
        entry_no=entry.entry_no,
        reverses=entry.reverses,
    )
