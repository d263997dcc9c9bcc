"""Putting the rows of a list right before it is reviewed: one by one, or the day of all that have none."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.giving.checks import check_day
from portal.i18n import lazy_gettext as _l
from portal.imports import counting, duplicates, row_posting
from portal.imports.models import ImportBatch, ImportRow, RowState
from portal.imports.reading import Fault, Row
from portal.imports.reading.keys import content_key, reference_key
from portal.imports.service import SUBJECT, find, target_of
from portal.imports.target import Target, campaign_problem, check_target
from portal.money import MAX_FEN
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

MOST_EQUAL = 10_000

DOUBTS = {
    fault.value for fault in (Fault.NOT_A_GIFT, Fault.PARTLY_REFUNDED, Fault.SAME_GIFT, Fault.MAYBE_SAME_GIFT)
}
"""What a person may say is not so."""


@dataclass(frozen=True)
class RowDetails:
    """What a row states, as mended by hand."""

    donor_name: str
    amount_fen: int
    received_on: date
    external_ref: str = ""
    remark: str = ""


def mend_row(batch_id: int, position: int, details: RowDetails, by: StaffMember, version: int) -> ImportRow:
    """Put a row right; it is accepted now, unless it is a duplicate.

    Raises:
        Invalid: a field breaks a rule; the errors name each.
    """
    with writing() as session:
        batch, row = _open(session, batch_id, position, by, version)
        _check(batch, details)
        row.donor_name = details.donor_name
        row.amount_fen = details.amount_fen
        row.received_on = details.received_on
        row.external_ref = details.external_ref
        row.remark = details.remark
        row.faults = []
        _accept(session, batch, row)
        _changed(session, batch, by, "mended")
        return row


def keep_row(batch_id: int, position: int, by: StaffMember, version: int) -> ImportRow:
    """Take a row after all: one that was left out, one that only looks like no gift, or an equal but second gift.

    Raises:
        Conflict: it is not complete, or its order number stands in the books already.
    """
    with writing() as session:
        batch, row = _open(session, batch_id, position, by, version)
        twin = row.state is RowState.DUPLICATE
        row.faults = [fault for fault in row.faults if fault["fault"] not in DOUBTS]
        if row.faults or not row.amount_fen or row.received_on is None:
            raise Conflict(_l("这一行还缺内容，请先补齐金额和日期再收下。"))
        if twin:
            row.content_key = _free_key(session, batch, row)
            row.state = RowState.ACCEPTED
        else:
            _accept(session, batch, row)
        _changed(session, batch, by, "mended")
        return row


def leave_out_row(batch_id: int, position: int, by: StaffMember, version: int) -> ImportRow:
    """Leave a row out of the books; it stays in the list, marked."""
    with writing() as session:
        batch, row = _open(session, batch_id, position, by, version)
        row.state = RowState.REJECTED
        _changed(session, batch, by, "mended")
        return row


def revise(batch_id: int, target: Target, by: StaffMember, version: int) -> ImportBatch:
    """Change what holds for the whole list: the day of rows without one, consent to names, the reason for lateness.

    Raises:
        Invalid: a field breaks a rule.
    """
    with writing() as session:
        batch = _open_batch(session, batch_id, by, version)
        wanted = replace(
            target_of(batch),
            dated=target.dated,
            publish_names=target.publish_names,
            late_reason=target.late_reason.strip(),
        )
        check_target(session, wanted, by.scope)
        batch_day = batch.dated
        batch.publish_names = wanted.publish_names
        batch.late_reason = wanted.late_reason
        batch.dated = wanted.dated
        if wanted.dated is not None and batch.rows > row_posting.AT_ONCE and wanted.dated != batch_day:
            raise Conflict(_l("名单太长，不能在这里补日期。请撤回后重新上传，并在上传时填写收到日期。"))
        if wanted.dated is not None:
            _give_day(session, batch, wanted.dated)
        _changed(session, batch, by, "mended")
        return batch


def _give_day(session: Session, batch: ImportBatch, day: date) -> None:
    general = {Fault.DAY_UNKNOWN.value, Fault.NAME_DAY_ONLY.value}
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.state == RowState.NEEDS_REVIEW)
        .order_by(ImportRow.position)
    ).all()
    keys = _Keys(session, batch)
    undated = [row for row in rows if row.received_on is None and _only(row, Fault.NO_DAY)]
    for row in undated:
        row.received_on = day
        row.faults = [fault for fault in row.faults if fault["fault"] != Fault.NO_DAY.value]
    for row in undated:
        row.content_key = keys.next_in_list(row)
    taken = duplicates.known_keys(
        session, [row.content_key for row in undated], batch.organisation_id, batch.id
    )
    for row in undated:
        outside = campaign_problem(batch.campaign, row.received_on, row.row_no)
        if outside:
            row.faults = [*row.faults, outside.as_json()]
        if row.content_key in taken:
            row.state = RowState.DUPLICATE
        elif not row.faults:
            row.state = RowState.ACCEPTED
    batch.notes = [note for note in batch.notes if note["fault"] not in general]


def _only(row: ImportRow, fault: Fault) -> bool:
    return any(one["fault"] == fault.value for one in row.faults)


class _Keys:
    """Keys of mended rows: equal rows of the list are numbered one after another."""

    def __init__(self, session: Session, batch: ImportBatch) -> None:
        self.batch = batch
        self.taken = set(
            session.scalars(
                select(ImportRow.content_key).where(
                    ImportRow.batch_id == batch.id, ImportRow.state != RowState.NEEDS_REVIEW
                )
            )
        )
        self.next_number: dict[str, int] = {}

    def next_in_list(self, row: ImportRow) -> str:
        """The first key of this content that no other row of the list carries."""
        plain = _plain(row)
        first = content_key(plain, self.batch.inner_channel, 1)
        number = self.next_number.get(first, 1)
        while (key := content_key(plain, self.batch.inner_channel, number)) in self.taken:
            number += 1
        self.next_number[first] = number + 1
        self.taken.add(key)
        return key


def _accept(session: Session, batch: ImportBatch, row: ImportRow) -> None:
    """Give a complete row its key anew and its state."""
    row.content_key = _key(session, batch, row)
    known = duplicates.known_keys(session, [row.content_key], batch.organisation_id, batch.id)
    row.state = RowState.DUPLICATE if known else RowState.ACCEPTED


def _key(session: Session, batch: ImportBatch, row: ImportRow) -> str:
    if len(row.external_ref) >= 6 and batch_has_references(session, batch):
        return reference_key(row.external_ref, row.amount_fen)
    plain = _plain(row)
    return next(
        key
        for number in range(1, MOST_EQUAL)
        if not _in_list(session, batch, row, key := content_key(plain, batch.inner_channel, number))
    )


def batch_has_references(session: Session, batch: ImportBatch) -> bool:
    """Whether the rows of a list are told apart by order numbers."""
    first = session.scalar(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.external_ref != "")
        .order_by(ImportRow.position)
        .limit(1)
    )
    return first is not None and first.content_key == reference_key(first.external_ref, first.amount_fen)


def _free_key(session: Session, batch: ImportBatch, row: ImportRow) -> str:
    """A key for a second equal gift: the next number that neither the list nor the books hold."""
    if row.content_key == reference_key(row.external_ref, row.amount_fen):
        raise Conflict(_l("这个单号的捐赠已经入账或在等待复核，同一单号不能记两次。"))
    plain = _plain(row)
    for number in range(2, MOST_EQUAL):
        key = content_key(plain, batch.inner_channel, number)
        if not _in_list(session, batch, row, key) and not duplicates.known_keys(
            session, [key], batch.organisation_id
        ):
            return key
    raise Conflict(_l("相同内容的捐赠太多，无法再区分。"))


def _in_list(session: Session, batch: ImportBatch, row: ImportRow, key: str) -> bool:
    """Whether another row of the list carries a key."""
    other = select(ImportRow.id).where(
        ImportRow.content_key == key,
        ImportRow.batch_id == batch.id,
        ImportRow.id != row.id,
        ImportRow.state != RowState.REJECTED,
    )
    return session.scalar(other.limit(1)) is not None


def _plain(row: ImportRow) -> Row:
    return Row(
        position=row.position,
        sheet=row.sheet,
        row_no=row.row_no,
        donor_name=row.donor_name,
        amount_fen=row.amount_fen,
        received_on=row.received_on,
        clock=row.clock,
        channel=row.channel,
        external_ref=row.external_ref,
        remark=row.remark,
    )


def _open(
    session: Session, batch_id: int, position: int, by: StaffMember, version: int
) -> tuple[ImportBatch, ImportRow]:
    batch = _open_batch(session, batch_id, by, version)
    return batch, find_row(session, batch, position)


def _open_batch(session: Session, batch_id: int, by: StaffMember, version: int) -> ImportBatch:
    batch = find(session, batch_id, by, lock=True)
    batch.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
    batch.require_version(version)
    return batch


def find_row(session: Session, batch: ImportBatch, position: int) -> ImportRow:
    """A row of a list by its position.

    Raises:
        NotFound: there is none.
    """
    row = session.scalar(
        select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.position == position)
    )
    if row is None:
        raise NotFound(_l("名单里没有这一行。"))
    return row


def _check(batch: ImportBatch, details: RowDetails) -> None:
    errors: dict[str, Sentence] = {}
    if not 0 < details.amount_fen <= MAX_FEN:
        errors["amount"] = _l("金额必须大于零，且不超过一千亿元。")
    check_day(details.received_on, "received_on", errors)
    outside = campaign_problem(batch.campaign, details.received_on, 0)
    if outside is not None and "received_on" not in errors:
        errors["received_on"] = outside.message
    for field, longest in (("donor_name", 200), ("external_ref", 120), ("remark", 2000)):
        if len(unicodedata.normalize("NFC", getattr(details, field))) > longest:
            errors[field] = _l("最多 %(longest)d 个字。", longest=longest)
    if errors:
        raise Invalid(errors)


def _changed(session: Session, batch: ImportBatch, by: StaffMember, action: str) -> None:
    session.flush()
    counting.recount(session, batch)
    batch.version += 1
    if by.id != batch.maker_id:
        batch.editor_id = by.id
    audit.record(session, staff=by, action=f"import.{action}", subject_kind=SUBJECT, subject_id=batch.id)
