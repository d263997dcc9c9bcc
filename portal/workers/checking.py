"""Everything recomputed in a process of its own: ``python -m portal.workers.checking`` says in JSON what it found."""

import json
import os
import sys
import threading

from flask import current_app

from portal.db import db
from portal.foundation import lay_foundation
from portal.schema import missing_guards
from portal.translog.beginning import signer_of
from portal.watch.recomputing import recompute

_NICENESS = 10
"""Whoever waits for a page goes first."""


def main() -> None:
    """Check once."""
    os.nice(_NICENESS)
    threading.Thread(target=_end_with_the_site, daemon=True).start()
    with lay_foundation().app_context():
        session = db.session()
        guards = missing_guards(session.connection())
        report = recompute(session, signer_of(current_app.config["PORTAL_SETTINGS"]))
    found = {
        "entries": report.entries,
        "kinds": [one.kind for one in report.differences],
        "guards": list(guards),
    }
    sys.stdout.write(json.dumps(found))


def _end_with_the_site() -> None:
    """Whoever asked holds the other end of our input: when it is closed, nobody waits for an answer any more."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
