"""Begin a piece of work, look after it, cancel it. The work itself runs in a process of its own (``starting.py``)."""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import take_row, take_turn, writing
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.jobs import starting
from portal.jobs.models import LIVE, Job, JobState
from portal.periods import now
from portal.refusals import Conflict, NotFound
from portal.staff import audit
from portal.staff.models import StaffMember

SUBJECT = "job"
SILENT_AFTER = timedelta(seconds=45)
"""A worker that was not heard of for so long is taken for dead."""
MOST_ATTEMPTS = 3
PAGE = 30
MINUTE = 60


def begin(kind: str, parameters: dict[str, Any], total: int, by: StaffMember) -> Job:
    """Begin a piece of work; while an equal one is under way, that one is the answer."""
    stated = json.dumps([kind, by.organisation_id, by.station_id, parameters], sort_keys=True)
    key = hashlib.sha256(stated.encode()).hexdigest()
    with writing() as session:
        take_turn(session, f"job:{key}")
        job: Job | None = session.scalar(select(Job).where(Job.content_key == key, Job.state.in_(LIVE)))
        if job is not None:
            return job
        job = Job(
            kind=kind,
            content_key=key,
            state=JobState.WAITING,
            organisation_id=by.organisation_id,
            station_id=by.station_id,
            maker_id=by.id,
            parameters=parameters,
            total=total,
            made_at=now(),
            beat_at=now(),
        )
        session.add(job)
        session.flush()
        audit.record(session, staff=by, action="job.begun", subject_kind=SUBJECT, subject_id=job.id)
    starting.start(job.id, job.kind)
    return job


def look_after(job: Job) -> Job:
    """Take a piece of work up again if its worker has died; after the third time say that it failed."""
    if not job.live or (job.beat_at is not None and now() - job.beat_at < SILENT_AFTER):
        return job
    with writing() as session:
        held = session.get_one(Job, job.id, with_for_update=True, populate_existing=True)
        if not held.live or (held.beat_at is not None and now() - held.beat_at < SILENT_AFTER):
            return held
        held.attempts += 1
        held.beat_at = now()
        if held.cancel_wanted:
            held.state, held.ended_at = JobState.CANCELLED, now()
            return held
        if held.attempts >= MOST_ATTEMPTS:
            held.state, held.ended_at = JobState.FAILED, now()
            held.message = str(_l("试了三次都中断了，请稍后再试，或联系管理员。"))
            return held
        held.state = JobState.WAITING
    starting.start(job.id, job.kind)
    return held


def cancel(job_id: int, by: StaffMember) -> Job:
    """Ask for a piece of work to be stopped; it stops within a moment.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: it has ended already.
    """
    with writing() as session:
        job = find(session, job_id, by, lock=True)
        if not job.live:
            raise Conflict(_l("这项任务已经结束。"))
        job.cancel_wanted = True
        if job.state is JobState.WAITING:
            job.state, job.ended_at = JobState.CANCELLED, now()
        audit.record(session, staff=by, action="job.cancelled", subject_kind=SUBJECT, subject_id=job.id)
        return job


def find(session: Session, job_id: int, by: StaffMember, *, lock: bool = False) -> Job:
    """A piece of work within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    job = take_row(session, Job, job_id, lock=lock)
    if job is None or not by.scope.permits(job.organisation_id, job.station_id):
        raise NotFound(_l("没有找到这项任务。"))
    return job


def words_of(job: Job) -> str:
    """How far a piece of work is, in words."""
    done = _("已完成 %(done)s / %(total)s", done=f"{job.done:,}", total=f"{job.total:,}")
    left = job.seconds_left
    if left is None:
        return done
    if left < MINUTE:
        return _("%(done)s，大约还要 %(seconds)d 秒", done=done, seconds=left)
    return _("%(done)s，大约还要 %(minutes)d 分钟", done=done, minutes=-(-left // MINUTE))


def page(session: Session, by: StaffMember) -> Sequence[Job]:
    """The newest pieces of work within reach."""
    query = select(Job).order_by(Job.id.desc()).limit(PAGE)
    if by.scope.organisation_id is not None:
        query = query.where(Job.organisation_id == by.scope.organisation_id)
    if by.scope.station_id is not None:
        query = query.where(Job.station_id == by.scope.station_id)
    return session.scalars(query).all()
