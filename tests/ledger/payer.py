"""A process that pays from a fund, again and again: ``python -m tests.ledger.payer FUND_ID TIMES FEN URL…``.

Before each address it waits for a line, so that all payers begin at the same moment.
"""

import sys
import uuid

from sqlalchemy import select

from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.ledger import posting
from portal.ledger.entries import Dimensions, Document, money_paid
from portal.ledger.models import Channel
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.models import Fund


def pay(fund_id: int, times: int, fen: int) -> int:
    """Pay as often as asked; return how often it went through."""
    organisation_id = db.session.scalars(select(Fund.organisation_id).where(Fund.id == fund_id)).one()
    paid = 0
    for _ in range(times):
        entry = money_paid(
            amount_fen=fen,
            channel=Channel.BANK,
            cost_account="5101",
            occurred_on=today(),
            dimensions=Dimensions(organisation_id, fund_id),
            document=Document(uuid.uuid4().hex),
            release_fen=0,
        )
        try:
            with writing() as session:
                posting.post(session, entry)
        except Invalid:
            continue
        paid += 1
    return paid


def main() -> None:
    """Pay at one address after the other."""
    fund_id, times, fen = map(int, sys.argv[1:4])
    for url in sys.argv[4:]:
        app = create_app(Settings(environment="test", database_url=url))
        with app.app_context():
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            sys.stdin.readline()
            sys.stdout.write(f"{pay(fund_id, times, fen)}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
