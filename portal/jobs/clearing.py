"""Take away what pieces of work made, when somebody whom the files name is to be forgotten."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.jobs.models import Job
from portal.jobs.results import forget
from portal.refusals import Sentence

CLEARED: Sentence = _l("有捐赠人要求删除个人信息，这份文件已经清除。需要时可以重新做一次。")


def clear(session: Session, kind: str, concerns: Callable[[dict[str, Any]], bool]) -> int:
    """Take away the files of jobs that concern somebody, inside the caller's transaction; return how many jobs.

    One that is under way is stopped, and lays nothing down that stays. Files go before the transaction ends: if it
    fails, they can be made again, while a file that outlived it would not be found a second time.
    """
    # Of every state: a worker that died may have left a file behind.
    candidates = session.execute(select(Job.id, Job.parameters).where(Job.kind == kind))
    found = [job_id for job_id, parameters in candidates if concerns(parameters)]
    for job_id in found:
        job = session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
        if job.live:
            job.cancel_wanted = True
        elif job.result_name:
            job.result_name, job.message = "", str(CLEARED)
        forget(job)
    return len(found)
