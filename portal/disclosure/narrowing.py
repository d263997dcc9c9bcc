"""Find the entries of a selection without reading the years that it does not speak of.

Entries are shown in the order of the log, newest first. What is asked for may be old, rare or not there at all; a walk
from the newest entry backwards would then read millions. So the walk gets an end on both sides where days are asked
for, begins at the rare thing where one is, and is not begun where the kept sums know that there is nothing.
"""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from portal.ledger import day_places
from portal.ledger.figures import NEVER_MOVED, Filters
from portal.ledger.models import Entry, Form
from portal.ledger.period_models import DistrictTotal, Length, PeriodTotal
from portal.ledger.spans import begin_of
from portal.money import MAX_FEN

MOST_READ = 20_000
"""Entries of an amount, or of a fund and the like, that are still looked at one by one."""

MOST_ADDED = 2_000
"""Entries of a fund and the like, of any amount, that are still added up one by one."""

_SOME_FORM = Entry.form != literal_column("'money'")
"""What the index of forms is limited to: SQLite uses it only where a query says so in the same words."""

_Rare = aliased(Entry, name="rare")


@dataclass(frozen=True)
class AmountRange:
    """From so many fen to so many; a reversal is found with the entry that it cancels, so that sums stay right."""

    least_fen: int
    most_fen: int

    @classmethod
    def of(cls, least_fen: int | None, most_fen: int | None) -> "AmountRange | None":
        """The range between two ends of which either may be open; None where both are."""
        if least_fen is None and most_fen is None:
            return None
        return cls(least_fen or 0, MAX_FEN if most_fen is None else most_fen)

    def holds(self, amount: SQLColumnExpression[int]) -> ColumnElement[bool]:
        """Whether an amount lies within."""
        return or_(
            amount.between(self.least_fen, self.most_fen), amount.between(-self.most_fen, -self.least_fen)
        )

    def is_rare(self, session: Session) -> bool:
        """Whether at most ``MOST_READ`` entries have such an amount; each sign is one short walk through the index."""
        ranges = (self.least_fen, self.most_fen), (-self.most_fen, -self.least_fen)
        some = [
            select(literal(1)).where(Entry.amount_fen.between(*ends)).limit(MOST_READ + 1).subquery()
            for ends in ranges
        ]
        found = sum(session.scalar(select(func.count()).select_from(one)) or 0 for one in some)
        return found <= MOST_READ

    def condition(self, *, rare: bool) -> ColumnElement[bool]:
        """The condition, such that what is rare is looked up and what is frequent is met on the way.

        Left to itself, a database was seen to sort all entries of a frequent amount.
        """
        if not rare:
            return self.holds(Entry.amount_fen + 0)
        return Entry.id.in_(select(_Rare.id).where(self.holds(_Rare.amount_fen)))


def of_form(form: Form) -> list[ColumnElement[bool]]:
    """Conditions on the form, such that what is not money is found by its own index."""
    return [Entry.form == form] if form is Form.MONEY else [_SOME_FORM, Entry.form == form]


def within_days(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    """Between which places of the log the entries of the days stand that are asked for."""
    if filters.first_day is None and filters.last_day is None:
        return []
    places = day_places.between(session, filters.first_day, filters.last_day)
    if places is None:
        return [Entry.index < 0]
    return [Entry.index >= places[0], Entry.index <= places[1]]


def surely_nothing(session: Session, filters: Filters) -> bool:
    """Whether the kept sums know of no such entry at all. Transfers are in no sum, so those are not spoken of."""
    if not set(filters.things) & set(NEVER_MOVED) and filters.form in (None, Form.MONEY):
        return False
    known = select(PeriodTotal.entries).where(
        PeriodTotal.length == Length.YEAR, *filters.conditions(PeriodTotal)
    )
    return session.execute(known.limit(1)).first() is None


def few_at_all(session: Session, filters: Filters) -> bool:
    """Whether a selection has at most about ``MOST_ADDED`` entries."""
    return entries_of_years(session, filters) <= MOST_ADDED


def entries_of_years(session: Session, filters: Filters) -> int:
    """About how many entries a selection has: by the kept sums of its years, a reversal taking one away."""
    kept = PeriodTotal if filters.things else DistrictTotal
    known = select(func.sum(kept.entries)).where(kept.length == Length.YEAR, *filters.conditions(kept))
    if filters.first_day is not None:
        known = known.where(kept.day >= begin_of(filters.first_day, Length.YEAR))
    if filters.last_day is not None:
        known = known.where(kept.day <= begin_of(filters.last_day, Length.YEAR))
    return session.scalar(known) or 0
