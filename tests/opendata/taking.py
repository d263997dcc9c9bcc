"""What tests of open data do again and again: take a file, read it."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from flask.testing import FlaskClient

from portal.db import db
from portal.opendata.formats import FORMATS
from portal.opendata.service import OpenData, Taken
from portal.periods import Month, today

THIS = Month.of(today())
LAST = THIS.plus(-1)


def open_data() -> OpenData:
    """As another process would see it: nothing is known yet but what lies on the shelf."""
    db.session.rollback()
    return OpenData(current_app.config["PORTAL_SETTINGS"])


def take(period: object, name: str) -> Taken:
    """A file in its present state."""
    return open_data().take(db.session(), str(period), FORMATS[name])


def content(period: object, name: str) -> bytes:
    """What is in a file."""
    return take(period, name).kept.path.read_bytes()


def rows(text: bytes | str) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    shown = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(shown)))


def documents(text: bytes | str) -> list[dict[str, Any]]:
    """The documents of a JSON Lines file."""
    shown = text.decode() if isinstance(text, bytes) else text
    return [json.loads(line) for line in shown.splitlines()]


def api(client: FlaskClient, path: str) -> Any:
    """What the API answers."""
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def within(month: Month, day: int = 5) -> date:
    """A day of a month."""
    return month.first.replace(day=day)


def saved(folder: Path, period: object, name: str) -> Path:
    """A file under its own name, as a reader saves it."""
    path = folder / FORMATS[name].file_name
    path.write_bytes(content(period, name))
    return path
