"""What a clerk took in on a day, and the count of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.giving.models import Donation
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Channel, Form
from portal.money import MAX_FEN
from portal.periods import now, today
from portal.refusals import Invalid
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from portal.till.models import TillCount

PAGE = 50


@dataclass(frozen=True)
class Taken:
    """What came in by one channel: how many gifts, how much was logged, and how much of it stands in the ledger."""

    channel: Channel
    gifts: int
    logged_fen: int
    posted_fen: int


def taken_on(session: Session, by: StaffMember, day: date) -> list[Taken]:
    """What a clerk logged as received on a day, by channel; what was withdrawn counts no more."""
    posted = case((Donation.state == DocumentState.POSTED, Donation.amount_fen), else_=0)
    rows = session.execute(
        select(Donation.channel, func.count(Donation.id), func.sum(Donation.amount_fen), func.sum(posted))
        .where(
            Donation.maker_id == by.id,
            Donation.received_on == day,
            Donation.form == Form.MONEY,
            Donation.batch_id.is_(None),
            Donation.state != DocumentState.WITHDRAWN,
        )
        .group_by(Donation.channel)
        .order_by(Donation.channel)
    )
    return [Taken(channel, count, int(total), int(done)) for channel, count, total, done in rows]


def count(by: StaffMember, counted_fen: int, note: str) -> TillCount:
    """Keep what a clerk found in the till today, against what was logged as cash.

    Raises:
        Invalid: the amount is none, or a difference is not explained.
    """
    with writing() as session:
        if not 0 <= counted_fen <= MAX_FEN:
            raise Invalid({"counted": _l("请填写点到的现金。")})
        cash = [one for one in taken_on(session, by, today()) if one.channel is Channel.CASH]
        logged, posted = sum(one.logged_fen for one in cash), sum(one.posted_fen for one in cash)
        if counted_fen != logged and len(note.strip()) < 2:
            raise Invalid({"note": _l("点到的现金与登记的不符，请写明原因或处理办法。")})
        kept = TillCount(
            day=today(),
            maker_id=by.id,
            organisation_id=by.organisation_id,
            station_id=by.station_id,
            counted_fen=counted_fen,
            logged_fen=logged,
            posted_fen=posted,
            note=note.strip()[:500],
            made_at=now(),
        )
        session.add(kept)
        session.flush()
        audit.record(session, staff=by, action="till.counted", subject_kind="till_count", subject_id=kept.id)
        return kept


def counts(session: Session, by: StaffMember, *, own: bool) -> Sequence[TillCount]:
    """The newest counts: a clerk's own, or all within reach."""
    query = select(TillCount).order_by(TillCount.id.desc()).limit(PAGE)
    if own:
        query = query.where(TillCount.maker_id == by.id)
    if by.scope.organisation_id is not None:
        query = query.where(TillCount.organisation_id == by.scope.organisation_id)
    return session.scalars(query).all()
