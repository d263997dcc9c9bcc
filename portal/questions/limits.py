"""So much may be asked from one place in a stretch of time. Addresses are not kept: a keyed hash stands in.

Counted in the database, so that all processes of the site count together.
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.db import take_turn
from portal.i18n import lazy_gettext as _l
from portal.periods import local, now, today
from portal.questions.models import AskingCount
from portal.refusals import Refusal
from portal.staff.throttle import network_of

OF_AN_ADDRESS_A_DAY = 10
OF_A_NETWORK_AN_HOUR = 20


class TooMuchAsked(Refusal):
    """Too much was sent from one place; wait."""

    status = 429


@dataclass(frozen=True)
class _Limit:
    place: str
    allowed: int
    sentence: str


def count_asking(session: Session, address: str, secret: str) -> None:
    """Count what is sent from an address. Call inside ``writing()``: what is not kept in the end does not count.

    Raises:
        TooMuchAsked: so much was sent from it today, or from its network within the hour, that it has to wait.
    """
    day, hour = today(), local(now()).hour
    limits = (
        _Limit(f"{day}|address|{address}", OF_AN_ADDRESS_A_DAY, _l("今天从这里提交得太多了，请明天再来。")),
        _Limit(
            f"{day}|{hour}|network|{network_of(address)}",
            OF_A_NETWORK_AN_HOUR,
            _l("这一小时里从您这一带提交得太多了，请过一小时再来。"),
        ),
    )
    session.execute(delete(AskingCount).where(AskingCount.last_day < day))
    for limit in limits:
        key = hmac.digest(secret.encode(), limit.place.encode(), "sha256").hex()
        take_turn(session, f"asking:{key}")
        row = session.get(AskingCount, key, populate_existing=True)
        if row is None:
            row = AskingCount(key=key, last_day=day, asked=0)
            session.add(row)
        if row.asked >= limit.allowed:
            raise TooMuchAsked(limit.sentence)
        row.asked += 1
    session.flush()
