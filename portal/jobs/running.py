"""What a worker does: take a job, do it with limits, say how far it is, lay the result down."""

import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import update

from portal.db import db, writing
from portal.jobs.models import Job, JobState
from portal.jobs.results import forget, lay_down
from portal.periods import now
from portal.refusals import Refusal

MEMORY = 1_500 * 1024 * 1024
SECONDS = 900
_SAY_EVERY = 0.4


class Cancelled(Exception):
    """Somebody asked for the work to be stopped."""


@dataclass(frozen=True)
class Result:
    """What a piece of work made, and what the file is called."""

    content: bytes
    name: str


class Progress:
    """Says how far the work is, and hears whether it is to stop."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self._said = 0.0

    def __call__(self, done: int) -> None:
        """So many are done.

        Raises:
            Cancelled: somebody asked for the work to be stopped.
        """
        if time.monotonic() - self._said < _SAY_EVERY:
            return
        self._said = time.monotonic()
        with writing() as session:
            job = session.get_one(Job, self._job_id, populate_existing=True)
            job.done, job.beat_at = done, now()
            if job.cancel_wanted:
                raise Cancelled


Work = Callable[[Job, Progress], Result | None]
"""Does a job; what it makes is a file, or nothing but what it changed in the books."""


def run(job_id: int, works: Mapping[str, Work]) -> None:
    """Do one job, if it still waits."""
    if not _take(job_id):
        return
    job = db.session.get_one(Job, job_id)
    try:
        result = works[job.kind](job, Progress(job_id))
        if result is not None:
            lay_down(job, result.content)
    except Cancelled:
        _end(job_id, JobState.CANCELLED)
    except Refusal as refusal:
        _end(job_id, JobState.FAILED, message=str(refusal))
    except Exception:
        structlog.get_logger(__name__).exception("job_failed", job=job_id)
        _end(job_id, JobState.FAILED)
        raise
    else:
        _finish(job_id, result)


def limit() -> None:
    """Hold this process to so much memory and computing time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _take(job_id: int) -> bool:
    with writing() as session:
        taken = session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state == JobState.WAITING)
            .values(state=JobState.RUNNING, beat_at=now(), started_at=now(), started_done=Job.done)
        )
        return bool(getattr(taken, "rowcount", 0))


def _finish(job_id: int, result: Result | None) -> None:
    """Say that the work is done; a file that somebody asked to stop after its last word of progress is not kept."""
    with writing() as session:
        job = session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
        job.state, job.ended_at, job.done = JobState.DONE, now(), job.total
        job.result_name = result.name if result else ""
        if result is not None and job.cancel_wanted:
            job.state, job.result_name = JobState.CANCELLED, ""
            forget(job)


def _end(job_id: int, state: JobState, *, message: str = "") -> None:
    with writing() as session:
        job = session.get_one(Job, job_id, populate_existing=True)
        job.state, job.ended_at, job.message = state, now(), message
