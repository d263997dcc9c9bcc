"""Logging in, being locked out, the second factor, and sessions that end."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db
from portal.periods import now
from portal.refusals import Invalid
from portal.staff import accounts, passwords, sessions, totp
from portal.staff.desk import safe_target
from portal.staff.models import Role, StaffMember
from portal.staff.sessions import Credentials, LoginLocked, LoginRefused
from tests import people
from tests.people import PASSWORD


def attempt(
    settings: Settings, password: str = PASSWORD, username: str = "district.clerk", code: str = ""
) -> str:
    return sessions.log_in(Credentials(username, password, code, "192.0.2.0", "test"), settings)


def test_the_right_password_opens_a_session(clerk: StaffMember, settings: Settings) -> None:
    found = sessions.resume(db.session(), attempt(settings), settings)
    assert found is not None and found[0].id == clerk.id


def test_a_wrong_password_and_an_unknown_name_sound_alike(clerk: StaffMember, settings: Settings) -> None:
    messages = set()
    for username in ("district.clerk", "nobody.at.all"):
        with pytest.raises(LoginRefused) as refusal:
            attempt(settings, "wrong-password-2026", username)
        messages.add(str(refusal.value))
    assert len(messages) == 1


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(
    clerk: StaffMember, settings: Settings
) -> None:
    for _ in range(sessions.FREE_FAILURES):
        with pytest.raises(LoginRefused):
            attempt(settings, "wrong-password-2026")
    with pytest.raises(LoginLocked):
        attempt(settings)
    with time_machine.travel(now() + timedelta(minutes=16), tick=False):
        assert attempt(settings)


def test_an_idle_session_ends_and_so_does_an_old_one(clerk: StaffMember, settings: Settings) -> None:
    token = attempt(settings)
    for later in (
        timedelta(minutes=settings.session_idle_minutes + 1),
        timedelta(hours=settings.session_absolute_hours + 1),
    ):
        with time_machine.travel(now() + later, tick=False):
            assert sessions.resume(db.session(), token, settings) is None
            db.session.rollback()


def test_a_changed_password_ends_every_session(clerk: StaffMember, settings: Settings) -> None:
    token = attempt(settings)
    accounts.change_password(clerk, PASSWORD, "another-good-phrase-88")
    assert sessions.resume(db.session(), token, settings) is None


def test_an_account_that_is_shut_out_is_out_at_once(clerk: StaffMember, settings: Settings) -> None:
    token = attempt(settings)
    administrator = people.member("the.admin", Role.ADMINISTRATOR)
    accounts.set_active(clerk.id, False, administrator)
    assert sessions.resume(db.session(), token, settings) is None
    with pytest.raises(LoginRefused):
        attempt(settings)


@pytest.mark.parametrize(
    "weak", ["short", "district.clerk-2026", "password12345", "aaaaaaaaaaaaaaaa", "x" * 129]
)
def test_weak_passwords_are_refused(app_context: None, weak: str) -> None:
    with pytest.raises(Invalid):
        passwords.require_strength(weak, "district.clerk")


def test_a_code_is_accepted_once(clerk: StaffMember, settings: Settings, session: Session) -> None:
    totp.begin(clerk, settings)
    member = session.get_one(StaffMember, clerk.id)
    generator = pyotp.parse_uri(totp.address(member, settings))
    moment = now()
    with time_machine.travel(moment, tick=False):
        totp.confirm(member, generator.at(moment), settings)
    with time_machine.travel(moment + timedelta(seconds=60), tick=False):
        code = generator.at(moment + timedelta(seconds=60))
        assert attempt(settings, code=code)
        with pytest.raises(LoginRefused):
            attempt(settings, code=code)
        with pytest.raises(LoginRefused):
            attempt(settings)


@pytest.mark.one_engine
def test_the_login_page_leads_on_and_out_again(app: Flask, clerk: StaffMember, client: FlaskClient) -> None:
    typed = {"username": "district.clerk", "password": PASSWORD}
    done = client.post("/desk/login?next=/desk/donations", data=typed)
    assert done.status_code == 302 and done.location == "/desk/donations"
    assert "HttpOnly" in done.headers["Set-Cookie"] and "SameSite=Lax" in done.headers["Set-Cookie"]
    assert client.get("/desk/donations").status_code == 200
    client.post("/desk/logout")
    assert client.get("/desk/donations").status_code == 302


@pytest.mark.one_engine
@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/desk\r\nX: y", "javascript:alert(1)", ""],
)
def test_login_leads_nowhere_else(target: str) -> None:
    assert safe_target(target) is None
