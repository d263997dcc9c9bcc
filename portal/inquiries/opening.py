"""Who holds the paper may see the gift: its number and the code printed on it, and nothing else, open it."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.db import take_turn, writing
from portal.donors import lookup
from portal.donors.models import Donor
from portal.giving.models import Donation
from portal.i18n import lazy_gettext as _l
from portal.receipts.models import Acknowledgement
from portal.refusals import Refusal
from portal.staff.throttle import Limit, count_failure, locked

FAILURES_OF_A_NUMBER = 5
FAILURES_EVERYWHERE = 50
FAILURES_OF_A_NETWORK = 50
MOST_GIFTS = 200
_NOBODYS_CODE = "-" * 10


class WrongCode(Refusal):
    """Number and code do not fit; which of them is wrong, and whether the number exists, is not said."""

    status = 404


class TooManyTries(Refusal):
    """Too many failures of a number or a network; wait."""

    status = 429


@dataclass(frozen=True)
class Paper:
    """What was typed from an acknowledgement, and from which network."""

    number: str
    code: str
    network: str

    @classmethod
    def read(cls, number: str, code: str, network: str) -> "Paper":
        """Take what people type: small letters, blanks and dashes within the code."""
        signs = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
        return cls(number.strip().upper()[:40], signs[:20], network)


def open_gift(paper: Paper) -> Donation:
    """The gift of an acknowledgement.

    Raises:
        WrongCode: with one sentence for every cause, after the same work for known and unknown numbers.
        TooManyTries: after too many failures of the number from there or anywhere (whether it exists or not), or of
            the network.
    """
    # Whoever types wrong codes locks the number for the own network only; from many networks everybody waits longer.
    limits = (
        Limit(f"gift:{paper.number}@{paper.network[:30]}", FAILURES_OF_A_NUMBER),
        Limit(f"gift:{paper.number}", FAILURES_EVERYWHERE, growing=True),
        Limit(f"gift-network:{paper.network[:60]}", FAILURES_OF_A_NETWORK),
    )
    with writing(even_in_doubt=True) as session:
        take_turn(session, *(one.key for one in limits))
        if locked(session, limits):
            raise TooManyTries(_l("尝试次数过多，请 15 分钟后再试。也可以带上回执到站点查询。"))
        found = session.execute(
            select(Acknowledgement, Donation)
            .join(Donation, Donation.id == Acknowledgement.donation_id)
            .where(Acknowledgement.receipt_no == paper.number)
        ).one_or_none()
        code = found[0].lookup_code if found and found[0].voided_at is None else _NOBODYS_CODE
        if hmac.compare_digest(code, paper.code) and found is not None:
            donation: Donation = found[1]
            return donation
        count_failure(session, limits)
    raise WrongCode(_l("回执号或查询码不对。请照回执上印的输入；回执作废后不能再查询。"))


def gifts_of_the_same_donor(session: Session, donation: Donation) -> Sequence[Donation]:
    """The other gifts in the donor's record, newest first; none for a gift without one."""
    if donation.donor_id is None:
        return []
    root = lookup.root_of(session, session.get_one(Donor, donation.donor_id))
    ids = {root.id}
    while True:
        merged = set(session.scalars(select(Donor.id).where(Donor.merged_into_id.in_(ids)))) | ids
        if merged == ids:
            break
        ids = merged
    query = (
        select(Donation)
        .where(Donation.donor_id.in_(ids), Donation.id != donation.id, Donation.entry_id.is_not(None))
        .options(joinedload(Donation.entry), joinedload(Donation.fund))
        .order_by(Donation.id.desc())
        .limit(MOST_GIFTS)
    )
    return session.scalars(query).all()
