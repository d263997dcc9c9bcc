"""What machines that watch the portal are told."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from portal import logs
from portal.db import db, writing


def test_a_served_database_is_ready(client: FlaskClient, app_context: None) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").status_code == 200


def test_a_lost_guard_makes_it_not_ready(client: FlaskClient, app_context: None) -> None:
    with writing() as session:
        on = db.engine.dialect.name
        names = (
            ["bill_refuse_update", "bill_refuse_delete"]
            if on == "sqlite"
            else ["bill_refuse_change", "bill_refuse_truncate"]
        )
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}" + ("" if on == "sqlite" else " ON bill")))
    answer = client.get("/readyz")
    assert answer.status_code == 503 and "bill" in answer.get_json()["guards"]


def test_another_schema_makes_it_not_ready(client: FlaskClient, app_context: None) -> None:
    with writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert client.get("/readyz").status_code == 503


@pytest.mark.one_engine
def test_logs_name_the_route_and_never_the_query(
    app_context: None, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    client.application.testing = False
    client.get("/search?q=陈某某的电话13800000000")
    written = capsys.readouterr().err
    assert '"route": "/search"' in written and "13800000000" not in written and "陈某" not in written
