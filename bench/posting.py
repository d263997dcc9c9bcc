"""How many gifts a counter can bring into the ledger: each logged, then approved by a second person."""

from collections.abc import Iterator

from bench import floors
from bench.measuring import Measurement, scratch_portal, seconds
from tests import gifts

GIFTS = 200
COMMITS_OF_A_GIFT = 2


def measurements() -> Iterator[Measurement]:
    """Gifts a second, one transaction to log and one to approve each; the floor is two bare durable commits."""
    with scratch_portal() as (_app, fund):
        gifts.posted_gift(fund)
        taken = seconds(lambda: [gifts.posted_gift(fund, 10_000 + number) for number in range(GIFTS)])
    floor = 1 / (COMMITS_OF_A_GIFT * floors.commit())
    yield Measurement("counter gifts logged, approved and posted", GIFTS / taken, "gifts/s", floor)
