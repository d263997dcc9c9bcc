"""The judge of data as it is called: on a served portal, silent when all is well, loud when a figure is another."""

import subprocess
import sys

import pytest
from sqlalchemy.orm import Session

from portal.config import PROJECT
from portal.db import writing
from portal.periods import Month, today
from tests import factories, gifts
from tests.browser.fixtures import Site
from tools.judges import data, programs

pytestmark = pytest.mark.one_engine


def _judge(site: Site) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.judges.data", site.address],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_served_portal_is_judged(session: Session, site: Site) -> None:
    with writing() as writer:
        fund = factories.fund(writer)
    gifts.posted_gift(fund, 50_000, Month.of(today()).plus(-1).first)
    gifts.posted_payout(fund, 1_000)
    done = _judge(site)
    assert (done.returncode, done.stdout) == (0, "data: 0 findings\n"), done.stdout + done.stderr


def test_a_portal_without_books_has_nothing_that_could_be_judged(session: Session, site: Site) -> None:
    done = _judge(site)
    assert done.returncode == 1 and "nothing to judge" in done.stdout


def test_one_fen_between_a_judge_and_the_api_is_found() -> None:
    held = {"HZ0001": {**dict.fromkeys(programs.POTS, 0), "money": 100}}
    other = {"HZ0001": {**dict.fromkeys(programs.POTS, 0), "money": 101}}
    assert (
        list(data.compare(held, held, "x")) == [] == list(data.compare_balances({"HZ0001": 100}, held, "x"))
    )
    assert list(data.compare(held, other, "x")) and list(data.compare_balances({"HZ0001": 100}, other, "x"))
    assert list(data.compare(held, {}, "x")) and list(data.compare({}, held, "x"))
