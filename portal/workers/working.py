"""The worker of a job: ``python -m portal.cli.working JOB``."""

import sys

from portal import create_app
from portal.imports import stages
from portal.jobs.models import Job
from portal.jobs.running import Progress, limit, run
from portal.reports import job as report_job
from portal.reports import paper_batch
from portal.reports.confinement import confine


def make_report(job: Job, progress: Progress) -> None:
    """Make a report, out of reach of the network."""
    confine()
    report_job.work(job, progress)


WORKS = {
    paper_batch.KIND: paper_batch.set_batch,
    stages.KIND: stages.work,
    report_job.KIND: make_report,
}


def main() -> None:
    """Do one job."""
    limit()
    with create_app().app_context():
        run(int(sys.argv[1]), WORKS)


if __name__ == "__main__":
    main()
