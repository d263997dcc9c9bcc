"""People at the desk for tests."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.db import db
from portal.registry.models import Station
from portal.staff import accounts, sessions
from portal.staff.models import Role, StaffMember

ClerkOf = Callable[[int], StaffMember]
LogIn = Callable[[StaffMember], FlaskClient]

PASSWORD = "long-enough-Haizhu-2026"

_NAMES = {
    Role.STATION_CLERK: "何站员",
    Role.FEDERATION_CLERK: "陈经办",
    Role.REVIEWER: "林复核",
    Role.AUDITOR: "周审计",
    Role.ADMINISTRATOR: "梁管理",
    Role.BUREAU: "区民政局",
}


def member(
    username: str, role: Role, organisation_id: int | None = None, station_id: int | None = None
) -> StaffMember:
    """The account with a name, made when there is none."""
    known = db.session.scalar(select(StaffMember).where(StaffMember.username == username))
    if known is not None:
        return known
    details = accounts.AccountDetails(username, _NAMES[role], role, organisation_id, station_id)
    return accounts.add(details, PASSWORD, None)


def clerk() -> StaffMember:
    """A clerk of the federation, at work for the whole district."""
    return member("district.clerk", Role.FEDERATION_CLERK)


def reviewer() -> StaffMember:
    """A reviewer for the whole district."""
    return member("district.reviewer", Role.REVIEWER)


def second_reviewer() -> StaffMember:
    """Another reviewer for the whole district."""
    return member("district.reviewer2", Role.REVIEWER)


def station_clerk(station: Station) -> StaffMember:
    """A clerk of one station."""
    return member(f"clerk.{station.code.lower()}", Role.STATION_CLERK, station.organisation_id, station.id)


def log_in(app: Flask, who: StaffMember) -> FlaskClient:
    """A browser in which somebody is logged in."""
    credentials = sessions.Credentials(who.username, PASSWORD, "", "192.0.2.0", "test")
    token = sessions.log_in(credentials, app.config["PORTAL_SETTINGS"])
    client = app.test_client()
    client.set_cookie("portal_desk", token)
    return client
