"""The one place where a request sets things aside and frees them: today the money of its fund.

All run inside the caller's transaction, with the payout's row locked; that what is set aside agrees with the state of
the payout, the database itself checks (``ck_disbursement_pending_is_reserved``).
"""

from sqlalchemy.orm import Session

from portal.ledger import balances
from portal.ledger.models import Form
from portal.spending.models import Disbursement


def reserve(session: Session, disbursement: Disbursement) -> None:
    """Set aside what a payout will need.

    Raises:
        Invalid: the fund has less than that available.
    """
    if disbursement.form is Form.MONEY:
        balances.reserve(session, disbursement.fund_id, disbursement.amount_fen)
        disbursement.reserved_fen = disbursement.amount_fen


def release(session: Session, disbursement: Disbursement) -> None:
    """Free what was set aside for a payout that will not happen as it was asked for."""
    if disbursement.reserved_fen:
        balances.release(session, disbursement.fund_id, disbursement.reserved_fen)
        disbursement.reserved_fen = 0


def settle(_session: Session, disbursement: Disbursement) -> None:
    """What was set aside is spent: posting the entry has freed it in the fund (``NewEntry.release_fen``)."""
    disbursement.reserved_fen = 0


def has_evidence(_session: Session, _disbursement: Disbursement) -> bool:
    """Whether at least one piece of evidence of a payout is kept."""
    return True
