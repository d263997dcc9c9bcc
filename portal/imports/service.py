"""A list's way into the ledger: made, submitted, reviewed, posted. Each function is one transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, insert_many, take_row, writing
from portal.files import storage
from portal.giving.details import Placement
from portal.i18n import lazy_gettext as _l
from portal.imports import counting, duplicates, goods_posting, layouts, row_posting
from portal.imports.models import ImportBatch, ImportRow, ListKind, RowState, Stage
from portal.imports.previewing import preview
from portal.imports.reading import Fault, Problem, Recognised, Row
from portal.imports.target import Target, check_target
from portal.ledger import posting
from portal.ledger.models import Channel
from portal.periods import now
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.staff.scope import Scope

SUBJECT = "import_batch"


def create_batch(content: bytes, file_name: str, target: Target, by: StaffMember) -> ImportBatch:
    """Take a list in as a draft: every row with its state, nothing in the ledger yet. The file itself is kept.

    Raises:
        UnreadableFile: the file is no list of donations.
        Invalid: the target breaks a rule, or the file holds no row.
    """
    place = check_target(db.session(), target, by.scope)
    seen = preview(
        db.session(),
        content,
        file_name,
        dated=target.dated,
        organisation_id=place.organisation.id,
        campaign=place.campaign,
        layouts=layouts.known(db.session(), place.organisation.id),
    )
    if not seen.recognised.rows:
        raise Invalid({"file": _l("文件里没有一笔可以导入的捐赠。")})
    sha256 = storage.keep("imports", content)
    with writing() as session:
        batch = new_batch(target, place, by)
        batch.file_name, batch.file_sha256, batch.file_size = file_name[-255:], sha256, len(content)
        session.add(batch)
        session.flush()
        insert_rows(session, batch, seen.recognised.rows, seen.states)
        describe(session, batch, seen.recognised)
        counting.recount(session, batch)
        record(session, by, "created", batch)
        return batch


def submit(batch_id: int, by: StaffMember, version: int) -> ImportBatch:
    """Hand a list to review, after looking for duplicates once more.

    Raises:
        Conflict: nothing in it can be posted.
        Invalid: rows lie in closed books and no reason is given.
    """
    with writing() as session:
        batch = find(session, batch_id, by, lock=True)
        batch.require_state(DocumentState.DRAFT, DocumentState.RETURNED)
        batch.require_version(version)
        if batch.kind is not ListKind.DONATIONS:
            goods_posting.look_again(session, batch)
        elif batch.rows <= row_posting.AT_ONCE:
            _look_again(session, batch)  # a long list is held against the books again as it is posted
        counting.recount(session, batch)
        if not batch.accepted:
            raise Conflict(_l("这份名单没有一行可以入账：请先改正有问题的行，或撤回这份名单。"))
        if batch.kind is ListKind.DONATIONS:
            row_posting.check_days(session, batch)
        else:
            goods_posting.check_day(session, batch)
        batch.state = DocumentState.PENDING
        batch.submitted_at = now()
        record(session, by, "submitted", batch)
        return batch


def withdraw(batch_id: int, by: StaffMember, version: int) -> ImportBatch:
    """Take back a list that is not in the ledger; it stays visible as withdrawn."""
    with writing() as session:
        batch = find(session, batch_id, by, lock=True)
        if batch.stage is Stage.READING:
            batch.stage = Stage.READY
        batch.require_state(DocumentState.DRAFT, DocumentState.RETURNED, DocumentState.PENDING)
        batch.require_version(version)
        batch.state = DocumentState.WITHDRAWN
        record(session, by, "withdrawn", batch)
        return batch


def approve(batch_id: int, by: StaffMember, version: int) -> ImportBatch:
    """Approve a list as shown: all its accepted rows stand in the public ledger at once, or none does.

    A long list is only marked: a worker then posts it part by part (``stages.py``).

    Raises:
        Forbidden: the reviewer had a hand in it.
        Conflict: it was decided already, was changed since, or some of its rows came into the books another way;
            those are then marked as duplicates and the list is to be looked at again.
        Invalid: a rule of the counter or of the ledger says no.
    """
    try:
        with writing() as session:
            batch = find(session, batch_id, by, lock=True)
            batch.require_state(DocumentState.PENDING)
            batch.require_version(version)
            _decide(session, batch, by, Decision.APPROVED)
            posting.lock(session)
            place = check_target(session, target_of(batch), Scope.district())
            if batch.kind is ListKind.DONATIONS and batch.accepted > row_posting.AT_ONCE:
                row_posting.check_days(session, batch)
                batch.stage = Stage.POSTING
                record(session, by, "approved", batch)
                return batch
            if batch.kind is ListKind.DONATIONS:
                row_posting.post_all(session, batch, place)
            else:
                goods_posting.post(session, batch, place)
            batch.state = DocumentState.POSTED
            record(session, by, "approved", batch)
            return batch
    except row_posting.KnownMeanwhileError as problem:
        _mark_known(batch_id, problem.keys)
        raise Conflict(
            _l(
                "在等待复核期间，有 %(count)d 行已由别的名单或登记入账，现已标为重复，账上没有变化。请刷新后重新核对。",
                count=len(problem.keys),
            )
        ) from None


def return_to_maker(batch_id: int, by: StaffMember, version: int, reason: str) -> ImportBatch:
    """Send a list back to be mended, with a reason."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明退回的原因，登记人才知道怎么改。")})
    with writing() as session:
        batch = find(session, batch_id, by, lock=True)
        batch.require_state(DocumentState.PENDING)
        batch.require_version(version)
        _decide(session, batch, by, Decision.RETURNED, reason.strip())
        batch.state = DocumentState.RETURNED
        record(session, by, "returned", batch)
        return batch


