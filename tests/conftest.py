"""What every test may ask for. Tests of services run on SQLite and PostgreSQL unless marked ``one_engine``."""

import shutil
import uuid
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal import create_app
from portal.config import Settings
from portal.db import db
from portal.staff.models import Role, StaffMember
from portal.translog.beginning import begin
from tests import databases, people
from tests.people import ClerkOf, LogIn

pytest_plugins = ["tests.browser.fixtures"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each database engine it must hold on."""
    if "database_url" in metafunc.fixturenames:
        only_one = metafunc.definition.get_closest_marker("one_engine") is not None
        engines = databases.ENGINES[:1] if only_one else databases.ENGINES
        metafunc.parametrize("database_url", engines, indirect=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[databases.Cluster]:
    """A PostgreSQL server with a migrated template."""
    with databases.running_cluster() as server:
        server.execute("CREATE DATABASE portal_template")
        databases.build(server.url("portal_template"))
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("template") / "portal.sqlite3"
    databases.build(f"sqlite:///{path}")
    databases.settle_sqlite(path)
    return path


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated, empty database."""
    if request.param == "sqlite":
        path = tmp_path / "portal.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: databases.Cluster = request.getfixturevalue("cluster")
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield server.copy("portal_template", name)
    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a test."""
    return Settings(
        environment="test",
        database_url=database_url,
        storage_dir=tmp_path / "storage",
        signing_key_file=tmp_path / "signing.key",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The app on a fresh database, without form tokens."""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    # The log began long ago, so that a test may set its clock back without the books doubting it.
    with app.app_context(), time_machine.travel("2000-01-01T04:00:00Z", tick=True):
        begin(settings)
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def app_context(app: Flask) -> Iterator[None]:
    """The app's context, around the whole test."""
    with app.app_context():
        yield


@pytest.fixture
def session(app_context: None) -> Session:
    """The session of the test."""
    return db.session()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser of somebody who is not logged in."""
    return app.test_client()


@pytest.fixture
def clerk(app_context: None) -> StaffMember:
    """A clerk of the federation, at work for the whole district."""
    return people.clerk()


@pytest.fixture
def reviewer(app_context: None) -> StaffMember:
    """A reviewer for the whole district."""
    return people.reviewer()


@pytest.fixture
def clerk_of(app_context: None) -> ClerkOf:
    """Makes a clerk of one organisation, given its id."""
    return lambda organisation_id: people.member(
        f"clerk.of.{organisation_id}", Role.FEDERATION_CLERK, organisation_id
    )


@pytest.fixture
def log_in(app: Flask, app_context: None) -> LogIn:
    """Makes a browser in which a member of staff is logged in."""
    return partial(people.log_in, app)
