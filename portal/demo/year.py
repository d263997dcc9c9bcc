"""A demonstration year: two years of a made-up district, through the same services as real use, clearly marked.

All of it is one transaction: an interrupted run leaves nothing, and the next one starts afresh.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.demo import giving, places
from portal.demo.accounts import USERNAMES, Accounts, make_accounts, renew_passwords
from portal.demo.giving import Stage
from portal.demo.registering import Registered, register
from portal.disclosure import bills
from portal.giving import service as gifts
from portal.indicators.services.statements import OutsideDetails, enter_outside
from portal.ledger.figures import ledger_size
from portal.periods import Month, today
from portal.refusals import Conflict
from portal.registry.geography import current_district
from portal.registry.models import District, Fund, Organisation

SEED = 20260905
GIFTS = 5_000
PAYOUTS = 400
WAITING = 14

Tell = Callable[[str], object]

_OUTSIDE = ((2020, 5_483_000_000), (2021, 6_048_000_000), (2023, 8_197_000_000))
"""Made-up totals of years before the books, in fen, so that the path to the target has points to show."""


def make_demonstration(settings: Settings, tell: Tell) -> list[str]:
    """Fill an empty database with a demonstration; return what the person at the keyboard must know.

    Raises:
        Conflict: in production; real books never hold made-up gifts.
    """
    if settings.production:
        raise Conflict("a demonstration is never made in production")
    session = db.session()
    district = current_district(session)
    if district is not None and district.demonstration:
        with writing() as writer:
            renewed = renew_passwords(writer, settings)
        changed = "密码已换成 PORTAL_DEMO_PASSWORD" if renewed else "密码不变"
        return [f"演示数据已经在库里；账号：{'、'.join(USERNAMES)}（{changed}）"]
    if ledger_size(session) or session.scalar(select(func.count()).select_from(Organisation)):
        return ["数据库里已有真实数据，没有生成演示数据"]
    tell("making a demonstration district, marked as such (about a minute) …")
    with writing() as writer:
        accounts = _make(writer, settings, tell)
    return accounts.lines


def _make(session: Session, settings: Settings, tell: Tell) -> Accounts:
    last_day = today() - timedelta(days=1)
    first = Month(last_day.year - 1, 1)
    months = [first.plus(step) for step in range((last_day.year - first.year) * 12 + last_day.month)]
    made = register(session, first.year, last_day.year)
    session.get_one(District, 1).demonstration = True
    accounts = make_accounts(settings, made.stations[1])
    stage = Stage(session, Random(SEED), made, accounts.clerk, accounts.reviewer, last_day)  # noqa: S311 - made up
    tell(f"  {len(made.organisations)} organisations, {len(made.funds)} funds, {len(made.stations)} stations")
    _live(stage, months, tell)
    _leave_work(stage)
    for year, amount_fen in _OUTSIDE:
        enter_outside(
            accounts.clerk,
            OutsideDetails(
                year=year, amount_fen=amount_fen, scope="建账以前的全区捐赠", source="演示数据，非真实统计"
            ),
        )
    return accounts


def _live(stage: Stage, months: list[Month], tell: Tell) -> None:
    days = giving.spread(stage.random, months, stage.last_day, GIFTS)
    payouts = 0
    for number, month in enumerate(months):
        posted = [giving.post_gift(stage, day) for day in days[month]]
        if number:
            late = months[number - 1].last - timedelta(days=number % 9)
            giving.post_gift(stage, late, stage.random.choice(places.LATE_REASONS))
        if number % 3 == 1 and posted:
            giving.reverse_gift(stage, stage.random.choice(posted))
        wanted = PAYOUTS * (number + 1) // len(months) - payouts
        payouts += sum(giving.post_payout(stage, _payday(stage, month)) for _ in range(wanted))
        if month.last <= stage.last_day:
            _publish(stage, month)
        # What was posted is not needed again; letting go of it keeps a long run quick.
        stage.session.flush()
        tell(f"  {month}: {len(posted)} gifts")


def _payday(stage: Stage, month: Month) -> date:
    last = min(month.last, stage.last_day)
    return max(month.first, last - timedelta(days=stage.random.randrange(12)))


def _publish(stage: Stage, month: Month) -> None:
    made: Registered = stage.made
    street_funds: list[Fund] = [fund for fund in made.funds if fund.street_id]
    codes = [organisation.uscc for organisation in made.organisations] + [fund.code for fund in street_funds]
    for code in codes:
        bills.publish(code, month, "", stage.clerk)


def _leave_work(stage: Stage) -> None:
    """Leave something on the desk: gifts and payouts that wait, one that came back, one withdrawn."""
    for _ in range(WAITING):
        giving.record_gift(stage, stage.last_day)
    for _ in range(3):
        giving.post_payout(stage, stage.last_day, approve=False)
    returned, withdrawn = (giving.record_gift(stage, stage.last_day) for _ in range(2))
    gifts.return_to_maker(
        returned.id, stage.reviewer, returned.version, stage.random.choice(places.RETURN_REASONS)
    )
    gifts.withdraw(withdrawn.id, stage.clerk, withdrawn.version)
