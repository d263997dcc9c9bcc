"""Pledges: record, look up, cancel; and how a pledge stands against the gifts that fulfil it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.giving.checks import find_open_fund
from portal.giving.models import Donation
from portal.giving.pledge_models import Pledge, PledgeCounter, PledgeInstalment, PledgeRhythm, PledgeState
from portal.i18n import lazy_gettext as _l
from portal.identifiers import document_no
from portal.ledger.models import Entry
from portal.money import MAX_FEN
from portal.periods import now, today
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.staff import audit
from portal.staff.models import StaffMember

SUBJECT = "pledge"
PAGE = 50
MOST_INSTALMENTS = 60


@dataclass(frozen=True)
class PledgeDetails:
    """A pledge as stated. ``amount_fen`` is the whole sum, or of a monthly pledge the sum of one month.

    ``instalments`` says in how many equal monthly steps the whole sum comes.
    """

    fund: str
    donor_name: str
    amount_fen: int
    starts_on: date
    rhythm: PledgeRhythm = PledgeRhythm.INSTALMENTS
    instalments: int = 1
    ends_on: date | None = None
    remark: str = ""


@dataclass(frozen=True)
class Standing:
    """How a pledge stands on a day, in fen. ``open_fen`` is None while a monthly pledge has no end."""

    received_fen: int
    due_fen: int
    open_fen: int | None
    next_fen: int

    @property
    def overdue_fen(self) -> int:
        """What should have come by now and has not."""
        return max(self.due_fen - self.received_fen, 0)


def record(details: PledgeDetails, by: StaffMember, idempotency_key: str) -> Pledge:
    """Note a pledge; the same key gives the same pledge.

    Raises:
        Invalid: a field breaks a rule; the errors name each.
        Conflict: the key was used for another pledge.
    """
    with writing() as session:
        take_turn(session, f"pledge:{idempotency_key}")
        earlier: Pledge | None = session.scalar(
            select(Pledge).where(Pledge.idempotency_key == idempotency_key)
        )
        if earlier is not None:
            if (earlier.donor_name, earlier.amount_fen) != (details.donor_name, details.amount_fen):
                raise Conflict(_l("这张表单已经提交过另一笔认捐。请打开新的表单重新填写。"))
            return earlier
        errors: dict[str, Sentence] = {}
        fund = find_open_fund(session, details.fund, "", by.scope, errors)
        _check(details, errors)
        if errors or fund is None:
            raise Invalid(errors)
        pledge = Pledge(
            pledge_no=_next_number(session),
            organisation_id=fund.organisation_id,
            fund_id=fund.id,
            maker_id=by.id,
            made_at=now(),
            idempotency_key=idempotency_key,
            instalments=_instalments(details),
            **{name: value for name, value in asdict(details).items() if name not in ("fund", "instalments")},
        )
        session.add(pledge)
        session.flush()
        audit.record(session, staff=by, action="pledge.recorded", subject_kind=SUBJECT, subject_id=pledge.id)
        return pledge


def cancel(pledge_no: str, by: StaffMember) -> Pledge:
    """Expect no more gifts; those that came stay.

    Raises:
        NotFound: there is no such pledge, or none for this person.
        Conflict: it was cancelled before.
    """
    with writing() as session:
        pledge = find(session, pledge_no, by)
        if pledge.state is PledgeState.CANCELLED:
            raise Conflict(_l("这笔认捐已经取消。"))
        pledge.state = PledgeState.CANCELLED
        audit.record(session, staff=by, action="pledge.cancelled", subject_kind=SUBJECT, subject_id=pledge.id)
        return pledge


def find(session: Session, pledge_no: str, by: StaffMember) -> Pledge:
    """A pledge within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    pledge: Pledge | None = session.scalar(select(Pledge).where(Pledge.pledge_no == pledge_no.upper()))
    if pledge is None or not by.scope.permits(pledge.organisation_id, by.scope.station_id):
        raise NotFound(_l("没有找到这笔认捐。"))
    return pledge


