"""The accounts of the demonstration, one for each role."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.registry.models import Station
from portal.staff import accounts, passwords
from portal.staff.accounts import AccountDetails
from portal.staff.models import Role, StaffMember

USERNAMES = ("clerk", "reviewer", "station", "auditor", "admin")

_PEOPLE = (
    ("clerk", "陈经办", Role.FEDERATION_CLERK),
    ("reviewer", "林复核", Role.REVIEWER),
    ("station", "何站员", Role.STATION_CLERK),
    ("auditor", "周审计", Role.AUDITOR),
    ("admin", "梁管理", Role.ADMINISTRATOR),
)


@dataclass(frozen=True)
class Accounts:
    """Who logs and who reviews, and the lines that tell how to log in."""

    clerk: StaffMember
    reviewer: StaffMember
    lines: list[str]


def make_accounts(settings: Settings, station: Station) -> Accounts:
    """Make all accounts with the one password of the demonstration, or with a new one that is told once.

    The password may be weak: these books are made up, and a production start refuses to make them.
    """
    given = settings.demo_password.get_secret_value() if settings.demo_password else ""
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
        for username, name, role in _PEOPLE
    }
    shown = "（PORTAL_DEMO_PASSWORD）" if given else password
    lines = [f"演示账号 {username}：{name}，密码 {shown}" for username, name, _role in _PEOPLE]
    return Accounts(made["clerk"], made["reviewer"], lines)


def renew_passwords(session: Session, settings: Settings) -> bool:
    """Give the accounts the password that the environment names now; False when it names none or it is the same."""
    given = settings.demo_password.get_secret_value() if settings.demo_password else ""
    members = session.scalars(select(StaffMember).where(StaffMember.username.in_(USERNAMES))).all()
    stale = [one for one in members if given and not passwords.matches(one.password_hash, given)]
    for member in stale:
        member.password_hash = passwords.hash_password(given)
        accounts.end_sessions(session, member.id)
    return bool(stale)
