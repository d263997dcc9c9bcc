"""The worker of a report, for which there is no need of the site: ``python -m portal.workers.reporting JOB``."""

import sys

from portal.foundation import lay_foundation
from portal.jobs.models import Job
from portal.jobs.running import Progress, limit, run
from portal.reports import job as report_job
from portal.reports.confinement import confine


def make_report(job: Job, progress: Progress) -> None:
    """Make a report, out of reach of the network."""
    confine()
    report_job.work(job, progress)


WORKS = {report_job.KIND: make_report}


def main() -> None:
    """Do one job."""
    limit()
    with lay_foundation().app_context():
        run(int(sys.argv[1]), WORKS)


if __name__ == "__main__":
    main()
