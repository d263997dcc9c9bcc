"""The accounts of the demonstration, one for each role, and the lines that tell how to log in."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.refusals import Invalid
from portal.registry.models import Station
from portal.staff import accounts, passwords
from portal.staff.accounts import AccountDetails
from portal.staff.models import Role, StaffMember

_PEOPLE = {
    "clerk": ("陈经办", Role.FEDERATION_CLERK, "区慈善会经办员：登记捐赠和支出"),
    "reviewer": ("林复核", Role.REVIEWER, "复核员：复核后才入账"),
    "reviewer2": ("黄复核", Role.REVIEWER, "复核员：大额支出的第二次复核"),
    "station": ("何站员", Role.STATION_CLERK, "站点人员：只登记本站点的捐赠"),
    "auditor": ("周审计", Role.AUDITOR, "审计员：只看不改"),
    "bureau": ("区民政局", Role.BUREAU, "民政部门人员：处理投诉，查看提问"),
    "admin": ("梁管理", Role.ADMINISTRATOR, "管理员：管理账号"),
}
USERNAMES = tuple(_PEOPLE)


@dataclass(frozen=True)
class Accounts:
    """Who logs and who reviews, and the lines that tell how to log in."""

    clerk: StaffMember
    reviewer: StaffMember
    second_reviewer: StaffMember
    station: StaffMember
    bureau: StaffMember
    lines: list[str]


def make_accounts(settings: Settings, station: Station) -> Accounts:
    """Make all accounts with the one password of the demonstration, or with a new one that is told once.

    The password may be weak, and then that is said: these books are made up, and production refuses to make them.
    """
    given = _given(settings)
    password = given or passwords.generate()
    made = {
        username: accounts.add(
            AccountDetails(
                username,
                name,
                role,
                station.organisation_id if role is Role.STATION_CLERK else None,
                station.id if role is Role.STATION_CLERK else None,
            ),
            password,
            None,
            any_password=True,
        )
        for username, (name, role, _what) in _PEOPLE.items()
    }
    lines = [f"账号 {username:<9} {what}" for username, (_name, _role, what) in _PEOPLE.items()]
    lines.append(
        "以上账号的密码都是 PORTAL_DEMO_PASSWORD 所设的"
        if given
        else f"以上账号的密码都是 {password}（只显示这一次，请记下）"
    )
    return Accounts(
        made["clerk"],
        made["reviewer"],
        made["reviewer2"],
        made["station"],
        made["bureau"],
        lines + weakness(settings),
    )


def renew_passwords(session: Session, settings: Settings) -> bool:
    """Give the accounts the password that the environment names now; False when it names none or it is the same."""
    given = _given(settings)
    members = session.scalars(select(StaffMember).where(StaffMember.username.in_(USERNAMES))).all()
    stale = [one for one in members if given and not passwords.matches(one.password_hash, given)]
    for member in stale:
        member.password_hash = passwords.hash_password(given)
        accounts.end_sessions(session, member.id)
    return bool(stale)


def weakness(settings: Settings) -> list[str]:
    """A warning when the password of the environment would be refused for a real account, else nothing."""
    given = _given(settings)
    try:
        for username in USERNAMES if given else ():
            passwords.require_strength(given, username)
    except Invalid as problem:
        return [f"注意：PORTAL_DEMO_PASSWORD 是弱密码（{problem}），只能在自己的电脑上试用，不要让外人访问。"]
    return []


def _given(settings: Settings) -> str:
    return settings.demo_password.get_secret_value() if settings.demo_password else ""
