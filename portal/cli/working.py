"""The worker of a job: ``python -m portal.cli.working JOB``."""

import sys

from portal import create_app
from portal.jobs.running import limit, run
from portal.reports.paper_batch import KIND, set_batch

WORKS = {KIND: set_batch}


def main() -> None:
    """Do one job."""
    limit()
    with create_app().app_context():
        run(int(sys.argv[1]), WORKS)


if __name__ == "__main__":
    main()