def find(session: Session, batch_id: int, by: StaffMember, *, lock: bool = False) -> ImportBatch:
    """A list within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    batch = take_row(session, ImportBatch, batch_id, lock=lock)
    if batch is None or not by.scope.permits(batch.organisation_id, batch.station_id):
        raise NotFound(_l("没有找到这份名单。"))
    return batch


def target_of(batch: ImportBatch) -> Target:
    """Where a batch goes, in the registry's codes."""
    return Target(
        fund=batch.fund.code,
        organisation=batch.organisation.uscc,
        station=batch.station.code if batch.station else "",
        campaign=batch.campaign.code if batch.campaign else "",
        dated=batch.dated,
        publish_names=batch.publish_names,
        late_reason=batch.late_reason,
    )


def row_problems(session: Session, batch: ImportBatch, limit: int = 1000) -> list[Problem]:
    """What is wrong with single rows, in order; what was said of the whole list is not said again."""
    if batch.kind is not ListKind.DONATIONS:
        return goods_posting.row_problems(session, batch, limit)
    general = {problem.fault for problem in batch.problems}
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.state == RowState.NEEDS_REVIEW)
        .order_by(ImportRow.position)
        .limit(limit)
    )
    hidden = {Fault.NO_DAY} if general & {Fault.DAY_UNKNOWN, Fault.NAME_DAY_ONLY} else set()
    return [problem for row in rows for problem in row.problems if problem.fault not in hidden]


def new_batch(target: Target, place: Placement, by: StaffMember) -> ImportBatch:
    """An empty batch for a target; what its file says is still to be told (``describe``)."""
    return ImportBatch(
        organisation_id=place.organisation.id,
        fund_id=place.fund.id,
        station_id=place.station.id if place.station else None,
        campaign_id=place.campaign.id if place.campaign else None,
        dated=target.dated,
        publish_names=target.publish_names,
        late_reason=target.late_reason.strip(),
        channel=Channel.OTHER,
        fingerprint="",
        notes=[],
        rows=0,
        accepted=0,
        duplicates=0,
        rejected=0,
        needs_review=0,
        total_fen=0,
        accepted_fen=0,
        state=DocumentState.DRAFT,
        version=1,
        maker_id=by.id,
        made_at=now(),
    )


def describe(session: Session, batch: ImportBatch, found: Recognised) -> None:
    """Put down what a list says of itself, once its rows are in."""
    batch.title = found.title
    batch.encoding = found.encoding
    batch.channel = found.channel
    batch.inner_channel = found.inner_channel[:60]
    batch.fingerprint = found.fingerprint
    batch.declared_total_fen = found.declared_total_fen
    batch.declared_count = found.declared_count
    again = duplicates.same_list(session, batch)
    same = [Problem(Fault.SAME_LIST, value=str(again))] if again is not None else []
    batch.notes = [problem.as_json() for problem in (*found.problems, *same)]


def insert_rows(
    session: Session, batch: ImportBatch, rows: Sequence[Row], states: Sequence[RowState]
) -> None:
    """Put rows in, each with its state."""
    insert_many(
        session,
        ImportRow,
        [_row_values(batch.id, row, state) for row, state in zip(rows, states, strict=True)],
    )


def _row_values(batch_id: int, row: Row, state: RowState) -> dict[str, Any]:
    return {
        "batch_id": batch_id,
        "position": row.position,
        "sheet": row.sheet[:60],
        "row_no": row.row_no,
        "donor_name": row.donor_name,
        "amount_fen": row.amount_fen,
        "received_on": row.received_on,
        "clock": row.clock[:20],
        "channel": row.channel,
        "external_ref": row.external_ref,
        "remark": row.remark,
        "content_key": row.content_key,
        "state": state,
        "faults": [problem.as_json() for problem in row.problems],
    }


def _look_again(session: Session, batch: ImportBatch) -> None:
    """Find duplicates anew: other lists may have been posted or withdrawn since."""
    rows = session.scalars(
        select(ImportRow)
        .where(ImportRow.batch_id == batch.id, ImportRow.state != RowState.REJECTED)
        .order_by(ImportRow.position)
    ).all()
    keys = [row.content_key for row in rows]
    taken = duplicates.known_keys(session, keys, batch.organisation_id, before=batch.id)
    for row in rows:
        if row.content_key in taken or any(one.fault is Fault.SAME_GIFT for one in row.problems):
            state = RowState.DUPLICATE
        else:
            state = RowState.NEEDS_REVIEW if row.faults else RowState.ACCEPTED
        taken.add(row.content_key)
        if row.state is not state:
            row.state = state
    session.flush()


def _mark_known(batch_id: int, keys: set[str]) -> None:
    """Mark what came into the books another way: the reviewer saw another list, so it has a new version."""
    with writing() as session:
        batch = session.get_one(ImportBatch, batch_id, with_for_update=True)
        row_posting.mark_known(session, batch, keys)
        batch.version += 1
        if not batch.accepted:
            batch.state = DocumentState.RETURNED
        audit.record(session, staff=None, action="import.mended", subject_kind=SUBJECT, subject_id=batch_id)


def _decide(
    session: Session, batch: ImportBatch, by: StaffMember, decision: Decision, reason: str = ""
) -> None:
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=batch.id,
        version=batch.version,
        makers=batch.makers,
        checker=by,
        decision=decision,
        reason=reason,
    )


def record(session: Session, by: StaffMember | None, action: str, batch: ImportBatch) -> None:
    """Note in the audit trail what became of a list."""
    audit.record(
        session,
        staff=by,
        action=f"import.{action}",
        subject_kind=SUBJECT,
        subject_id=batch.id,
        detail={"rows": batch.rows, "accepted": batch.accepted, "accepted_fen": batch.accepted_fen},
    )
