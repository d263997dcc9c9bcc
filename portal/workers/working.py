"""The worker of a job on lists and papers: ``python -m portal.workers.working JOB``."""

import sys

from portal import create_app
from portal.imports import stages
from portal.jobs.running import limit, run
from portal.reports import paper_batch

WORKS = {
    paper_batch.KIND: paper_batch.set_batch,
    stages.KIND: stages.work,
}


def main() -> None:
    """Do one job."""
    limit()
    with create_app().app_context():
        run(int(sys.argv[1]), WORKS)


if __name__ == "__main__":
    main()
