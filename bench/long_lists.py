"""A list of a million gifts as a platform exports it: previewed, checked, posted, on both databases."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from bench import bare_rows
from bench.measuring import Measurement
from portal.periods import today
from tests import databases

ROWS = 1_000_000
FLOOR_ROWS = 50_000


def measurements() -> Iterator[Measurement]:
    """Rows a second of each stage and in all, and the memory of the process that does it.

    The floor of posting is what ``sqlite3`` needs for the same rows; that of reading, their number in the plain file.
    """
    with tempfile.TemporaryDirectory(prefix="portal-long-") as name:
        folder = Path(name)
        file = folder / "list.csv"
        write_list(file, ROWS, today())
        database = folder / "bench.sqlite3"
        url = f"sqlite:///{database}"
        databases.build(url)
        on_sqlite = run(url, folder, file)
        bare = _bare(database, folder)
        yield from _figures("SQLite", on_sqlite, bare)
        with databases.running_cluster(durable=True) as cluster:
            cluster.execute('CREATE DATABASE "long"')
            databases.build(cluster.url("long"))
            on_postgresql = run(cluster.url("long"), folder, file)
        yield from _figures("PostgreSQL", on_postgresql, on_sqlite["rows"] / on_sqlite["post"])


def write_list(file: Path, rows: int, last: date) -> None:
    """A platform's list of the three hundred days before the last: a header, one row a gift, a total."""
    with file.open("w", encoding="utf-8", newline="") as target:
        target.write("捐赠人,金额（元）,捐赠时间,交易单号,留言\r\n")
        for number in range(rows):
            on = last - timedelta(days=number * 300 // rows)
            target.write(
                f"爱心人士{number % 9973},{1 + number % 500}.{number % 100:02d},{on} 08:30:00,"
                f"4200{number:024d},{'愿大家平安' if number % 4 == 0 else ''}\r\n"
            )
        fen = sum((1 + number % 500) * 100 + number % 100 for number in range(rows))
        target.write(f"合计,{fen // 100}.{fen % 100:02d},,,\r\n")


def run(url: str, folder: Path, file: Path) -> dict[str, float]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "bench.long_list_run", url, str(folder / "storage"), str(file)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    shutil.rmtree(folder / "storage", ignore_errors=True)
    return found


def _figures(name: str, found: dict[str, float], floor: float) -> Iterator[Measurement]:
    rows = found["rows"]
    if rows != ROWS:
        raise SystemExit(f"{rows} of {ROWS} rows were accepted")
    of = f"a list of {ROWS} gifts, {name}"
    yield Measurement(f"posting of {of}", rows / found["post"], "gifts/s", floor)
    yield Measurement(f"preview and check of {of}", rows / found["read"], "gifts/s", floor)
    yield Measurement(f"memory for {of}", found["megabytes"], "MB", 600)


def _bare(database: Path, folder: Path) -> float:
    """Gifts a second of the last rows, written again by nothing but ``sqlite3`` (``bare_rows.py``)."""
    gifts = bare_rows.written_rows(database, after=ROWS - FLOOR_ROWS)
    return len(gifts) / bare_rows.all_at_once(database, gifts, folder)
