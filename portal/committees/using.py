"""What waits and what is paid under a decision: kept by conditional updates, so that no decision is used twice."""

from sqlalchemy import ColumnElement, column, select, table, update
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.util import identity_key

from portal.committees.models import CommitteeDecision
from portal.i18n import lazy_gettext as _l
from portal.money import format_yuan
from portal.refusals import Invalid
from portal.registry.models import Fund, FundKind
from portal.staff.documents import DocumentState

FIELD = "committee_decision"

_DOCUMENTS = [
    table(name, column("entry_id"), column("committee_decision_id"), column("amount_fen"))
    for name in ("disbursement", "fund_transfer")
]
"""What names a decision; read by table, as it stands above this package."""

_LEFT = CommitteeDecision.amount_fen - CommitteeDecision.committed_fen - CommitteeDecision.spent_fen


def needs_decision(fund: Fund) -> bool:
    """Whether what leaves a fund must be decided by its committee."""
    return fund.kind is FundKind.COMMUNITY


def commit(session: Session, decision_id: int | None, fund: Fund, amount_fen: int) -> None:
    """Set an amount aside under a decision of the fund's committee.

    Raises:
        Invalid: the fund needs a decision and none is given, it is another fund's, not confirmed, or used up.
    """
    if decision_id is None:
        if needs_decision(fund):
            raise Invalid({FIELD: _l("“%(fund)s”的支出要有管委会决议，请选择决议。", fund=fund.name)})
        return
    found = _change(
        session,
        decision_id,
        (
            CommitteeDecision.fund_id == fund.id,
            CommitteeDecision.state == DocumentState.POSTED,
            amount_fen <= _LEFT,
        ),
        {CommitteeDecision.committed_fen: CommitteeDecision.committed_fen + amount_fen},
    )
    if not found:
        raise _refusal(session, decision_id, fund)


def release(session: Session, decision_id: int | None, amount_fen: int) -> None:
    """Free what was set aside for something that will not happen."""
    if decision_id is not None:
        _change(
            session,
            decision_id,
            (),
            {CommitteeDecision.committed_fen: CommitteeDecision.committed_fen - amount_fen},
        )


def spend(session: Session, decision_id: int | None, amount_fen: int) -> None:
    """Turn what was set aside into what is paid."""
    if decision_id is not None:
        _change(
            session,
            decision_id,
            (),
            {
                CommitteeDecision.committed_fen: CommitteeDecision.committed_fen - amount_fen,
                CommitteeDecision.spent_fen: CommitteeDecision.spent_fen + amount_fen,
            },
        )


def give_back(session: Session, entry_id: int) -> None:
    """What an entry paid under a decision may be paid under it again, because the entry was reversed."""
    for document in _DOCUMENTS:
        row = session.execute(
            select(document.c.committee_decision_id, document.c.amount_fen).where(
                document.c.entry_id == entry_id, document.c.committee_decision_id.is_not(None)
            )
        ).one_or_none()
        if row is not None:
            _change(
                session,
                row.committee_decision_id,
                (),
                {CommitteeDecision.spent_fen: CommitteeDecision.spent_fen - row.amount_fen},
            )


def _change(
    session: Session,
    decision_id: int,
    conditions: tuple[ColumnElement[bool], ...],
    values: dict[InstrumentedAttribute[int], ColumnElement[int]],
) -> bool:
    changed = session.execute(
        update(CommitteeDecision)
        .where(CommitteeDecision.id == decision_id, *conditions)
        .values(values)
        .returning(CommitteeDecision.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    known = session.identity_map.get(identity_key(CommitteeDecision, decision_id))
    if known is not None:
        session.expire(known, ["committed_fen", "spent_fen"])
    return changed is not None


def _refusal(session: Session, decision_id: int, fund: Fund) -> Invalid:
    decision = session.get(CommitteeDecision, decision_id)
    if decision is None or decision.fund_id != fund.id:
        return Invalid({FIELD: _l("请选择“%(fund)s”自己的管委会决议。", fund=fund.name)})
    if decision.state is not DocumentState.POSTED:
        return Invalid({FIELD: _l("决议 %(number)s 还没有核对通过，不能使用。", number=decision.number)})
    return Invalid(
        {
            FIELD: _l(
                "决议 %(number)s 只剩 %(left)s 元可用。请减少金额，或由管委会再作决议。",
                number=decision.number,
                left=format_yuan(decision.left_fen),
            )
        }
    )
