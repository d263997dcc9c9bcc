"""What the page of a payout shows before it is approved: what it does to the organisation's ratios of cost."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import db
from portal.periods import year_bounds
from portal.ratios import service as ratios
from portal.ratios.service import Standing, Step
from portal.spending.goods_desk import spending
from portal.spending.models import Disbursement
from portal.spending.service import COST_ACCOUNTS
from portal.staff.documents import DocumentState

__all__ = ["spending"]


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
    """What approving a payout does to the ratios; None when it is decided already, or no rule is in force."""
    if disbursement.entry_id is not None or disbursement.state is DocumentState.WITHDRAWN:
        return None
    session = db.session()
    standing = ratios.of_year(session, disbursement.organisation, disbursement.paid_on.year)
    if not standing.ratios:
        return None
    waiting = waiting_costs(session, disbursement)
    payout = (COST_ACCOUNTS[disbursement.cost_kind], disbursement.amount_fen)
    return Foresight(standing, ratios.steps(standing, payout, waiting), bool(waiting))


def waiting_costs(session: Session, besides: Disbursement) -> dict[str, int]:
    """What the organisation's other waiting payouts of the same year come to, by cost account, in fen."""
    rows = session.execute(
        select(Disbursement.cost_kind, func.sum(Disbursement.amount_fen))
        .where(
            Disbursement.organisation_id == besides.organisation_id,
            Disbursement.state == DocumentState.PENDING,
            Disbursement.paid_on.between(*year_bounds(besides.paid_on.year)),
            Disbursement.id != besides.id,
        )
        .group_by(Disbursement.cost_kind)
    )
    return {COST_ACCOUNTS[kind]: int(amount) for kind, amount in rows}
