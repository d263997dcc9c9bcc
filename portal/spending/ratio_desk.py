"""What the page of a payout shows before it is paid: what it does to the organisation's ratios of cost."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.db import db
from portal.periods import today, year_bounds
from portal.ratios import service as ratios
from portal.ratios.service import Standing, Step
from portal.spending.goods_desk import spending
from portal.spending.models import COST_OF_KIND, WAITING, CostKind, Disbursement, DisbursementState
from portal.spending.service import COST_ACCOUNTS

__all__ = ["spending"]

_OPEN = (DisbursementState.DRAFT, DisbursementState.RETURNED, *WAITING)


@dataclass(frozen=True)
class Foresight:
    """How an organisation stands in the year of a payout, and each ratio before and after it."""

    standing: Standing
    steps: list[Step]
    waits_besides: bool

    @property
    def warnings(self) -> list[Step]:
        """The ratios that the payout would break."""
        return [one for one in self.steps if one.breaks]


@spending.app_template_global("ratios_before_approval")
def ratios_before_approval(disbursement: Disbursement) -> Foresight | None:
    """What paying a payout does to the ratios; None when it is paid or ended, or no rule is in force."""
    if disbursement.state not in _OPEN:
        return None
    session = db.session()
    standing = ratios.of_year(session, disbursement.organisation, _day_of(disbursement).year)
    if not standing.ratios:
        return None
    waiting = waiting_costs(session, disbursement)
    payout = (COST_ACCOUNTS[disbursement.cost_kind], disbursement.amount_fen)
    return Foresight(standing, ratios.steps(standing, payout, waiting), bool(waiting))


def waiting_costs(session: Session, besides: Disbursement) -> dict[str, int]:
    """What the organisation's other waiting payouts of the same year come to, by cost account, in fen."""
    year = _day_of(besides).year
    in_year = Disbursement.paid_on.between(*year_bounds(year))
    rows = session.execute(
        select(Disbursement.kind, func.sum(Disbursement.amount_fen))
        .where(
            Disbursement.organisation_id == besides.organisation_id,
            Disbursement.state.in_(WAITING),
            # What has no day yet is taken to be paid now.
            or_(in_year, Disbursement.paid_on.is_(None)) if year == today().year else in_year,
            Disbursement.id != besides.id,
        )
        .group_by(Disbursement.kind)
    )
    sums: dict[str, int] = {}
    for kind, amount in rows:
        account = COST_ACCOUNTS[COST_OF_KIND.get(kind, CostKind.PROGRAMME)]
        sums[account] = sums.get(account, 0) + int(amount)
    return sums


def _day_of(disbursement: Disbursement) -> date:
    """The day on which a payout counts: when it was paid, else today."""
    return disbursement.paid_on or today()
