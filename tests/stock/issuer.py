"""A process that gives goods out, again and again: ``python -m tests.stock.issuer FUND ITEM_ID TIMES URL``."""

import sys
import uuid

from portal import create_app
from portal.config import Settings
from portal.refusals import Invalid
from tests import goods


def main() -> None:
    """Wait for a line, then request and approve payouts of one piece each; print how many went through."""
    fund, item_id, times, url = sys.argv[1], *map(int, sys.argv[2:4]), sys.argv[4]
    app = create_app(Settings(environment="test", database_url=url))
    with app.app_context():
        wanted = [goods.request(fund, [(item_id, 1_000)], key=uuid.uuid4().hex) for _ in range(times)]
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        done = 0
        for one in wanted:
            try:
                goods.hand_out(one)
            except Invalid:
                continue
            done += 1
        sys.stdout.write(f"{done}\n")


if __name__ == "__main__":
    main()
