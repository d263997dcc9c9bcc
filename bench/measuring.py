"""What a measurement is, and a scratch portal to measure on."""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.registry.models import Fund
from tests import databases, factories


@dataclass(frozen=True)
class Measurement:
    """One figure beside its floor: what the bare minimum took on the same machine in the same run (``floors.py``)."""

    name: str
    value: float
    unit: str
    floor: float

    @property
    def ratio(self) -> float:
        """The value as a multiple of its floor."""
        return self.value / self.floor if self.floor else float("inf")

    def as_json(self) -> str:
        """The line that ``make bench`` prints."""
        figures = {"value": self.value, "unit": self.unit, "floor": self.floor, "ratio": self.ratio}
        rounded = {name: round(one, 3) if isinstance(one, float) else one for name, one in figures.items()}
        return json.dumps({"name": self.name, **rounded}, ensure_ascii=False)


@contextmanager
def scratch_portal() -> Iterator[tuple[Flask, Fund]]:
    """An empty portal on an SQLite file of its own, with one fund, inside the app's context."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        databases.build(url)
        app = create_app(Settings(environment="test", database_url=url, storage_dir=Path(folder) / "storage"))
        with app.app_context():
            with writing() as session:
                fund = factories.fund(session)
            yield app, fund
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


def seconds(work: Callable[[], object]) -> float:
    """How long one piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def middle_milliseconds(work: Callable[[], object], times: int = 15) -> float:
    """The median time of a piece of work that is done over and over."""
    return statistics.median(seconds(work) for _ in range(times)) * 1000
