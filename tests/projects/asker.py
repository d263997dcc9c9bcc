"""A process that asks a line of a budget again and again.

``python -m tests.projects.asker URL PROJECT LINE TIMES FEN``

Before it begins it waits for a line, so that all askers begin at the same moment.
"""

import sys

from portal import create_app
from portal.config import Settings
from portal.db import writing
from portal.projects import budgets
from portal.projects.budgets import Claim
from portal.refusals import Invalid


def ask(claim: Claim, times: int) -> int:
    """Ask as often as told; return how often it went through."""
    granted = 0
    for _ in range(times):
        try:
            with writing() as session:
                budgets.commit(session, claim)
        except Invalid:
            continue
        granted += 1
    return granted


def main() -> None:
    """Ask at the address."""
    url, project_id, line_id, times, fen = sys.argv[1:6]
    app = create_app(Settings(environment="test", database_url=url))
    with app.app_context():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        sys.stdout.write(f"{ask(Claim(int(project_id), int(line_id), int(fen)), int(times))}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
