"""The one place where a request sets things aside and frees them: fund, project's budget, committee's decision.

All run inside the caller's transaction, with the payout's row locked; that what is set aside agrees with the state of
the payout, the database itself checks (``ck_disbursement_pending_is_reserved``). The money of the fund comes before the
line of the budget, and that before the decision.
"""

from sqlalchemy.orm import Session

from portal.committees import using
from portal.evidence.attaching import count_of
from portal.ledger import balances
from portal.ledger.models import Form
from portal.projects import budgets
from portal.projects.budgets import Claim
from portal.spending.models import WAITING, Disbursement


def reserve(session: Session, disbursement: Disbursement) -> None:
    """Set aside what a payout will need.

    Raises:
        Invalid: the fund, or the line of the project's budget, has less than that available, or no decision of the
            fund's committee covers it.
        Conflict: its project is being closed.
    """
    if disbursement.form is Form.MONEY:
        balances.reserve(session, disbursement.fund_id, disbursement.amount_fen)
        disbursement.reserved_fen = disbursement.amount_fen
    claim = _claim(disbursement)
    if claim is not None:
        budgets.commit(session, claim)
    if disbursement.form is Form.MONEY:
        using.commit(session, disbursement.committee_decision_id, disbursement.fund, disbursement.amount_fen)


def release(session: Session, disbursement: Disbursement) -> None:
    """Free what was set aside for a payout that will not happen as it was asked for."""
    claim, reserved = _claim(disbursement), disbursement.reserved_fen
    if reserved:
        balances.release(session, disbursement.fund_id, reserved)
        disbursement.reserved_fen = 0
    if claim is not None and disbursement.state in WAITING:
        budgets.free(session, claim)
    if reserved:
        using.release(session, disbursement.committee_decision_id, reserved)


def settle(session: Session, disbursement: Disbursement, entry_id: int) -> None:
    """What was set aside is spent: posting the entry has freed it in the fund (``NewEntry.release_fen``)."""
    claim, reserved = _claim(disbursement), disbursement.reserved_fen
    disbursement.reserved_fen = 0
    if claim is not None and disbursement.state in WAITING:
        budgets.spend(session, claim, entry_id, disbursement.beneficiary_count)
    if reserved:
        using.spend(session, disbursement.committee_decision_id, reserved)


def has_evidence(session: Session, disbursement: Disbursement) -> bool:
    """Whether at least one piece of evidence of a payout is kept."""
    return count_of(session, "disbursement", disbursement.id) > 0


def _claim(disbursement: Disbursement) -> Claim | None:
    """What a payout asks of its project: goods ask for no money, and are counted all the same."""
    if disbursement.project_id is None:
        return None
    return Claim(disbursement.project_id, disbursement.budget_line_id, disbursement.reserved_fen)
