"""A process that takes gifts in and often breaks off: ``python -m tests.ledger.receiver FUND_ID TIMES SEED URL``."""

import random
import sys
import uuid

from sqlalchemy import select

from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.ledger import posting
from portal.ledger.entries import Dimensions, Document, money_received
from portal.ledger.models import Channel
from portal.periods import today
from portal.registry.models import Fund

ABORTED = 0.3


class Aborted(Exception):
    """The transaction was broken off."""


def receive(fund_id: int, times: int, chance: random.Random) -> int:
    """Take gifts in; return how many were kept."""
    organisation_id = db.session.scalars(select(Fund.organisation_id).where(Fund.id == fund_id)).one()
    kept = 0
    for _ in range(times):
        entry = money_received(
            amount_fen=100,
            channel=Channel.CASH,
            occurred_on=today(),
            dimensions=Dimensions(organisation_id, fund_id),
            restricted=False,
            document=Document(uuid.uuid4().hex),
            receipt_series="HZ0001",
        )
        try:
            with writing() as session:
                posting.post(session, entry)
                if chance.random() < ABORTED:
                    raise Aborted
        except Aborted:
            continue
        kept += 1
    return kept


def main() -> None:
    """Wait for a line, then take gifts in."""
    fund_id, times, seed = map(int, sys.argv[1:4])
    app = create_app(Settings(environment="test", database_url=sys.argv[4]))
    with app.app_context():
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        chance = random.Random(seed)  # noqa: S311 - it only decides what is broken off
        sys.stdout.write(f"{receive(fund_id, times, chance)}\n")


if __name__ == "__main__":
    main()
