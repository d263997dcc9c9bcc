"""The demonstration year: lively, marked, made by the services, safe to repeat, never beside real books."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.demo.accounts import USERNAMES
from portal.demo.year import make_demonstration
from portal.disclosure.models import Bill
from portal.indicators.bundled import load_indicators
from portal.ledger.figures import Filters, ledger_size, totals
from portal.ledger.verification import verify
from portal.periods import today, year_bounds
from portal.receipts import fiscal
from portal.receipts.fiscal_models import FiscalReceipt
from portal.refusals import Conflict
from portal.registry.geography import current_district, load_district
from portal.registry.models import Campaign, Fund, Organisation, Station, Street
from portal.registry.services import plans
from portal.site.queue import counts
from portal.staff import passwords
from portal.staff.models import StaffMember
from portal.stock.models import MovementKind, StockMovement
from tests import databases, factories, people

pytestmark = pytest.mark.one_engine


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole demonstration, made once."""
    path: Path = tmp_path_factory.mktemp("demo") / "portal.sqlite3"
    databases.build(f"sqlite:///{path}")
    app = _app(f"sqlite:///{path}")
    with app.app_context():
        lines = make_demonstration(app.config["PORTAL_SETTINGS"], lambda _line: None)
        assert all(any(f"账号 {name}" in line for line in lines) for name in USERNAMES)
        assert "弱密码" in lines[-1]
        yield app
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def _app(url: str) -> Flask:
    app = create_app(Settings(environment="test", database_url=url, demo_password="demo"))  # type: ignore[arg-type]
    with app.app_context(), writing() as session:
        settings: Settings = app.config["PORTAL_SETTINGS"]
        load_district(session, settings.district_dir)
        load_indicators(session, settings.district_dir)
    return app


def count(model: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_it_is_as_lively_as_promised(demonstration: Flask) -> None:
    assert (count(Organisation), count(Fund), count(Station)) == (12, 31, 40)
    of_streets = db.session.scalar(select(func.count(func.distinct(Station.street_id))))
    assert of_streets == count(Street) == 18
    sums = totals(db.session(), Filters())
    assert sums.donations >= 5_000 and sums.disbursements >= 400 and count(Bill) > 100
    for year in (today().year - 1, today().year):
        first, last = year_bounds(year)
        assert totals(db.session(), Filters(first_day=first, last_day=last)).donations > 0


def test_goods_are_given_out_and_few_gifts_wait_for_a_fiscal_receipt(demonstration: Flask) -> None:
    kinds = set(db.session.scalars(select(StockMovement.kind)))
    assert {MovementKind.RECEIVED, MovementKind.ISSUED, MovementKind.WRITTEN_OFF} <= kinds
    clerk = db.session.scalars(select(StaffMember).where(StaffMember.username == "clerk")).one()
    waiting = fiscal.lacking(db.session(), clerk, limit=100)
    assert 0 < len(waiting) < 100 and count(FiscalReceipt) > 3_000
    lacking = [
        (one.code, plans.missing(one, plans.plan_of(db.session(), one)))
        for one in db.session.scalars(select(Campaign))
    ]
    assert [one for one in lacking if one[1]] == []


def test_its_books_agree(demonstration: Flask) -> None:
    report = verify(db.session())
    assert report.ok, report.differences


def test_every_page_says_that_it_is_one(demonstration: Flask) -> None:
    for path in ("/", "/ledger", "/funds", "/bills"):
        assert "演示数据，非真实账目" in demonstration.test_client().get(path).text
    assert all("（演示）" in name for name in db.session.scalars(select(Organisation.name)))


def test_it_leaves_work_on_the_desk(demonstration: Flask) -> None:
    reviewer = db.session.scalars(select(StaffMember).where(StaffMember.username == "reviewer")).one()
    waiting = counts(db.session(), reviewer)
    assert waiting.donations > 5 and waiting.disbursements > 0


def test_making_it_again_changes_nothing(demonstration: Flask) -> None:
    before = ledger_size(db.session())
    lines = make_demonstration(demonstration.config["PORTAL_SETTINGS"], lambda _line: None)
    assert ledger_size(db.session()) == before and "已经在库里" in lines[0]


def test_another_password_of_the_environment_is_taken_over(demonstration: Flask) -> None:
    settings: Settings = demonstration.config["PORTAL_SETTINGS"].model_copy(update={"demo_password": None})
    assert "密码不变" in make_demonstration(settings, lambda _line: None)[0]
    named = Settings(environment="test", database_url=settings.database_url, demo_password="other")  # type: ignore[arg-type]
    assert "密码已换成" in make_demonstration(named, lambda _line: None)[0]
    clerk = db.session.scalars(select(StaffMember).where(StaffMember.username == "clerk")).one()
    assert passwords.matches(clerk.password_hash, "other") and not passwords.matches(
        clerk.password_hash, "demo"
    )


def test_real_books_are_left_alone(app: Flask, app_context: None) -> None:
    with writing() as session:
        factories.organisation(session)
    assert "真实数据" in make_demonstration(app.config["PORTAL_SETTINGS"], lambda _line: None)[0]
    assert count(Organisation) == 1 and people.clerk().id == 1


def test_production_never_makes_one(app_context: None) -> None:
    real = Settings(environment="production", secret_key="k" * 43)  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        make_demonstration(real, lambda _line: None)
    assert current_district(db.session()) is None
