"""People at the desk for the tests of the registry."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.db import writing
from portal.staff import accounts, sessions
from portal.staff.models import Role, StaffMember

ClerkOf = Callable[[int], StaffMember]
LogIn = Callable[[StaffMember], FlaskClient]

PASSWORD = "long-enough-Haizhu-2026"  # noqa: S105 - of accounts that live for one test


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    """The application's context, around the whole test."""
    with app.app_context():
        yield


@pytest.fixture
def clerk(app_context: None) -> StaffMember:
    """A clerk of the federation, at work for the whole district."""
    return _clerk("district.clerk", None)


@pytest.fixture
def clerk_of(app_context: None) -> ClerkOf:
    """Makes a clerk of one organisation, given its id."""
    return lambda organisation_id: _clerk(f"clerk.of.{organisation_id}", organisation_id)


@pytest.fixture
def log_in(app: Flask, app_context: None) -> LogIn:
    """Makes a browser in which a member of staff is logged in."""

    def _log_in(member: StaffMember) -> FlaskClient:
        credentials = sessions.Credentials(member.username, PASSWORD, "", "192.0.2.0", "test")
        token = sessions.log_in(credentials, app.config["PORTAL_SETTINGS"])
        client = app.test_client()
        client.set_cookie("portal_desk", token)
        return client

    return _log_in


def _clerk(username: str, organisation_id: int | None) -> StaffMember:
    with writing():
        details = accounts.AccountDetails(username, "陈经办", Role.FEDERATION_CLERK, organisation_id)
        return accounts.add(details, PASSWORD, None)
