"""The donors' honour roll: those who agreed to be named, by year, the newest first.

Nobody is ranked by how little they gave (REQ-DON-07, 慈善法 32): one may look at bands of amounts, never at places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.orm import Session, aliased

from portal.disclosure.public_entries import Named
from portal.giving.models import ON_HONOUR_ROLL, Donation, public_donor
from portal.ledger.models import Entry, Form
from portal.money import MAX_FEN
from portal.periods import year_bounds
from portal.registry.models import Fund

PAGE = 50
_Reversal = aliased(Entry, name="roll_reversal")


class Band(StrEnum):
    """A band of amounts; the lowest is everything, so that nobody stands in a band of little."""

    ALL = "all"
    THOUSANDS = "1000"
    TEN_THOUSANDS = "10000"
    HUNDRED_THOUSANDS = "100000"
    MILLIONS = "1000000"

    @property
    def least_fen(self) -> int:
        """The smallest gift of the band."""
        return 0 if self is Band.ALL else int(self.value) * 100


@dataclass(frozen=True)
class Honoured:
    """One gift whose donor agreed to be named; the name is masked where that was chosen."""

    donor: str
    given_on: date
    amount_fen: int
    form: Form
    fund: Named
    entry_no: str


@dataclass(frozen=True)
class HonourRoll:
    """One page of a year's roll and the cursor of the next."""

    year: int
    band: Band
    rows: Sequence[Honoured]
    following: str | None


def honour_roll(
    session: Session, year: int, band: Band = Band.ALL, *, after: str = "", limit: int = PAGE
) -> HonourRoll:
    """One page of the gifts of a year, newest first; ``after`` is the cursor of the page before (keyset paging).

    A cursor is the number of the page's last entry, which stands on the page anyway: our own count of gifts, those of
    donors who are not named among them, is nobody's business.
    """
    first, last = year_bounds(year)
    query = (
        select(Donation, Entry.entry_no, Fund.code, Fund.name)
        .join(Entry, Entry.id == Donation.entry_id)
        .join(Fund, Fund.id == Donation.fund_id)
        .outerjoin(_Reversal, _Reversal.reverses_id == Entry.id)
        .where(
            text(ON_HONOUR_ROLL),
            Donation.donor_name != "",
            Donation.received_on.between(first, last),
            Donation.amount_fen.between(band.least_fen, MAX_FEN),
            _Reversal.id.is_(None),
        )
        .order_by(Donation.received_on.desc(), Donation.id.desc())
        .limit(limit + 1)
    )
    place = _place(session, after)
    if place is not None:
        day, number = place
        query = query.where(
            Donation.received_on <= day, (Donation.received_on < day) | (Donation.id < number)
        )
    rows = session.execute(query).all()
    shown = rows[:limit]
    return HonourRoll(
        year,
        band,
        [_honoured(*row) for row in shown],
        shown[-1].entry_no if len(rows) > limit else None,
    )


def _place(session: Session, cursor: str) -> tuple[date, int] | None:
    """Where the gift of an entry stands, named or not any more; a spoilt cursor begins anew."""
    if not cursor:
        return None
    found = session.execute(
        select(Donation.received_on, Donation.id)
        .join(Entry, Entry.id == Donation.entry_id)
        .where(Entry.entry_no == cursor)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def _honoured(gift: Donation, entry_no: str, fund_code: str, fund_name: str) -> Honoured:
    return Honoured(
        donor=public_donor(
            gift.donor_name, publish_name=gift.publish_name, anonymous=gift.anonymous, masked=gift.mask_name
        ),
        given_on=gift.received_on,
        amount_fen=gift.amount_fen,
        form=gift.form,
        fund=Named(fund_code, fund_name),
        entry_no=entry_no,
    )
