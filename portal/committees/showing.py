"""What the public reads of a community fund's committee: offices and decisions, nobody's name (after 慈善法 78)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.committees import service
from portal.committees.models import CommitteeDecision
from portal.db import db
from portal.registry.models import Fund, FundKind
from portal.staff.documents import DocumentState

MOST = 10


@dataclass(frozen=True)
class PublicDecision:
    """A confirmed decision, without who said what."""

    number: str
    decided_on: date
    decided: str
    present: int
    votes_for: int
    votes_against: int
    abstained: int
    interested: int
    amount_fen: int
    spent_fen: int


@dataclass(frozen=True)
class PublicCommittee:
    """The offices of those who sit in a committee, and its newest decisions."""

    offices: Sequence[str]
    decisions: Sequence[PublicDecision]


def committee_of(
    session: Session, fund: Fund, days: tuple[date, date] | None = None
) -> PublicCommittee | None:
    """The committee of a community fund; None for other funds, and while nobody sits in it.

    Its decisions are the newest, or all that were made within some days.
    """
    if fund.kind is not FundKind.COMMUNITY:
        return None
    offices = [one.office for one in service.members(session, fund.id)]
    names = PublicDecision.__dataclass_fields__
    query = (
        select(CommitteeDecision)
        .where(CommitteeDecision.fund_id == fund.id, CommitteeDecision.state == DocumentState.POSTED)
        .order_by(CommitteeDecision.decided_on.desc(), CommitteeDecision.id.desc())
    )
    query = query.where(CommitteeDecision.decided_on.between(*days)) if days else query.limit(MOST)
    rows = session.scalars(query)
    decisions = [PublicDecision(**{name: getattr(row, name) for name in names}) for row in rows]
    return PublicCommittee(offices, decisions) if offices or decisions else None


def install(app: Flask) -> None:
    """Let the page of a fund ask for its committee."""

    def committee(thing: Fund) -> PublicCommittee | None:
        return committee_of(db.session(), thing)

    app.jinja_env.globals["committee_of"] = committee
