"""Above which sum an organisation's money needs a second reviewer: now, and at any time since it was asked for."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.money import fen_from_number
from portal.registry.models import Organisation, RegistryChange, SubjectKind


def exceeds_second_approval(
    session: Session, organisation: Organisation, amount_fen: int, asked_at: datetime
) -> bool:
    """Whether an amount is above a threshold that held at any time since ``asked_at``: none is lifted for one case."""
    changes = session.scalars(
        select(RegistryChange.before).where(
            RegistryChange.subject_kind == SubjectKind.ORGANISATION,
            RegistryChange.subject_id == organisation.id,
            RegistryChange.made_at >= asked_at,
        )
    )
    stated = [one["second_approval_fen"] for one in changes if one.get("second_approval_fen")]
    thresholds = [
        organisation.second_approval_fen,
        *(fen_from_number(Decimal(words.replace(",", ""))) for words in stated),
    ]
    return any(one is not None and amount_fen > one for one in thresholds)
