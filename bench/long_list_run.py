"""One long list from file to ledger, in a process of its own so that its memory can be told: its stages in seconds.

``python -m bench.long_list_run DATABASE_URL FOLDER FILE`` prints one JSON object.
"""

import json
import resource
import sys
from pathlib import Path

from bench.measuring import seconds
from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.imports import service, stages
from portal.imports.models import ImportBatch
from portal.imports.taking import take_in_donations
from portal.imports.target import Target
from tests import factories, people


def main() -> None:
    """Take in, read, submit, approve and post."""
    url, folder, file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    app = create_app(Settings(environment="test", database_url=url, storage_dir=folder))
    with app.app_context():
        with writing() as session:
            fund = factories.fund(session)
        clerk, reviewer = people.clerk(), people.reviewer()

        def read() -> None:
            with file.open("rb") as stream:
                made = take_in_donations(stream, file.name, Target(fund.code), clerk)
            stages.run(made.id, lambda _done: None)

        def post() -> None:
            service.approve(sent.id, reviewer, sent.version)
            stages.run(sent.id, lambda _done: None)

        facts = {"read": seconds(read)}
        batch = db.session.scalars(db.select(ImportBatch)).one()
        sent: ImportBatch = service.submit(batch.id, clerk, batch.version)
        facts |= {"post": seconds(post), "rows": db.session.get_one(ImportBatch, sent.id).accepted}
        facts["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(facts))


if __name__ == "__main__":
    main()
