"""A demonstration: this and the past year of a made-up district, by the same services as real use, clearly marked.

All of it is one transaction: an interrupted run leaves nothing, and the next one starts afresh.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import writing
from portal.demo import (
    aided,
    asking,
    corrections,
    cost_ratios,
    fiscal,
    gifts,
    goods,
    moving,
    open_bills,
    payouts,
    seasons,
    undertakings,
    waiting,
    ways_of_giving,
)
from portal.demo.accounts import USERNAMES, Accounts, make_accounts, renew_passwords, weakness
from portal.demo.registering import register
from portal.demo.stage import Stage
from portal.indicators.services.statements import OutsideDetails, enter_outside
from portal.ledger.figures import ledger_size
from portal.periods import Month, today
from portal.refusals import Conflict
from portal.registry.geography import current_district
from portal.registry.models import District, Organisation, Street
from portal.staff.models import StaffMember

SEED = 20260905
GIFTS = 5_000
PAYOUTS = 402
"""A few more than 400, because some are reversed."""
IN_KIND_A_MONTH = 3

Tell = Callable[[str], object]

_SOURCE = "演示数据，非真实统计"
_BEFORE = {
    2020: 5_483_000_000,
    2021: 6_048_000_000,
    2022: 7_012_000_000,
    2023: 8_197_000_000,
    2024: 9_160_000_000,
}
"""Made-up totals of the years before the books, in fen, so that the path to the target has points to show."""
_ELSEWHERE = 4_640_000_000
"""What others than the portal's members took in in the past year, in fen; made up as well."""


def make_demonstration(settings: Settings, tell: Tell) -> list[str]:
    """Fill an empty database with a demonstration; return what the person at the keyboard must know.

    Raises:
        Conflict: in production; real books never hold made-up gifts.
    """
    if settings.production:
        raise Conflict("正式环境不生成演示数据（PORTAL_ENVIRONMENT=production）。")
    with writing() as session:
        district = current_district(session)
        if district is not None and district.demonstration:
            return _already_there(session, settings)
        obstacle = _obstacle(session)
        if district is None or obstacle:
            return [obstacle or "还没有行政区数据，没有生成演示数据。请先运行 portal init。"]
        tell("making a demonstration district, marked as such (about a minute) …")
        return _make(session, district, settings, tell).lines


def _already_there(session: Session, settings: Settings) -> list[str]:
    renewed = renew_passwords(session, settings)
    changed = "密码已换成 PORTAL_DEMO_PASSWORD 所设的" if renewed else "密码不变"
    return [f"演示数据已经在库里；账号：{'、'.join(USERNAMES)}（{changed}）", *weakness(settings)]


def _obstacle(session: Session) -> str:
    """Why these books are no place for made-up gifts, or nothing."""

    def some(model: type[Organisation | StaffMember | Street]) -> bool:
        return bool(session.scalar(select(func.count()).select_from(model)))

    if ledger_size(session) or some(Organisation):
        return "数据库里已有真实数据，没有生成演示数据。演示请用另一个空的数据库（PORTAL_DATABASE_URL）。"
    if some(StaffMember):
        return "数据库里已有工作人员账号，没有生成演示数据。演示请用另一个空的数据库（PORTAL_DATABASE_URL）。"
    return "" if some(Street) else "行政区数据里没有街道，没有生成演示数据。"


def _make(session: Session, district: District, settings: Settings, tell: Tell) -> Accounts:
    day = today()
    last_day = day - timedelta(days=1)
    first = Month(last_day.year - 1, 1)
    made = register(session, district, first.year, last_day.year)
    district.demonstration = True
    station = made.stations[1]
    team = make_accounts(settings, station)
    random = Random(SEED)  # noqa: S311 - made up, and the same each time
    stage = Stage(
        session, random, made, team.clerk, team.reviewer, team.second_reviewer, team.station, station, day
    )
    tell(f"  {len(made.organisations)} organisations, {len(made.funds)} funds, {len(made.stations)} stations")
    moving.seat_committees(stage, first.year)
    undertakings.plan(stage, first.year)
    _live(stage, first, last_day, tell)
    open_bills.mend(stage, Month.of(last_day).plus(-1))
    moving.move(stage)
    tell("  fiscal receipts of all but the last days")
    fiscal.issue(stage)
    tell("  audited figures of the years before")
    cost_ratios.state_years(stage, first.year)
    cost_ratios.come_near_the_limit(stage, last_day)
    tell("  lists of persons who are helped")
    aided.leave(stage)
    waiting.leave(stage)
    ways_of_giving.show(stage)
    asking.hear(stage, settings.secret_key.get_secret_value(), team.bureau)
    _state_outside(stage, first.year)
    return team


def _live(stage: Stage, first: Month, last_day: date, tell: Tell) -> None:
    """Month by month: gifts and payouts in order of days, then corrections, then the bills that close it."""
    days = seasons.spread(stage.random, first.first, last_day, GIFTS)
    months = seasons.months_between(first, last_day)
    paid = 0
    for number, month in enumerate(months):
        wanted = PAYOUTS * (number + 1) // len(months) - paid
        paid += _play(stage, days[month], [_payday(stage, month, last_day) for _ in range(wanted)])
        for offset in range(IN_KIND_A_MONTH):
            gifts.post_in_kind(stage, min(month.first + timedelta(days=7 * offset + 3), last_day))
        if number % 2:
            goods.give_out(stage, min(month.last, last_day))
        if number % 6 == 5:
            goods.take_care(stage, min(month.last, last_day))
        if number:
            gifts.post_late(stage, months[number - 1].last - timedelta(days=number % 9))
        if number % 3 == 1:
            corrections.reverse_gift(stage, month)
        if number % 12 == 8:
            corrections.reverse_payout(stage, month)
        if month.last <= last_day:
            open_bills.publish(stage, month)
            undertakings.look_back(stage, month)
        tell(f"  {month}: {len(days[month])} gifts, {wanted} payouts")


def _play(stage: Stage, gift_days: list[date], paydays: list[date]) -> int:
    """Post a month's gifts and payouts; return how many payouts could be afforded."""
    paid = 0
    for day, pays in sorted([(day, False) for day in gift_days] + [(day, True) for day in paydays]):
        if not pays:
            gifts.post(stage, day)
        elif payouts.post(stage, day) is not None:
            paid += 1
    return paid


def _payday(stage: Stage, month: Month, last_day: date) -> date:
    last = min(month.last, last_day)
    return max(month.first, last - timedelta(days=stage.random.randrange(20)))


def _state_outside(stage: Stage, first_year: int) -> None:
    for year in range(min(_BEFORE), first_year):
        known = min(year, max(_BEFORE))
        amount_fen = _BEFORE[known] * (100 + 8 * (year - known)) // 100
        _outside(stage, year, amount_fen, "建账以前的全区捐赠")
    _outside(stage, first_year, _ELSEWHERE, "本平台以外慈善组织接收的捐赠")


def _outside(stage: Stage, year: int, amount_fen: int, scope: str) -> None:
    details = OutsideDetails(year=year, amount_fen=amount_fen, scope=scope, source=_SOURCE)
    enter_outside(stage.clerk, details)
