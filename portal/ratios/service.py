"""How an organisation stands by the rules in force: of a year, and as if more were paid out.

Decisions compare whole fen and fractions, never floats.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ratios.evaluating import Ratio, Verdict, evaluate, is_qualified
from portal.ratios.figures import Books, Planned, books_of
from portal.ratios.models import RatioExcuse, RatioKind, RatioRule
from portal.registry.models import Organisation
from portal.staff.documents import DocumentState

FIRST = (RatioKind.SPENDING, RatioKind.MANAGEMENT, RatioKind.FUNDRAISING)
TAX = (RatioKind.TAX_SPENDING, RatioKind.TAX_MANAGEMENT)


@dataclass(frozen=True)
class Standing:
    """An organisation in one year. ``tax`` is the second test, which looks at this year and the one before."""

    organisation: Organisation
    year: int
    qualified: bool
    ratios: tuple[Ratio, ...]
    tax: tuple[Ratio, ...]
    excuses: tuple[RatioExcuse, ...]
    books: Books
    rules: Sequence[RatioRule] = field(default=(), repr=False, compare=False)

    def of(self, kind: RatioKind) -> tuple[Ratio, ...]:
        """The ratios of one kind; spending may have two that must both be met."""
        return tuple(one for one in self.ratios if one.kind == kind)

    @property
    def missed(self) -> tuple[Ratio, ...]:
        """What does not meet its limit."""
        return tuple(one for one in self.ratios if one.verdict is Verdict.NOT_MET)


@dataclass(frozen=True)
class Step:
    """One ratio now, after a payout, and after all payouts that wait as well."""

    now: Ratio
    after: Ratio
    after_all: Ratio

    @property
    def breaks(self) -> bool:
        """Whether the payout takes the ratio over its limit, or further over."""
        if self.after.verdict is not Verdict.NOT_MET:
            return False
        return self.now.verdict is not Verdict.NOT_MET or self.after.is_worse_than(self.now)

    @property
    def breaks_with_all(self) -> bool:
        """Whether only all that waits together takes the ratio over its limit."""
        return self.after_all.verdict is Verdict.NOT_MET and self.after.verdict is not Verdict.NOT_MET


def of_year(session: Session, organisation: Organisation, year: int) -> Standing:
    """How an organisation stands in a year."""
    return of_many(session, [organisation], year)[0]


def of_many(session: Session, organisations: Sequence[Organisation], year: int) -> list[Standing]:
    """How organisations stand in a year, in the order given."""
    rules = session.scalars(select(RatioRule).order_by(RatioRule.code)).all()
    books = books_of(session, organisations)
    excuses = _excuses(session, books, year)
    return [_standing(rules, books[one.id], year, tuple(excuses.get(one.id, ()))) for one in organisations]


def after(
    session: Session, organisation: Organisation, account_code: str, amount_fen: int, day: date
) -> Standing:
    """How an organisation would stand if so much of a cost (an account of the ledger) were paid that day.

    What is paid has not reached a beneficiary by that.
    """
    return with_costs(of_year(session, organisation, day.year), {account_code: amount_fen})


def with_costs(standing: Standing, by_account: Mapping[str, int]) -> Standing:
    """The same standing as if costs, by account and in fen, had been paid in its year as well."""
    books = replace(standing.books, planned=Planned(standing.year, by_account))
    return _standing(standing.rules, books, standing.year, standing.excuses)


def steps(standing: Standing, payout: tuple[str, int], waiting: Mapping[str, int]) -> list[Step]:
    """What a payout does to each ratio.

    Args:
        standing: How the organisation stands in the year of the payout.
        payout: Its cost account and its amount in fen.
        waiting: All other payouts of that year that wait for review, by cost account, in fen.
    """
    planned = Planned(standing.year, {}).with_cost(*payout)
    together = planned
    for account_code, amount_fen in waiting.items():
        together = together.with_cost(account_code, amount_fen)
    paid = with_costs(standing, planned.by_account)
    all_paid = with_costs(standing, together.by_account)
    return [
        Step(now, then, at_last)
        for now, then, at_last in zip(standing.ratios, paid.ratios, all_paid.ratios, strict=True)
    ]


def _standing(
    rules: Sequence[RatioRule], books: Books, year: int, excuses: tuple[RatioExcuse, ...]
) -> Standing:
    return Standing(
        organisation=books.organisation,
        year=year,
        qualified=is_qualified(books.organisation, year),
        ratios=tuple(evaluate(rules, books, year, FIRST)),
        tax=tuple(one for tested in (year - 1, year) for one in evaluate(rules, books, tested, TAX)),
        excuses=excuses,
        books=books,
        rules=rules,
    )


def _excuses(session: Session, ids: Iterable[int], year: int) -> dict[int, list[RatioExcuse]]:
    found: dict[int, list[RatioExcuse]] = {}
    rows = session.scalars(
        select(RatioExcuse)
        .where(
            RatioExcuse.organisation_id.in_(list(ids)),
            RatioExcuse.year == year,
            RatioExcuse.state == DocumentState.POSTED,
        )
        .order_by(RatioExcuse.id)
    )
    for row in rows:
        found.setdefault(row.organisation_id, []).append(row)
    return found
