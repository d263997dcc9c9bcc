"""Request and review the demonstration's payouts: only what a fund is for, and only what it can afford."""

from datetime import date, timedelta

from portal.beneficiaries.taking import limit_of
from portal.demo import papers, purposes, undertakings
from portal.demo.moving import decision_for
from portal.demo.purposes import Use
from portal.demo.stage import Stage
from portal.ledger.balances import available_fen
from portal.ledger.figures import fund_balances
from portal.ledger.models import Channel, Form
from portal.registry.models import Fund, FundKind, Status
from portal.spending import arriving, paying, reviewing, service
from portal.spending.arriving import ArrivalDetails
from portal.spending.details import DisbursementDetails, PaymentDetails
from portal.spending.kinds import RULES
from portal.spending.models import Disbursement, DisbursementKind, DisbursementState

_FEWEST_PEOPLE, _MOST_PEOPLE = 5, 3_000
"""A payout speaks of five people at least, so that nobody can be told from it."""
_CAPS_FEN = (6_000_000, 20_000_000, 50_000_000, 120_000_000)
_FOR_A_PROJECT = 0.8
_ABOVE_FEN = 1_000_000
_GRANTEE = "社会工作服务站（演示），用于{use}"
_OWN_COST_FEN = (20_000, 600_000)
_KIND_WEIGHTS = {
    DisbursementKind.AID: 94,
    DisbursementKind.MANAGEMENT: 4,
    DisbursementKind.FUNDRAISING: 2,
}
_OWN_COSTS = {
    DisbursementKind.MANAGEMENT: purposes.MANAGEMENT,
    DisbursementKind.FUNDRAISING: purposes.FUNDRAISING,
}


def post(stage: Stage, day: date) -> Disbursement | None:
    """Request one payout, have it reviewed and paid; None while no fund can afford one."""
    requested = request(stage)
    if requested is None:
        return None
    return pay(stage, approve(stage, requested), day)


def approve(stage: Stage, requested: Disbursement) -> Disbursement:
    """Have a payout approved, by a second reviewer as well where its amount asks for one."""
    approved = reviewing.approve(requested.id, stage.reviewer, requested.version)
    if approved.state is DisbursementState.SECOND_PENDING:
        approved = reviewing.approve(approved.id, stage.second_reviewer, approved.version)
    return approved


def pay(stage: Stage, approved: Disbursement, day: date) -> Disbursement:
    """Pay an approved payout, or hand its goods out; most have arrived since."""
    if approved.form is Form.GOODS:
        payment = PaymentDetails(day, Channel.IN_KIND)
    else:
        reference = f"{day:%Y%m%d}{stage.random.randint(0, 999_999):06d}"
        payment = PaymentDetails(day, Channel.BANK, reference)
    paid = paying.pay(approved.id, payment, stage.clerk, approved.version)
    _let_arrive(stage, paid)
    return paid


def _let_arrive(stage: Stage, paid: Disbursement) -> None:
    """Most payouts have reached the people they are for some days later, some in two parts; the rest is on its way."""
    if not RULES[paid.kind].arrives or paid.paid_on is None:
        return
    if arriving.lacks_evidence(stage.session, paid):
        papers.hand_in(stage, paid)
    left = paid.amount_fen
    for share in stage.random.choices(list(_PARTS), list(_PARTS.values()))[0]:
        arrived_on = paid.paid_on + timedelta(days=stage.random.randint(*_DAYS_ON_THE_WAY))
        if arrived_on > stage.today:
            return
        part = left if share is None else left * share // 100
        people = paid.beneficiary_count if part == paid.amount_fen else None
        details = ArrivalDetails(arrived_on, part, people, "签收单已存档")
        arriving.report_arrival(paid.id, details, stage.clerk, stage.key())
        left -= part


_DAYS_ON_THE_WAY = (1, 20)
_PARTS: dict[tuple[int | None, ...], int] = {(None,): 90, (60, None): 6, (50,): 2, (): 2}
"""In which parts, in percent of what is left, how many of a hundred payouts arrive; None is all that is left."""


