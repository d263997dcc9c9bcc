"""The figures of a year that ratios are made of: what was stated and approved goes before what the books say.

Each figure tells where it comes from, because a page must say which ones were entered and which computed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger import accounts
from portal.ledger.year_totals import YearResult, results
from portal.periods import today
from portal.ratios.models import BaseFigure
from portal.registry.models import Organisation
from portal.staff.documents import DocumentState


class FigureKind(StrEnum):
    """The figures of a year; ``total_income`` is what the rules mean by 上年总收入."""

    DONATIONS = "donations"
    INCOME = "income"
    UNUSABLE = "unusable"
    RELEASED = "released"
    TOTAL_INCOME = "total_income"
    NET_ASSETS = "net_assets"
    SPENDING = "spending"
    ARRIVED = "arrived"
    MANAGEMENT = "management"
    FUNDRAISING = "fundraising"
    EXPENSE = "expense"


class FigureOrigin(StrEnum):
    """Where a figure comes from; ``assumed`` is a nought that nobody stated otherwise."""

    ENTERED = "entered"
    COMPUTED = "computed"
    ASSUMED = "assumed"


@dataclass(frozen=True)
class Figure:
    """One figure in fen, and the statement that it was taken from."""

    fen: int
    origin: FigureOrigin
    statement: BaseFigure | None = None


_COLUMNS = {
    FigureKind.DONATIONS: "donations_fen",
    FigureKind.INCOME: "income_fen",
    FigureKind.UNUSABLE: "unusable_fen",
    FigureKind.RELEASED: "released_fen",
    FigureKind.NET_ASSETS: "net_assets_fen",
    FigureKind.SPENDING: "spending_fen",
    FigureKind.ARRIVED: "spending_fen",
    FigureKind.MANAGEMENT: "management_fen",
    FigureKind.FUNDRAISING: "fundraising_fen",
    FigureKind.EXPENSE: "expense_fen",
}


@dataclass(frozen=True)
class Planned:
    """Costs that are not in the books yet, by cost account, in fen, as if they were paid in a year."""

    year: int
    by_account: Mapping[str, int]

    @property
    def total_fen(self) -> int:
        """All of them."""
        return sum(self.by_account.values())

    def with_cost(self, account_code: str, amount_fen: int) -> "Planned":
        """The same and one more."""
        held = self.by_account.get(account_code, 0)
        return Planned(self.year, {**self.by_account, account_code: held + amount_fen})


@dataclass(frozen=True)
class Books:
    """What is known of an organisation's years: statements in force, and results by its ledger."""

    organisation: Organisation
    stated: Mapping[int, BaseFigure] = field(default_factory=dict)
    kept: Mapping[int, YearResult] = field(default_factory=dict)
    planned: Planned | None = None

    @property
    def first_year(self) -> int:
        """The first year in the ledger, which begins this year at the latest."""
        return min([*self.kept, today().year])

    def existed_in(self, year: int) -> bool:
        """Whether the organisation stood through that year; one without a day of founding is taken to."""
        founded = self.organisation.founded_on
        return founded is None or founded.year <= year

    def figure(self, kind: FigureKind, year: int) -> Figure | None:
        """A figure of a year, or None while nobody knows it."""
        if kind is FigureKind.TOTAL_INCOME:
            return self._total_income(year)
        statement = self.stated.get(year)
        if statement is not None:
            stated: int | None = getattr(statement, _COLUMNS[kind])
            if stated is not None:
                return Figure(stated, FigureOrigin.ENTERED, statement)
        if kind in (FigureKind.UNUSABLE, FigureKind.RELEASED):
            return Figure(0, FigureOrigin.ASSUMED)
        if year < self.first_year:
            return None
        if kind is FigureKind.NET_ASSETS:
            return self._net_assets(year)
        computed = self._computed(kind, self.kept.get(year, YearResult()))
        return Figure(computed + self._planned(kind, year), FigureOrigin.COMPUTED)

    def _computed(self, kind: FigureKind, result: YearResult) -> int:
        return {
            FigureKind.DONATIONS: result.donations_fen,
            FigureKind.INCOME: result.income_fen,
            FigureKind.SPENDING: result.cost_fen(accounts.PROGRAMME),
            FigureKind.ARRIVED: result.arrived_fen,
            FigureKind.MANAGEMENT: result.cost_fen(accounts.MANAGEMENT),
            FigureKind.FUNDRAISING: result.cost_fen(accounts.FUNDRAISING),
            FigureKind.EXPENSE: result.expense_fen,
        }[kind]

    def _planned(self, kind: FigureKind, year: int) -> int:
        """What planned costs add to a figure; what is only paid has not arrived (E24)."""
        if self.planned is None or self.planned.year != year:
            return 0
        if kind is FigureKind.EXPENSE:
            return self.planned.total_fen
        account = {
            FigureKind.SPENDING: accounts.PROGRAMME,
            FigureKind.MANAGEMENT: accounts.MANAGEMENT,
            FigureKind.FUNDRAISING: accounts.FUNDRAISING,
        }.get(kind)
        return self.planned.by_account.get(account, 0) if account else 0

    def _total_income(self, year: int) -> Figure | None:
        """Actual income less what could not be used that year, and what became usable in it (E25)."""
        actual = self.figure(FigureKind.INCOME, year)
        unusable = self.figure(FigureKind.UNUSABLE, year)
        released = self.figure(FigureKind.RELEASED, year)
        if actual is None or unusable is None or released is None:
            return None
        return Figure(actual.fen - unusable.fen + released.fen, actual.origin, actual.statement)

    def _net_assets(self, year: int) -> Figure | None:
        """The newest stated net assets and what was earned since; nought for one that was founded with its books."""
        first = self.first_year
        known = [one for one, row in self.stated.items() if one < year and row.net_assets_fen is not None]
        start = max(known, default=None)
        if start is None or start < first - 1:
            founded = self.organisation.founded_on
            if founded is None or founded.year < first:
                return None
            opening, start = 0, first - 1
        else:
            opening = self.stated[start].net_assets_fen or 0
        earned = sum(result.surplus_fen for one, result in self.kept.items() if start < one <= year)
        return Figure(opening + earned, FigureOrigin.COMPUTED)


def books_of(session: Session, organisations: Iterable[Organisation]) -> dict[int, Books]:
    """The books of organisations, by id: three small queries, however many entries there are."""
    wanted = {one.id: one for one in organisations}
    stated: dict[int, dict[int, BaseFigure]] = {id_: {} for id_ in wanted}
    rows = session.scalars(
        select(BaseFigure)
        .where(BaseFigure.organisation_id.in_(wanted), BaseFigure.state == DocumentState.POSTED)
        .order_by(BaseFigure.approved_at, BaseFigure.id)
    )
    for row in rows:
        stated[row.organisation_id][row.year] = row
    kept = results(session, wanted)
    return {id_: Books(one, stated[id_], kept[id_]) for id_, one in wanted.items()}
