"""A station prints its poster: what it takes, when, and a code that leads to its ledger."""

import shutil
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from tests import factories

pytestmark = pytest.mark.one_engine


def test_the_poster_names_the_station_and_leads_to_it(
    client: FlaskClient, session: Session, tmp_path: Path
) -> None:
    with writing() as writer:
        station = factories.station(writer, name="瑞宝街道慈善捐赠站点㵘", accepts="现金、衣物")
    answer = client.get(f"/stations/{station.code}/poster.pdf")
    assert answer.data.startswith(b"%PDF")
    assert client.get(f"/stations/{station.code}/poster.pdf").data == answer.data
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "poster.pdf"
    file.write_bytes(answer.data)
    done = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True)
    for words in ("瑞宝街道慈善捐赠站点㵘", "现金、衣物", f"/stations/{station.code}"):
        assert words in done.stdout


def test_there_is_no_poster_of_nowhere(client: FlaskClient) -> None:
    assert client.get("/stations/NOSUCH/poster.pdf").status_code == 404
