"""Long lists: taken in at once, read by a worker part by part, each part for good."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.files import storage
from portal.i18n import lazy_gettext as _l
from portal.imports import counting, layouts, service
from portal.imports.models import ImportBatch, RowState, Stage
from portal.imports.previewing import states_of
from portal.imports.reading import Row, recognise
from portal.imports.reading.long_lists import beginning_of, opened
from portal.imports.target import Target, check_target
from portal.jobs.running import Cancelled
from portal.periods import today
from portal.refusals import NotFound
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

ROOM = "imports"
FILE_IS_GONE = _l("没有找到这个文件，请重新上传。")
_SPARE = 3
"""Lines above and below a list that are no gifts."""


def begin(stream: BinaryIO, file_name: str, target: Target, by: StaffMember) -> ImportBatch:
    """Take a long list in as a draft that is still to be read (``stages.py``).

    Raises:
        UnreadableFile: its beginning is no list of donations.
        Invalid: the target breaks a rule.
    """
    return begin_kept(storage.keep_stream(ROOM, stream), file_name, target, by)


def begin_kept(sha256: str, file_name: str, target: Target, by: StaffMember) -> ImportBatch:
    """The same for a file that was kept before."""
    place = check_target(db.session(), target, by.scope)
    path = _path(sha256)
    known = layouts.known(db.session(), place.organisation.id)
    recognise(beginning_of(path), file_name, today=today(), dated=target.dated, layouts=known)
    with opened(path, file_name, today=today(), dated=target.dated, layouts=known) as found:
        lines = found.lines
    with writing() as session:
        batch = service.new_batch(target, place, by)
        batch.file_name, batch.file_sha256 = file_name[-255:], sha256
        batch.file_size = path.stat().st_size
        batch.declared_count = max(1, lines - _SPARE)
        batch.stage = Stage.READING
        session.add(batch)
        session.flush()
        service.record(session, by, "created", batch)
        return batch


def read(batch_id: int, tell: Callable[[int], None]) -> None:
    """Read a list that is still to be read; what was read before is not read in again.

    Raises:
        Cancelled: somebody stopped it, or withdrew the list.
        UnreadableFile: it breaks off somewhere, or holds no gift.
    """
    batch = db.session.get_one(ImportBatch, batch_id, populate_existing=True)
    known = layouts.known(db.session(), batch.organisation_id)
    path, name, dated, day = _path(batch.file_sha256), batch.file_name, batch.dated, today()
    with opened(path, name, today=day, dated=dated, layouts=known) as found:
        for rows in found.parts():
            with writing() as session:
                done = _take(session, _held(session, batch_id), rows, statement=found.statement)
            tell(done)
        with writing() as session:
            held = _held(session, batch_id)
            service.describe(session, held, found.summary())
            counting.recount(session, held)
            held.stage = Stage.READY


def _take(session: Session, batch: ImportBatch, rows: list[Row], *, statement: bool) -> int:
    """Put the rows in that are not in yet; return how many there are now."""
    fresh = [row for row in rows if row.position > batch.rows]
    states = states_of(
        session,
        fresh,
        organisation_id=batch.organisation_id,
        campaign=batch.campaign,
        statement=statement,
    )
    service.insert_rows(session, batch, fresh, states)
    batch.rows += len(fresh)
    batch.accepted += states.count(RowState.ACCEPTED)
    batch.duplicates += states.count(RowState.DUPLICATE)
    batch.needs_review += states.count(RowState.NEEDS_REVIEW)
    return batch.rows


def _held(session: Session, batch_id: int) -> ImportBatch:
    batch = session.get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch.stage is not Stage.READING or batch.state is not DocumentState.DRAFT:
        raise Cancelled
    return batch


def _path(sha256: str) -> Path:
    path = storage.path_of(ROOM, sha256)
    if path is None:
        raise NotFound(FILE_IS_GONE)
    return path
