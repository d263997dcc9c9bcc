"""The way of a gift in words: what it was spent on and what is left; and where a payout's money came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import entries
from portal.disclosure.public_entries import PublicEntry
from portal.ledger.models import EntryKind, Form
from portal.ledger.trail import Outcome, Sources, shares_of, sources_of
from portal.registry.models import Fund

MOST_USES = 20
"""Listed one by one; what is beyond is summed up."""


@dataclass(frozen=True)
class Use:
    """So much of a gift, spent by an entry, perhaps after it went through other funds."""

    entry: PublicEntry
    amount_fen: int
    through: Sequence[str]


@dataclass(frozen=True)
class Left:
    """So much of a gift that is still in a fund."""

    code: str
    name: str
    amount_fen: int


@dataclass(frozen=True)
class Trail:
    """What became of a gift of money; used and left add up to it."""

    uses: Sequence[Use]
    count: int
    used_fen: int
    left: Sequence[Left]
    left_fen: int

    @property
    def more(self) -> int:
        """How many uses are not listed."""
        return self.count - len(self.uses)

    @property
    def more_fen(self) -> int:
        """What they come to."""
        return self.used_fen - sum(one.amount_fen for one in self.uses)


def trail_of(session: Session, entry: PublicEntry) -> Trail | None:
    """The way of a gift of money that stands in the books; None for anything else."""
    if entry.kind is not EntryKind.DONATION or entry.form is not Form.MONEY or entry.reversed_by:
        return None
    shares = shares_of(session, entry.id)
    spent = [one for one in shares if one.outcome is Outcome.SPENT]
    kept = [one for one in shares if one.outcome is Outcome.KEPT]
    if not shares:
        return None
    listed = sorted(spent, key=lambda one: -one.amount_fen)[:MOST_USES]
    wanted = {one.entry_id for one in listed if one.entry_id is not None}
    through = {step for one in listed for step in one.through}
    found = {one.id: one for one in entries.of_ids(session, sorted(wanted | through))}
    uses = [
        Use(found[one.entry_id], one.amount_fen, [found[step].entry_no for step in one.through])
        for one in listed
        if one.entry_id is not None
    ]
    funds = _funds(session, {one.fund_id for one in kept})
    return Trail(
        uses=sorted(uses, key=lambda use: use.entry.index),
        count=len(spent),
        used_fen=sum(one.amount_fen for one in spent),
        left=[Left(funds[one.fund_id].code, funds[one.fund_id].name, one.amount_fen) for one in kept],
        left_fen=sum(one.amount_fen for one in kept),
    )


def origin_of(session: Session, entry: PublicEntry) -> Sources | None:
    """Where the money of a payout came from; None for anything else."""
    if entry.kind is not EntryKind.DISBURSEMENT or entry.form is not Form.MONEY or entry.reversed_by:
        return None
    sources = sources_of(session, entry.id)
    return sources if sources.gifts or sources.other_fen else None


def _funds(session: Session, ids: set[int]) -> dict[int, Fund]:
    return {fund.id: fund for fund in session.scalars(select(Fund).where(Fund.id.in_(ids)))}
