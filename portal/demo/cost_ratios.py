"""What the demonstration's ratios of cost need: audited years before the books, and somebody near a limit."""

from datetime import date

from portal.demo import payouts
from portal.demo.stage import Stage
from portal.ledger.balances import available_fen
from portal.ledger.year_totals import YearResult, results
from portal.ratios import reviewing, service, stating
from portal.ratios.models import BaseFigure, RatioKind
from portal.ratios.stating import BaseDetails, StatedFigures
from portal.registry.models import Fund, FundKind, Organisation
from portal.spending import service as spending
from portal.spending.details import DisbursementDetails
from portal.spending.models import Disbursement, DisbursementKind

_YEARS_BEFORE = 3
_SMALL_INCOME_FEN = 60_000_000
"""What an organisation took in that has no gifts in the books."""
_GROWTH = 8
"""Per cent by which each year before was smaller."""
_NEAR_PERCENT = 96
"""How much of the room under its limit the organisation near it has used."""
_TOO_MUCH_FEN = 6_800_000


def state_years(stage: Stage, first_year: int) -> None:
    """State the audited figures of the three years before the books, for every organisation."""
    kept = results(stage.session, [one.id for one in stage.made.organisations])
    for organisation in stage.made.organisations:
        first = kept[organisation.id].get(first_year, YearResult())
        income_fen = first.income_fen or _SMALL_INCOME_FEN
        net_assets_fen = income_fen // 2
        # An organisation without entries has no books yet, so its last year is stated as well.
        last = first_year - 1 if first_year in kept[organisation.id] else stage.today.year - 1
        for year in range(last, first_year - 1 - _YEARS_BEFORE, -1):
            income_fen = income_fen * (100 - _GROWTH) // 100 // 100 * 100
            _state(stage, organisation, year, (income_fen, net_assets_fen))
            net_assets_fen -= income_fen // 10


def come_near_the_limit(stage: Stage, day: date) -> Disbursement | None:
    """Let an organisation that can afford it stay just under its limit, and ask for what would break it."""
    for organisation in stage.made.organisations:
        for fund in stage.made.funds:
            if (
                fund.organisation_id == organisation.id
                and fund.kind is FundKind.GENERAL
                and not fund.restricted
            ):
                amount_fen = _almost_all_room(stage, organisation, day.year)
                if 0 < amount_fen <= available_fen(stage.session, fund.id) - _TOO_MUCH_FEN:
                    paid = _ask(stage, fund, amount_fen, "全年办公场地租金、行政人员工资和审计费")
                    payouts.pay(stage, payouts.approve(stage, paid), day)
                    return _ask(stage, fund, _TOO_MUCH_FEN, "更换办公家具")
    return None


def _almost_all_room(stage: Stage, organisation: Organisation, year: int) -> int:
    """How much management cost brings an organisation near its limit, in fen; nought where no limit would hold."""
    for ratio in service.of_year(stage.session, organisation, year).of(RatioKind.MANAGEMENT):
        amount_fen = (ratio.room_fen or 0) * _NEAR_PERCENT // 10_000 * 100
        exempt_fen = ratio.instrument.exempt_below_fen or 0
        if (ratio.numerator_fen or 0) + amount_fen >= exempt_fen:
            return amount_fen
    return 0


def _ask(stage: Stage, fund: Fund, amount_fen: int, purpose: str) -> Disbursement:
    details = DisbursementDetails(
        fund=fund.code, amount_fen=amount_fen, purpose=purpose, kind=DisbursementKind.MANAGEMENT
    )
    return spending.request(details, stage.clerk, stage.key())


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
