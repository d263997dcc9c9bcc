"""The worker's side of long lists: begin reading or posting, go on after a crash, say how far it is."""

import gc
from collections.abc import Callable

from sqlalchemy import select

from portal.db import db, writing
from portal.i18n import lazy_gettext as _l
from portal.imports import long_lists, row_posting, service
from portal.imports.models import ImportBatch, Stage
from portal.imports.target import check_target
from portal.jobs import service as jobs
from portal.jobs.models import LIVE, Job, JobState
from portal.jobs.running import Cancelled
from portal.refusals import Conflict, Refusal
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from portal.staff.scope import Scope

KIND = "import_list"
_PARTS_BETWEEN_COLLECTIONS = 20

Tell = Callable[[int], None]
"""Hears how many rows are done; it may stop the work by raising ``Cancelled``."""


def start(batch: ImportBatch, by: StaffMember) -> ImportBatch:
    """Let a worker do what a list waits for; a list that waits for nothing is left as it is.

    Raises:
        Conflict: a worker has it already.
    """
    if batch.ready:
        return batch
    if (job := job_of(batch)) is not None and job.live:
        raise Conflict(_l("这份名单已经有任务在处理，请等它完成。"))
    total = batch.accepted if batch.stage is Stage.POSTING else batch.declared_count or 0
    job = jobs.begin(KIND, {"batch": batch.id, "stage": batch.stage.value}, total, by)
    with writing() as session:
        held = session.get_one(ImportBatch, batch.id, with_for_update=True)
        held.job_id = job.id
        return held


def stop(batch: ImportBatch, by: StaffMember) -> None:
    """Stop the worker of a list.

    Raises:
        Conflict: none is at work.
    """
    job = job_of(batch)
    if job is None or not job.live:
        raise Conflict(_l("这项任务已经结束。"))
    jobs.cancel(job.id, by)
    if job.state is JobState.CANCELLED and batch.stage is Stage.READING:
        withdraw(batch.id)


def last_words(batch: ImportBatch) -> str:
    """Why the last piece of work on a list failed, if it did."""
    job = job_of(batch)
    return job.message if job is not None and job.state is JobState.FAILED else ""


def job_of(batch: ImportBatch) -> Job | None:
    """The last piece of work on a list."""
    found: Job | None = db.session.scalar(select(Job).where(Job.id == batch.job_id))
    return found


def progress_of(batch: ImportBatch) -> Job | None:
    """The piece of work that is under way; one whose worker has died is taken up again."""
    job = job_of(batch)
    if job is None or job.state not in LIVE:
        return None
    return jobs.look_after(job)


def work(job: Job, tell: Tell) -> None:
    """Do what the list of a job waits for."""
    run(job.parameters["batch"], tell)


def run(batch_id: int, tell: Tell) -> None:
    """Do what a list waits for, in this process; a list that cannot be read to its end is withdrawn.

    Raises:
        Cancelled: somebody stopped it.
        Refusal: the list cannot be read, or a rule forbids to post it.
    """
    # A part makes tens of thousands of small objects that live until its end: looking through them again and again
    # was measured to cost a seventh of the time.
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        stage = db.session.get_one(ImportBatch, batch_id, populate_existing=True).stage
        if stage is Stage.READING:
            _read(batch_id, tell)
        elif stage is Stage.POSTING:
            _post(batch_id, tell)
    finally:
        gc.enable()
        gc.unfreeze()


def _read(batch_id: int, tell: Tell) -> None:
    try:
        long_lists.read(batch_id, _collecting(tell))
    except (Cancelled, Refusal):
        withdraw(batch_id)
        raise


def withdraw(batch_id: int) -> None:
    """Withdraw a list that was not read to its end."""
    with writing() as session:
        batch = session.get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
        if batch.stage is Stage.READING:
            batch.stage, batch.state = Stage.READY, DocumentState.WITHDRAWN
            service.record(session, None, "withdrawn", batch)


def _post(batch_id: int, tell: Tell) -> None:
    tell = _collecting(tell)
    while True:
        with writing() as session:
            batch = session.get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
            if batch.stage is not Stage.POSTING:
                return
            place = check_target(session, service.target_of(batch), Scope.district())
            dealt_with = row_posting.post_part(session, batch, place)
            if not dealt_with:
                batch.stage, batch.state = Stage.READY, DocumentState.POSTED
                service.record(session, None, "posted", batch)
            done = batch.posted_through
        tell(done)
        if not dealt_with:
            return


def _collecting(tell: Tell) -> Tell:
    parts = 0

    def told(done: int) -> None:
        nonlocal parts
        parts += 1
        if parts % _PARTS_BETWEEN_COLLECTIONS == 0:
            gc.collect()
        tell(done)

    return told
