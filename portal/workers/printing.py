"""A report in a process of its own: ``python -m portal.workers.printing [--scheduled] WANTED`` answers in JSON."""

import json
import sys

from portal.foundation import lay_foundation
from portal.refusals import Refusal
from portal.reports.confinement import confine
from portal.reports.making import make
from portal.reports.wanted import Wanted


def main() -> None:
    """Make one report."""
    scheduled = sys.argv[1] == "--scheduled"
    wanted = Wanted.from_json(sys.argv[-1])
    with lay_foundation().app_context():
        confine()
        try:
            said: dict[str, object] = {"made": make(wanted, scheduled=scheduled).id}
        except Refusal as refusal:
            said = {
                "refusal": type(refusal).__name__,
                "message": str(refusal.message),
                "field": refusal.field or "",
            }
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