def page(session: Session, by: StaffMember, *, before: int | None = None) -> Sequence[Pledge]:
    """Pledges within reach, newest first; ``before`` is the id of the last of the page before."""
    query = select(Pledge).order_by(Pledge.id.desc()).limit(PAGE)
    if by.scope.organisation_id is not None:
        query = query.where(Pledge.organisation_id == by.scope.organisation_id)
    if before is not None:
        query = query.where(Pledge.id < before)
    return session.scalars(query).all()


def gifts_of(session: Session, pledge: Pledge) -> Sequence[Donation]:
    """The gifts that were logged for a pledge, oldest first."""
    return session.scalars(
        select(Donation).where(Donation.pledge_id == pledge.id).order_by(Donation.id)
    ).all()


def standing(session: Session, pledge: Pledge, on: date | None = None) -> Standing:
    """How a pledge stands: only gifts in the ledger count, and none that was reversed."""
    day = on or today()
    reversed_ = select(Entry.reverses_id).where(Entry.reverses_id == Donation.entry_id).exists()
    amounts = session.scalars(
        select(Donation.amount_fen).where(
            Donation.pledge_id == pledge.id, Donation.entry_id.is_not(None), ~reversed_
        )
    )
    received = sum(amounts)
    if pledge.rhythm is PledgeRhythm.MONTHLY:
        due = pledge.amount_fen * _months(pledge.starts_on, min(day, pledge.ends_on or day))
        whole = pledge.amount_fen * _months(pledge.starts_on, pledge.ends_on) if pledge.ends_on else None
        following = pledge.amount_fen
    else:
        due = sum(one.amount_fen for one in pledge.instalments if one.due_on <= day)
        whole = pledge.amount_fen
        following = _next_instalment(pledge, received)
    left = None if whole is None else max(whole - received, 0)
    return Standing(received, due, left, following if left is None else min(following, left))


def _check(details: PledgeDetails, errors: dict[str, Sentence]) -> None:
    if not details.donor_name:
        errors["donor_name"] = _l("请填写认捐人。")
    if not 0 < details.amount_fen <= MAX_FEN:
        errors["amount"] = _l("金额必须大于零，且不超过一千亿元。")
    monthly = details.rhythm is PledgeRhythm.MONTHLY
    if not monthly and not 1 <= details.instalments <= MOST_INSTALMENTS:
        errors["instalments"] = _l("期数在 1 到 %(most)d 之间。", most=MOST_INSTALMENTS)
    elif not monthly and details.amount_fen < details.instalments:
        errors["instalments"] = _l("期数太多，每期不到一分钱。")
    if monthly and details.ends_on is not None and details.ends_on < details.starts_on:
        errors["ends_on"] = _l("结束日期不能早于开始日期。")
    if not monthly and details.ends_on is not None:
        errors["ends_on"] = _l("分期的认捐由期数决定结束，请把结束日期清空。")


def _instalments(details: PledgeDetails) -> list[PledgeInstalment]:
    """Equal steps a month apart; the last one takes the rest, so that no fen is lost."""
    if details.rhythm is PledgeRhythm.MONTHLY:
        return []
    step, rest = divmod(details.amount_fen, details.instalments)
    last = details.instalments - 1
    return [
        PledgeInstalment(
            due_on=_months_later(details.starts_on, number), amount_fen=step + (rest if number == last else 0)
        )
        for number in range(details.instalments)
    ]


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _months(first: date, last: date) -> int:
    """How many monthly steps fall within days, both included."""
    if last < first:
        return 0
    months = (last.year - first.year) * 12 + last.month - first.month
    return months + (_months_later(first, months) <= last)


def _next_instalment(pledge: Pledge, received_fen: int) -> int:
    """What is missing of the first instalment that is not fully paid."""
    through = 0
    for one in pledge.instalments:
        through += one.amount_fen
        if received_fen < through:
            return through - received_fen
    return 0


def _next_number(session: Session) -> str:
    year = today().year
    take_turn(session, f"pledge-number:{year}")
    counter = session.get(PledgeCounter, year, with_for_update=True)
    if counter is None:
        counter = PledgeCounter(year=year, last=0)
        session.add(counter)
    counter.last += 1
    session.flush()
    return document_no("P", year, counter.last)
