"""Request and review the demonstration's payouts: only what a fund is for, and only what it can afford."""

from datetime import date

from portal.demo import purposes
from portal.demo.purposes import Use
from portal.demo.stage import Stage
from portal.ledger.balances import available_fen
from portal.ledger.figures import fund_balances
from portal.registry.models import Fund, FundKind
from portal.spending import service
from portal.spending.details import DisbursementDetails
from portal.spending.models import CostKind, Disbursement

_FEWEST_PEOPLE, _MOST_PEOPLE = 5, 3_000
"""A payout speaks of five people at least, so that nobody can be told from it."""
_CAPS_FEN = (6_000_000, 20_000_000, 50_000_000, 120_000_000)
_OWN_COST_FEN = (20_000, 600_000)
_COST_WEIGHTS = {CostKind.PROGRAMME: 94, CostKind.MANAGEMENT: 4, CostKind.FUNDRAISING: 2}
_OWN_COSTS = {CostKind.MANAGEMENT: purposes.MANAGEMENT, CostKind.FUNDRAISING: purposes.FUNDRAISING}


def post(stage: Stage, day: date) -> Disbursement | None:
    """Request one payout and have it reviewed; None while no fund can afford one."""
    requested = request(stage, day)
    if requested is None:
        return None
    return service.approve(requested.id, stage.reviewer, requested.version)


def request(stage: Stage, day: date, *, submit: bool = True) -> Disbursement | None:
    """Request one payout from a fund that can afford it; None when none can."""
    fund = _fund(stage)
    if fund is None:
        return None
    available = available_fen(stage.session, fund.id)
    uses = _affordable(stage, fund, available)
    if not uses:
        return None
    cost = stage.random.choices(list(_COST_WEIGHTS), list(_COST_WEIGHTS.values()))[0]
    pays_own = cost is not CostKind.PROGRAMME and fund.kind is FundKind.GENERAL and not fund.restricted
    if pays_own:
        details = _own_cost(stage, fund, day, (cost, available))
    else:
        details = _aid(stage, fund, day, (stage.random.choice(uses), available))
    return service.request(details, stage.clerk, stage.key(), submit_now=submit)


def _fund(stage: Stage) -> Fund | None:
    held = fund_balances(stage.session, [fund.id for fund in stage.made.funds])
    rich = [fund for fund in stage.made.funds if _affordable(stage, fund, held[fund.id])]
    return stage.random.choices(rich, [held[fund.id] for fund in rich])[0] if rich else None


def _own_cost(stage: Stage, fund: Fund, day: date, priced: tuple[CostKind, int]) -> DisbursementDetails:
    cost, available = priced
    least, most = _OWN_COST_FEN
    amount = stage.random.randint(least, max(min(available // 20, most), least))
    return DisbursementDetails(
        fund=fund.code,
        amount_fen=amount // 1_000 * 1_000,
        paid_on=day,
        recipient=purposes.OWN_COSTS,
        purpose=stage.random.choice(_OWN_COSTS[cost]),
        cost_kind=cost,
    )


def _aid(stage: Stage, fund: Fund, day: date, priced: tuple[Use, int]) -> DisbursementDetails:
    use, available = priced
    wanted = min(int(available * stage.random.uniform(0.4, 0.95)), stage.random.choice(_CAPS_FEN))
    people = min(max(wanted // (use.yuan_a_head * 100), _FEWEST_PEOPLE), _MOST_PEOPLE)
    return DisbursementDetails(
        fund=fund.code,
        amount_fen=people * use.yuan_a_head * 100,
        paid_on=day,
        recipient=use.recipient,
        purpose=use.purpose,
        project=_project(stage, fund, use),
        beneficiary_count=people,
    )


def _affordable(stage: Stage, fund: Fund, available: int) -> list[Use]:
    topics = stage.made.topics[fund.code]
    return [
        use
        for use in purposes.USES
        if use.topic in topics and use.yuan_a_head * 100 * _FEWEST_PEOPLE <= available
    ]


def _project(stage: Stage, fund: Fund, use: Use) -> str:
    fitting = [
        one.code
        for one in stage.made.projects
        if one.organisation_id == fund.organisation_id and use.topic in stage.made.topics[one.code]
    ]
    return stage.random.choice(fitting) if fitting and stage.random.random() < 0.7 else ""
