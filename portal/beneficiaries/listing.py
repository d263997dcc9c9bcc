"""Lists and their persons, page by page."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.staff.scope import Scope

PAGE = 30
ROWS = 100


def page(session: Session, scope: Scope, *, before: int | None = None) -> Sequence[BeneficiaryList]:
    """Lists within reach, newest first."""
    query = select(BeneficiaryList).where(BeneficiaryList.dropped_at.is_(None))
    if scope.organisation_id is not None:
        query = query.where(BeneficiaryList.organisation_id == scope.organisation_id)
    if before is not None:
        query = query.where(BeneficiaryList.id < before)
    query = query.options(joinedload(BeneficiaryList.organisation), joinedload(BeneficiaryList.maker))
    return session.scalars(query.order_by(BeneficiaryList.id.desc()).limit(PAGE)).all()


def rows(
    session: Session, of_list: BeneficiaryList, *, state: PersonState | None = None, after: int = 0
) -> Sequence[Beneficiary]:
    """Persons of a list in its order, those after a position."""
    query = select(Beneficiary).where(Beneficiary.list_id == of_list.id, Beneficiary.position > after)
    if state is not None:
        query = query.where(Beneficiary.state == state)
    return session.scalars(query.order_by(Beneficiary.position).limit(ROWS)).all()


def next_to_mend(session: Session, list_id: int, after: int) -> int | None:
    """The position of the next person that needs a look, going round to the first."""
    wanted = select(Beneficiary.position).where(
        Beneficiary.list_id == list_id,
        Beneficiary.state.in_([PersonState.TO_MEND, PersonState.TO_CONFIRM]),
    )
    following = session.scalar(
        wanted.where(Beneficiary.position > after).order_by(Beneficiary.position).limit(1)
    )
    return following or session.scalar(wanted.order_by(Beneficiary.position).limit(1))
