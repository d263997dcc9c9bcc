"""What the demonstration's ratios of cost need: audited years before the books, and one foundation near its limit."""

from datetime import date

from portal.demo import payouts
from portal.demo.stage import Stage
from portal.ledger import accounts
from portal.ledger.balances import available_fen
from portal.ledger.year_totals import YearResult, results
from portal.ratios import reviewing, stating
from portal.ratios.models import BaseFigure
from portal.ratios.stating import BaseDetails, StatedFigures
from portal.registry.models import FundKind, Organisation
from portal.spending import service
from portal.spending.details import DisbursementDetails
from portal.spending.models import Disbursement, DisbursementKind

_YEARS_BEFORE = 3
_SMALL_INCOME_FEN = 60_000_000
"""What an organisation took in that has no gifts in the books."""
_GROWTH = 8
"""Per cent by which each year before was smaller."""
_NEAR = 1
"""The place of the foundation that is near its limit of ten per cent."""
_NEAR_PERCENT = 96
_TOO_MUCH_FEN = 6_800_000


def state_years(stage: Stage, first_year: int) -> None:
    """State the audited figures of the three years before the books, for every organisation."""
    kept = results(stage.session, [one.id for one in stage.made.organisations])
    for organisation in stage.made.organisations:
        first = kept[organisation.id].get(first_year, YearResult())
        income_fen = first.income_fen or _SMALL_INCOME_FEN
        net_assets_fen = income_fen // 2
        for year in range(first_year - 1, first_year - 1 - _YEARS_BEFORE, -1):
            income_fen = income_fen * (100 - _GROWTH) // 100 // 100 * 100
            _state(stage, organisation, year, (income_fen, net_assets_fen))
            net_assets_fen -= income_fen // 10


def come_near_the_limit(stage: Stage, day: date) -> Disbursement | None:
    """Pay so much management cost that a foundation stays just under its limit, and ask for what would break it."""
    organisation = stage.made.organisations[_NEAR]
    fund = next(
        one
        for one in stage.made.funds
        if one.organisation_id == organisation.id and one.kind is FundKind.GENERAL
    )
    result = results(stage.session, [organisation.id])[organisation.id].get(day.year, YearResult())
    short_fen = _NEAR_PERCENT * result.expense_fen - 1_000 * result.cost_fen(accounts.MANAGEMENT)
    amount_fen = short_fen // (1_000 - _NEAR_PERCENT) // 100 * 100
    if not 0 < amount_fen <= available_fen(stage.session, fund.id) - _TOO_MUCH_FEN:
        return None

    def ask(amount: int, purpose: str) -> Disbursement:
        details = DisbursementDetails(
            fund=fund.code,
            amount_fen=amount,
            purpose=purpose,
            kind=DisbursementKind.MANAGEMENT,
        )
        return service.request(details, stage.clerk, stage.key())

    paid = ask(amount_fen, "全年办公场地租金、行政人员工资和审计费")
    payouts.pay(stage, payouts.approve(stage, paid), day)
    return ask(_TOO_MUCH_FEN, "更换办公家具")


def _state(stage: Stage, organisation: Organisation, year: int, sums: tuple[int, int]) -> None:
    income_fen, net_assets_fen = sums
    expense_fen = income_fen * 9 // 10
    figures = StatedFigures(
        donations_fen=income_fen * 97 // 100,
        income_fen=income_fen,
        unusable_fen=0,
        released_fen=0,
        net_assets_fen=net_assets_fen,
        expense_fen=expense_fen,
        spending_fen=expense_fen * 93 // 100,
        management_fen=expense_fen * 5 // 100,
        fundraising_fen=expense_fen * 2 // 100,
    )
    details = BaseDetails(
        organisation=organisation.uscc,
        year=year,
        figures=figures,
        source=f"{year} 年度审计报告（演示数据，非真实统计）",
        sourced_on=date(year + 1, 3, 20),
    )
    stated = stating.state_figures(details, stage.clerk, stage.key())
    reviewing.approve(BaseFigure, stated.id, stage.reviewer, stated.version)