def request(stage: Stage, *, submit: bool = True) -> Disbursement | None:
    """Request one payout from a fund that can afford it; None when none can."""
    fund = _fund(stage)
    if fund is None:
        return None
    available = available_fen(stage.session, fund.id)
    uses = _affordable(stage, fund, available)
    if not uses:
        return None
    cost = stage.random.choices(list(_KIND_WEIGHTS), list(_KIND_WEIGHTS.values()))[0]
    pays_own = cost in _OWN_COSTS and fund.kind is FundKind.GENERAL and not fund.restricted
    if pays_own:
        details = _own_cost(stage, fund, (cost, available))
    else:
        details = _aid(stage, fund, (stage.random.choice(uses), available))
    return service.request(details, stage.clerk, stage.key(), submit_now=submit)


def request_large(stage: Stage) -> Disbursement | None:
    """Request a grant of more than one reviewer may approve; None when no fund can afford one."""
    for fund in stage.made.funds:
        threshold = fund.organisation.second_approval_fen
        amount_fen = (threshold or 0) + _ABOVE_FEN
        uses = _affordable(stage, fund, available_fen(stage.session, fund.id))
        if threshold is None or not uses or available_fen(stage.session, fund.id) < amount_fen:
            continue
        use = stage.random.choice(uses)
        details = DisbursementDetails(
            kind=DisbursementKind.GRANT,
            fund=fund.code,
            amount_fen=amount_fen,
            recipient=_GRANTEE.format(use=use.recipient),
            purpose=use.purpose,
            purpose_kind=purposes.CHARITABLE[use.topic],
            committee_decision_id=decision_for(stage, fund, amount_fen),
        )
        return service.request(details, stage.clerk, stage.key())
    return None


def _fund(stage: Stage) -> Fund | None:
    held = fund_balances(stage.session, [fund.id for fund in stage.made.funds])
    rich = [fund for fund in stage.made.funds if _affordable(stage, fund, held[fund.id])]
    return stage.random.choices(rich, [held[fund.id] for fund in rich])[0] if rich else None


def _own_cost(stage: Stage, fund: Fund, priced: tuple[DisbursementKind, int]) -> DisbursementDetails:
    kind, available = priced
    least, most = _OWN_COST_FEN
    amount = stage.random.randint(least, max(min(available // 20, most), least))
    return DisbursementDetails(
        kind=kind,
        fund=fund.code,
        amount_fen=amount // 1_000 * 1_000,
        recipient=purposes.OWN_COSTS,
        purpose=stage.random.choice(_OWN_COSTS[kind]),
    )


def _aid(stage: Stage, fund: Fund, priced: tuple[Use, int]) -> DisbursementDetails:
    use, available = priced
    wanted = min(int(available * stage.random.uniform(0.4, 0.95)), stage.random.choice(_CAPS_FEN))
    people = min(max(wanted // (use.yuan_a_head * 100), _FEWEST_PEOPLE), _MOST_PEOPLE)
    amount_fen = people * use.yuan_a_head * 100
    project, line = _place(stage, fund, use, amount_fen)
    # Aid of so much needs a list of persons; what is more goes to somebody who passes it on and reports.
    granted = amount_fen > limit_of(stage.session, fund.organisation_id)
    return DisbursementDetails(
        kind=DisbursementKind.GRANT if granted else DisbursementKind.AID,
        fund=fund.code,
        amount_fen=amount_fen,
        recipient=_GRANTEE.format(use=use.recipient) if granted else use.recipient,
        purpose=use.purpose,
        purpose_kind=purposes.CHARITABLE[use.topic],
        committee_decision_id=decision_for(stage, fund, amount_fen),
        project=project,
        budget_line=line,
        beneficiary_count=people,
    )


def _affordable(stage: Stage, fund: Fund, available: int) -> list[Use]:
    topics = stage.made.topics[fund.code]
    return [
        use
        for use in purposes.USES
        if use.topic in topics and use.yuan_a_head * 100 * _FEWEST_PEOPLE <= available
    ]


def _place(stage: Stage, fund: Fund, use: Use, amount_fen: int) -> tuple[str, str]:
    """The project and the line of its budget that most payouts of a use belong to, if one has enough left."""
    fitting = [
        one
        for one in stage.made.projects
        if one.organisation_id == fund.organisation_id
        and one.status is Status.ACTIVE
        and use.topic in stage.made.topics[one.code]
        and (not one.funds or fund in one.funds)
    ]
    if not fitting or stage.random.random() >= _FOR_A_PROJECT:
        return "", ""
    project = stage.random.choice(fitting)
    line = undertakings.line_for(stage.session, project, use, amount_fen)
    return (project.code, line) if line else ("", "")
