"""A process that moves money, again and again: ``python -m tests.transfers.mover FROM TO TIMES FEN URL``.

It waits for a line, so that all movers begin at the same moment.
"""

import sys

from sqlalchemy import select

from portal import create_app
from portal.config import Settings
from portal.db import db
from portal.refusals import Invalid
from portal.registry.models import Fund
from tests import moves


def main() -> None:
    """Move as often as asked, and say how often it went through."""
    source, target, times, fen, url = sys.argv[1:6]
    app = create_app(Settings(environment="test", database_url=url))
    with app.app_context():
        codes = {one.code: one for one in db.session.scalars(select(Fund))}
        db.session.rollback()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        moved = 0
        for _ in range(int(times)):
            try:
                moves.posted_transfer(codes[source], codes[target], int(fen))
            except Invalid:
                continue
            moved += 1
        sys.stdout.write(f"{moved}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
