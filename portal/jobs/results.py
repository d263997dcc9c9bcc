"""What pieces of work made, as files in the storage folder."""

import os
from pathlib import Path

from flask import current_app

from portal.config import Settings
from portal.i18n import lazy_gettext as _l
from portal.jobs.models import Job, JobState
from portal.refusals import Conflict


def lay_down(job: Job, content: bytes) -> None:
    """Keep the result of a piece of work, whole or not at all."""
    path = _path(job)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def result_of(job: Job) -> bytes:
    """What a piece of work made.

    Raises:
        Conflict: it is not done, or the file is gone.
    """
    path = _path(job)
    if job.state is not JobState.DONE or not path.is_file():
        raise Conflict(_l("这项任务还没有做好，或者文件已经清理，请重新做一次。"))
    return path.read_bytes()


def forget(job: Job) -> None:
    """Delete what a piece of work made, and what it was about to lay down."""
    path = _path(job)
    path.unlink(missing_ok=True)
    path.with_suffix(".new").unlink(missing_ok=True)


def _path(job: Job) -> Path:
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    return Path(settings.storage_dir) / "jobs" / f"{job.id}.result"
