"""Fiscal receipts of the demonstration: a made-up platform answers for every gift but those of the last days."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from portal.demo.stage import Stage
from portal.receipts import fiscal
from portal.receipts.fiscal_platform import FiscalAnswer, FiscalRequest

_CODE = "00000000"
"""No registrar's code is made of nothing but noughts."""
_ISSUED_AFTER = timedelta(days=3)


def issue(stage: Stage) -> None:
    """Ask the made-up platform for receipts and take its answer in, as a clerk does."""
    platform = _Platform(stage.random, stage.today - timedelta(days=5))
    fiscal.export(stage.session, stage.clerk, platform)
    fiscal.take_in(b"", stage.clerk, platform)


class _Platform:
    """Remembers what it was asked and answers what is old enough."""

    def __init__(self, random: Random, last_day: date) -> None:
        self._random, self._last_day = random, last_day
        self._asked: list[FiscalRequest] = []

    def export(self, requests: Sequence[FiscalRequest]) -> bytes:
        """Take the requests."""
        self._asked = list(requests)
        return b""

    def read_answer(self, content: bytes) -> list[FiscalAnswer]:
        """A receipt for each gift that is old enough."""
        old_enough = [one for one in self._asked if one.received_on <= self._last_day]
        return [
            FiscalAnswer(
                row=number,
                donation_no=one.donation_no,
                code=_CODE,
                number=f"{number:010d}",
                check_code=f"{self._random.randrange(1_000_000):06d}",
                amount_fen=one.amount_fen,
                issued_on=one.received_on + _ISSUED_AFTER,
            )
            for number, one in enumerate(old_enough, start=1)
        ]
