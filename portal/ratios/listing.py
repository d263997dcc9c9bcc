"""Lists of the ratios' desk: the figures behind a standing, and what was ever stated."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.ratios.figures import Figure, FigureKind
from portal.ratios.models import BaseFigure, RatioExcuse
from portal.ratios.service import Standing
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

FIRST_RULED_YEAR = 2017
"""The rules of 2016 speak of the year before as well, so theirs is the first full year."""

MOST = 200


@dataclass(frozen=True)
class Row:
    """One kind of figure over the years of a standing, the newest first."""

    kind: FigureKind
    figures: Sequence[Figure | None]


def years_of(standing: Standing) -> list[int]:
    """The year itself and the three before it, which the rules look back at."""
    return [standing.year - back for back in range(4)]


def figures_of(standing: Standing) -> list[Row]:
    """Every figure that the rules may ask for, with where it comes from; unknown ones are None."""
    years = years_of(standing)
    return [Row(kind, [standing.books.figure(kind, one) for one in years]) for kind in FigureKind]


def statements_of(session: Session, organisation_id: int) -> Sequence[BaseFigure]:
    """What was ever stated of an organisation's years, the newest first."""
    return session.scalars(
        select(BaseFigure)
        .where(BaseFigure.organisation_id == organisation_id)
        .options(joinedload(BaseFigure.maker))
        .order_by(BaseFigure.year.desc(), BaseFigure.id.desc())
        .limit(MOST)
    ).all()


def excuses_of(session: Session, organisation_id: int) -> Sequence[RatioExcuse]:
    """What was ever explained, the newest first."""
    return session.scalars(
        select(RatioExcuse)
        .where(RatioExcuse.organisation_id == organisation_id)
        .options(joinedload(RatioExcuse.maker))
        .order_by(RatioExcuse.year.desc(), RatioExcuse.id.desc())
        .limit(MOST)
    ).all()


def waiting(session: Session, by: StaffMember) -> list[BaseFigure | RatioExcuse]:
    """What waits for a second person within reach, oldest first."""
    found: list[BaseFigure | RatioExcuse] = []
    for model in (BaseFigure, RatioExcuse):
        query = select(model).where(model.state == DocumentState.PENDING).order_by(model.id).limit(MOST)
        if by.scope.organisation_id is not None:
            query = query.where(model.organisation_id == by.scope.organisation_id)
        found += session.scalars(query.options(joinedload(model.organisation), joinedload(model.maker)))
    return found
