"""From source to use: by which channels money came into which kinds of funds, and what these were used for."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.figures import Filters, Flow, flows
from portal.ledger.models import Channel, Direction
from portal.refusals import Sentence
from portal.registry.models import Fund, FundKind, Project, ProjectCategory

EARLIER = _l("以前年度的结余")
NO_PROJECT = _l("没有列入项目的支出")
NOT_YET = _l("还没有用出")


@dataclass(frozen=True)
class Stream:
    """So much from one place to another, in fen. ``stage`` 1 leads into funds, 2 out of them."""

    stage: int
    source: Sentence
    target: Sentence
    amount_fen: int


def streams(session: Session, filters: Filters) -> list[Stream]:
    """The streams of a period, the largest of each stage first; what does not balance was kept, or kept from before.

    Transfers from fund to fund are left out: they were received and spent only once. A reversal that outweighs all
    else in its stream leaves none.
    """
    found = flows(session, filters)
    kinds = _fund_kinds(session, {one.fund_id for one in found})
    categories = _categories(session, {one.project_id for one in found})
    came: dict[tuple[Channel, FundKind], int] = defaultdict(int)
    went: dict[tuple[FundKind, ProjectCategory | None], int] = defaultdict(int)
    for one in found:
        kind = kinds[one.fund_id]
        if one.direction is Direction.IN:
            came[one.channel, kind] += one.amount_fen
        else:
            went[kind, categories.get(one.project_id)] += one.amount_fen
    kept = _kept(found, kinds)
    into = [
        *(Stream(1, label(channel), label(kind), fen) for (channel, kind), fen in came.items()),
        *(Stream(1, EARLIER, label(kind), -fen) for kind, fen in kept.items()),
    ]
    out = [
        *(
            Stream(2, label(kind), label(use) if use else NO_PROJECT, fen)
            for (kind, use), fen in went.items()
        ),
        *(Stream(2, label(kind), NOT_YET, fen) for kind, fen in kept.items()),
    ]
    return [*_largest_first(into), *_largest_first(out)]


def _kept(found: list[Flow], kinds: dict[int, FundKind]) -> dict[FundKind, int]:
    """What each kind of fund received beyond what it spent."""
    result: dict[FundKind, int] = defaultdict(int)
    for one in found:
        result[kinds[one.fund_id]] += one.amount_fen if one.direction is Direction.IN else -one.amount_fen
    return result


def _largest_first(stage: list[Stream]) -> list[Stream]:
    return sorted((one for one in stage if one.amount_fen > 0), key=lambda one: -one.amount_fen)


def _fund_kinds(session: Session, ids: set[int]) -> dict[int, FundKind]:
    return {one.id: one.kind for one in session.execute(select(Fund.id, Fund.kind).where(Fund.id.in_(ids)))}


def _categories(session: Session, ids: set[int]) -> dict[int, ProjectCategory]:
    rows = session.execute(select(Project.id, Project.category).where(Project.id.in_(ids)))
    return {one.id: one.category for one in rows}
