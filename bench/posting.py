"""How many gifts a counter can bring into the ledger: each logged, then approved by a second person."""

from collections.abc import Iterator

from bench.measuring import Measurement, scratch_portal, seconds
from tests import gifts

GIFTS = 200
FLOOR_A_SECOND = 10


def measurements() -> Iterator[Measurement]:
    """Gifts a second, one transaction to log and one to approve each."""
    with scratch_portal() as (_app, fund):
        gifts.posted_gift(fund)
        taken = seconds(lambda: [gifts.posted_gift(fund, 10_000 + number) for number in range(GIFTS)])
    yield Measurement("counter gifts logged, approved and posted", GIFTS / taken, "gifts/s", FLOOR_A_SECOND)
