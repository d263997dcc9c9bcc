"""Many acknowledgements or certificates in one PDF, made by a worker in the background."""

from portal.db import db, writing
from portal.i18n import gettext as _
from portal.jobs.models import Job
from portal.jobs.running import Progress, Result
from portal.receipts import batch, certificate_batch
from portal.reports.archive import archived
from portal.reports.papers import set_acknowledgements, set_certificates
from portal.reports.publisher import current_publisher
from portal.staff.models import StaffMember

KIND = batch.JOB_KIND
ISSUED = "issued"


def set_batch(job: Job, progress: Progress) -> Result:
    """Give the papers out, once, and set them; what was given out before a crash is not given out again."""
    ids: list[int] = job.parameters["donation_ids"]
    certificates = bool(job.parameters.get("certificates"))
    of_kind = certificate_batch if certificates else batch
    if job.step != ISSUED:
        with writing() as session:
            held = session.get_one(Job, job.id, populate_existing=True)
            of_kind.issue(session, ids, session.get_one(StaffMember, held.maker_id))
            held.step = ISSUED
    progress(0)
    # Read first: each word of progress is a transaction of its own, and a half-read list would not outlive it.
    facts = list(of_kind.papers(db.session(), ids))
    if certificates:
        document = set_certificates(facts, current_publisher(), progress)
        return Result(archived(document.content), _("捐赠证书%(count)d份.pdf", count=len(facts)))
    document = set_acknowledgements(facts, current_publisher(), progress)
    return Result(archived(document.content), _("捐赠回执%(count)d份.pdf", count=len(facts)))
