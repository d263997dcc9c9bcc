"""Reversing a gift that is spent already: another fund of the organisation covers what is missing, in public.

The cover is a transfer of its own, posted together with the reversal: either both stand in the ledger or neither.
"""

from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.ledger import balances, posting
from portal.ledger.entries import Dimensions, Document, moved_between
from portal.ledger.models import CAME, Entry, Posting, Transfer
from portal.refusals import Invalid, NotFound
from portal.registry import lookups
from portal.registry.models import Fund, FundKind, Organisation, Status
from portal.reversals.models import ReversalRequest
from portal.staff.models import StaffMember


def find_cover(session: Session, entry: Entry, code: str) -> Fund:
    """The fund that is to cover the reversal of an entry.

    Raises:
        Invalid: it is none of the same organisation, the gift's own, closed, or bound to something else.
    """
    try:
        fund = lookups.fund_by_code(session, code)
    except NotFound:
        fund = None
    if fund is None or fund.organisation_id != entry.organisation_id or fund.id == entry.fund_id:
        raise Invalid({"cover_fund": _l("请选择同一个组织的另一个基金来补足。")})
    if fund.status is not Status.ACTIVE:
        raise Invalid({"cover_fund": _l("基金“%(name)s”已停用或关闭，请换一个基金。", name=fund.name)})
    if fund.restricted or fund.kind is FundKind.COMMUNITY:
        raise Invalid(
            {
                "cover_fund": _l(
                    "“%(name)s”限定用途或由管委会决定，不能用来补足，请选一个不限定用途的基金。",
                    name=fund.name,
                )
            }
        )
    return fund


def covers(session: Session, entry: Entry) -> list[Fund]:
    """The funds that may cover the reversal of an entry, by code."""
    query = (
        select(Fund)
        .join(Organisation, Organisation.id == Fund.organisation_id)
        .where(
            Fund.organisation_id == entry.organisation_id,
            Fund.id != entry.fund_id,
            Fund.status == Status.ACTIVE,
            Fund.restricted.is_(False),
            Fund.kind != FundKind.COMMUNITY,
        )
    )
    return list(session.scalars(query.order_by(Fund.code)))


def shortfall_of(session: Session, entry: Entry) -> int:
    """What the fund that an entry's money came into has too little of to give it back, in fen."""
    rows = session.execute(
        select(Posting.fund_id, func.sum(Posting.amount_fen))
        .where(Posting.entry_id == entry.id, CAME)
        .group_by(Posting.fund_id)
    ).all()
    own = sum(int(fen) for fund_id, fen in rows if fund_id == entry.fund_id)
    return max(own - balances.available_fen(session, entry.fund_id), 0) if own else 0


def cover_shortfall(session: Session, wanted: ReversalRequest) -> int | None:
    """Move what is missing from the fund that the request names; the id of the entry, or None when nothing is missing.

    Raises:
        Invalid: that fund does not hold so much, or may not cover it any more.
    """
    if wanted.cover_fund_id is None:
        return None
    posting.lock(session)
    entry = wanted.subject_entry
    missing = shortfall_of(session, entry)
    if not missing:
        return None
    fund = find_cover(session, entry, lookups.fund_by_id(session, wanted.cover_fund_id).code)
    cover = moved_between(
        amount_fen=missing,
        channel=entry.channel,
        occurred_on=posting.mirror_day(session, entry),
        source=Dimensions(fund.organisation_id, fund.id),
        target_fund_id=entry.fund_id,
        document=Document(f"reversal-cover:{wanted.id}"),
    )
    words = f"补足红冲 {entry.entry_no}：{wanted.reason}"
    return posting.post(session, replace(cover, reason=words)).id


def require_reach(session: Session, entry_id: int, by: StaffMember) -> None:
    """A transfer to another organisation is taken back only by somebody whose work reaches both.

    Raises:
        Invalid: the money went to an organisation out of this person's reach.
    """
    moved = session.get(Transfer, entry_id)
    if moved is not None and not by.scope.permits(moved.to_organisation_id, None):
        raise Invalid({"reason": _l("钱已经转给另一个组织，要由全区范围的同事申请和复核红冲。")})
