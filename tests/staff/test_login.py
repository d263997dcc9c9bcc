"""Logging in, being locked out, the second factor, and sessions that end."""

from datetime import timedelta
from typing import Any

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
from portal.staff import accounts, audit, known_devices, passwords, sessions, totp
from portal.staff.desk import safe_target
from portal.staff.known_devices import KnownDevice
from portal.staff.models import Role, StaffMember
from portal.staff.sessions import Credentials, LoginLocked, LoginRefused
from portal.staff.throttle import Limit, seconds_left
from tests import people
from tests.people import PASSWORD

WRONG = "wrong-password-2026"


def attempt(
    settings: Settings,
    password: str = PASSWORD,
    username: str = "district.clerk",
    code: str = "",
    network: str = "192.0.2",
    known: KnownDevice | None = None,
) -> str:
    return sessions.log_in(Credentials(username, password, code, network, "test", known), settings)


def fail(settings: Settings, times: int, **given: Any) -> None:
    for _ in range(times):
        with pytest.raises(LoginRefused):
            attempt(settings, WRONG, **given)


def guess_from_everywhere(settings: Settings, username: str = "district.clerk", free: int = 0) -> None:
    """As many wrong passwords from many networks as are free, or so many."""
    for number in range(free or sessions.NAME_FAILURES):
        fail(settings, 1, username=username, network=f"198.51.{number}")


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


def test_a_stranger_with_wrong_passwords_locks_out_only_the_own_network(
    clerk: StaffMember, settings: Settings
) -> None:
    fail(settings, sessions.FREE_FAILURES, network="203.0.113")
    with pytest.raises(LoginLocked):
        attempt(settings, network="203.0.113")
    assert attempt(settings)


def test_guessing_from_many_networks_makes_strange_browsers_wait_longer_and_longer(
    clerk: StaffMember, settings: Settings
) -> None:
    guess_from_everywhere(settings)
    waited, tries, moment = [], 0, now()
    while moment < now() + timedelta(hours=24):
        with time_machine.travel(moment, tick=False):
            try:
                attempt(settings, WRONG, network=f"10.{tries // 250}.{tries % 250}")
            except LoginLocked:
                left = seconds_left(db.session(), [Limit("name:district.clerk", 0)])
                db.session.rollback()
                waited.append(left)
                moment += timedelta(seconds=left)
            except LoginRefused:
                tries += 1
    assert waited[1:4] == [5, 9, 17] and max(waited) <= 901
    assert tries < 120, "fewer guesses a day than a lock of a quarter of an hour every five tries allowed"


def test_a_known_browser_logs_in_while_strangers_guess(clerk: StaffMember, settings: Settings) -> None:
    known = known_devices.after_login(None, "District.Clerk ")
    guess_from_everywhere(settings)
    with pytest.raises(LoginLocked):
        attempt(settings)
    assert attempt(settings, known=known)
    with pytest.raises(LoginLocked):
        attempt(settings)


def test_a_known_browser_is_no_way_around_the_limits(clerk: StaffMember, settings: Settings) -> None:
    known = known_devices.after_login(None, "district.clerk")
    fail(settings, sessions.FREE_FAILURES, known=known)
    with pytest.raises(LoginLocked):
        attempt(settings, known=known)
    other = known_devices.after_login(None, "somebody.else")
    guess_from_everywhere(settings)
    with pytest.raises(LoginLocked):
        attempt(settings, known=other)


def test_what_a_browser_keeps_is_signed_and_grows_old(settings: Settings) -> None:
    device = known_devices.after_login(known_devices.after_login(None, "a.first"), "b.second")
    sealed = device.sealed(settings)
    found = known_devices.read(sealed, settings)
    assert found == device and found.knows("A.First") and not found.knows("c.third")
    for forged in (sealed[:-1] + ("A" if sealed[-1] != "A" else "B"), "", "x.y.z"):
        assert known_devices.read(forged, settings) is None
    with time_machine.travel(now() + known_devices.KEPT + timedelta(days=1), tick=False):
        assert known_devices.read(sealed, settings) is None


def test_administrators_see_that_somebody_guesses(clerk: StaffMember, settings: Settings) -> None:
    fail(settings, sessions.FREE_FAILURES, network="203.0.113")
    guess_from_everywhere(settings, free=sessions.NAME_FAILURES - sessions.FREE_FAILURES)
    guess_from_everywhere(settings, username="nobody.at.all")
    noted = [
        (one.action, one.detail["network"])
        for one in audit.of_subject(db.session(), "staff_member", clerk.id)
        if one.action.startswith("staff.login_")
    ]
    assert noted == [("staff.login_locked", "203.0.113"), ("staff.login_slowed", "198.51.4")]


def test_a_new_password_from_an_administrator_ends_the_wait(clerk: StaffMember, settings: Settings) -> None:
    guess_from_everywhere(settings)
    fresh = accounts.reset_password(clerk.id, people.member("the.admin", Role.ADMINISTRATOR))
    assert attempt(settings, fresh)


@pytest.mark.one_engine
def test_the_login_page_knows_a_browser_again(app: Flask, clerk: StaffMember, settings: Settings) -> None:
    typed = {"username": "district.clerk", "password": PASSWORD}
    browser = app.test_client()
    given = browser.post("/desk/login", data=typed).headers.getlist("Set-Cookie")
    (cookie,) = [one for one in given if one.startswith("portal_device=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/desk/login" in cookie
    browser.post("/desk/logout")
    guess_from_everywhere(settings)
    assert app.test_client().post("/desk/login", data=typed).status_code == 429
    assert browser.post("/desk/login", data=typed).status_code == 302


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
