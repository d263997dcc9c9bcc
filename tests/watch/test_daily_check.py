"""The daily check of the books runs beside the site, once a day, and again soon where it broke down."""

import os
import subprocess
import sys
import time

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from portal.config import PROJECT, Settings
from portal.db import writing
from portal.jobs.starting import environment_of
from portal.watch import daily_check
from portal.watch.daily_check import CheckFailed, DailyCheck
from tests import factories, gifts

pytestmark = pytest.mark.one_engine


@pytest.fixture
def check(app: Flask, session: Session) -> DailyCheck:
    """The check of books with one gift."""
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund, 12_345)
    settings: Settings = app.config["PORTAL_SETTINGS"]
    return DailyCheck(settings)


def later(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    at = time.monotonic() + hours * 3600
    monkeypatch.setattr(time, "monotonic", lambda: at)


def test_it_tells_once_what_it_found_and_then_waits_a_day(
    check: DailyCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check.look() is None
    check.wait()
    found = check.look()
    assert found is not None and found.ok and found.entries == 1
    assert check.look() is None and not check.running
    later(monkeypatch, 23)
    assert check.look() is None and not check.running
    later(monkeypatch, 2)
    assert check.look() is None and check.running
    check.wait()


def test_it_ends_with_the_site(app: Flask, session: Session) -> None:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    child = subprocess.Popen(
        [sys.executable, "-m", daily_check.PROGRAM],
        cwd=PROJECT,
        env={**os.environ, **environment_of(settings)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )
    said, _nothing = child.communicate(timeout=60)
    assert child.returncode == 1 and said == b""


def test_a_check_that_broke_down_is_told_and_begun_again_after_an_hour(
    check: DailyCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_check, "PROGRAM", "portal.workers.of_no_such_name")
    assert check.look() is None
    check.wait()
    with pytest.raises(CheckFailed):
        check.look()
    assert check.look() is None and not check.running
    later(monkeypatch, 2)
    assert check.look() is None and check.running
    check.wait()
