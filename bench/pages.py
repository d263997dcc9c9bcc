"""The public ledger on large books: beside a bare view and Datasette, and at ten thousand beside ten million entries.

Answers are counted by ``wrk`` (a Debian package) over four connections, by the second of processor time that the
server used for them: what else the machine does then counts for nothing. Datasette gets an environment of its
own from ``requirements/bench.txt``. Books are made in a folder that is thrown away; ``PORTAL_BENCH_BOOKS`` names one to
keep them in, ``PORTAL_BENCH_ENTRIES`` another size than ten million for the last part.
"""

import http.client
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from bench import large_books
from bench.measuring import Measurement
from portal.config import PROJECT

SMALL, MIDDLE = 10_000, 1_000_000
LARGE = int(os.environ.get("PORTAL_BENCH_ENTRIES", "10000000"))
FUND = "fund=BENCH5"
SECONDS, ROUNDS = 4, 3
PATIENCE = 20
"""Seconds that Datasette is asked for: one answer takes it some."""
TIMES = 200
PAGE = 50
"""Rows of a full page."""
MADE_ANEW = {"Cookie": "bench=1"}
"""With a cookie that is not ours no page is taken from those kept."""
PACKED = {"Accept-Encoding": "gzip"}
_COUNT = re.compile(r"(\d+) requests in")


def measurements() -> Iterator[Measurement]:
    """Answers a second with the floor's beside them, then milliseconds on large books beside those on small ones."""
    kept = os.environ.get("PORTAL_BENCH_BOOKS")
    if kept:
        yield from _measured(Path(kept))
    else:
        with tempfile.TemporaryDirectory(prefix="portal-pages-", dir="/var/tmp") as folder:
            yield from _measured(Path(folder))


def _measured(folder: Path) -> Iterator[Measurement]:
    yield from _beside_floors(_books(folder, MIDDLE))
    yield from _at_any_size(_books(folder, SMALL), _books(folder, LARGE))


def _books(folder: Path, entries: int) -> Path:
    file = folder / f"books-{entries}.sqlite3"
    if not file.exists():
        made = folder / f"making-{entries}.sqlite3"
        large_books.build(made, entries)
        made.rename(file)
    return file


@dataclass(frozen=True)
class Served:
    """A server that runs, and its process."""

    address: str
    process: int

    @property
    def processor_seconds(self) -> float:
        """What all its threads have used so far."""
        words = Path(f"/proc/{self.process}/stat").read_text().rpartition(") ")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _beside_floors(file: Path) -> Iterator[Measurement]:
    with _portal(file) as portal, _bare(file) as bare, _datasette(file) as datasette:
        page = Question(portal, f"/ledger?{FUND}")
        seen = replace(page, headers=_etag(portal.address + page.path))
        raw_query, constant = Question(bare, page.path), Question(bare, "/healthz")
        table = Question(
            datasette, f"/{file.stem}/ledger_entry?fund_id=5&_sort_desc=index&_size=50", seconds=PATIENCE
        )
        fastest = replace(table, path=f"{table.path}&_nocount=1&_nofacet=1&_nosuggest=1")
        pairs = {
            "beside one raw query": (page, raw_query),
            "made anew, beside one raw query": (replace(page, headers=MADE_ANEW), raw_query),
            "seen before (304), beside a constant": (seen, constant),
            "kept and compressed, beside a constant": (replace(page, headers=PACKED), constant),
            "beside Datasette's table": (page, table),
            "beside Datasette's table without count and facets": (page, fastest),
        }
        for name, (one, floor) in pairs.items():
            value, beside = _rates(one, floor)
            of = f"ledger page of one fund in {MIDDLE} entries, {name}"
            yield Measurement(of, value, "answers/processor s", beside)


@dataclass(frozen=True)
class Question:
    """What is asked of a server over and over."""

    of: Served
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: int = SECONDS


def _rates(*questions: Question) -> list[float]:
    """Answers per second of the server's processor time; all are asked in turn, so that none has the machine alone."""
    answers, used = [0] * len(questions), [0.0] * len(questions)
    for _ in range(ROUNDS):
        for place, question in enumerate(questions):
            before = question.of.processor_seconds
            answers[place] += _answers(question)
            used[place] += question.of.processor_seconds - before
    return [count / seconds if seconds else 0.0 for count, seconds in zip(answers, used, strict=True)]


def _answers(question: Question) -> int:
    wrk = shutil.which("wrk")
    if wrk is None:
        raise SystemExit("wrk is missing; install the Debian package wrk")
    given = [part for name, value in question.headers.items() for part in ("-H", f"{name}: {value}")]
    command = [wrk, "-t1", "-c4", f"-d{question.seconds}s", "--timeout", "60s", *given]
    done = subprocess.run(
        [*command, question.of.address + question.path], check=False, capture_output=True, text=True
    )
    found = _COUNT.search(done.stdout)
    if found is None or "Non-2xx or 3xx" in done.stdout:
        raise SystemExit(f"{question.path}: {done.stdout}{done.stderr}")
    return int(found[1])


def _etag(address: str) -> dict[str, str]:
    with urllib.request.urlopen(address, timeout=30) as answer:
        return {"If-None-Match": answer.headers["ETag"]}


def _at_any_size(small: Path, large: Path) -> Iterator[Measurement]:
    with _portal(small) as little, _portal(large) as much:
        selections = zip(_selections(small).items(), _selections(large).values(), strict=True)
        for (name, of_little), of_much in selections:
            rows = max(1, min(PAGE, _rows(little.address, of_little), _rows(much.address, of_much)))
            floor, value = _slowest(
                (little.address, f"{of_little}&limit={rows}"), (much.address, f"{of_much}&limit={rows}")
            )
            of = f"ledger page, {name}, {rows} rows, p99 at {LARGE} beside {SMALL} entries"
            yield Measurement(of, value, "ms", floor)


def _rows(site: str, asked: str) -> int:
    """How many entries a page shows: pages with as many are compared, since each costs something to draw."""
    with urllib.request.urlopen(f"{site}/api/v1/ledger?{asked}", timeout=120) as answer:
        return len(json.load(answer)["entries"])


def _slowest(*pages: tuple[str, str]) -> list[float]:
    """The 99th percentile of pages made anew, in milliseconds; sites and what is asked of each are asked in turn."""
    taken: list[list[float]] = [[] for _ in pages]
    for _ in range(TIMES + 2):
        for times, (site, asked) in zip(taken, pages, strict=True):
            times.append(_milliseconds(site, asked))
    # The first answers fill caches.
    return [sorted(times[2:])[min(TIMES - 1, int(TIMES * 0.99))] for times in taken]


def _milliseconds(site: str, asked: str) -> float:
    connection = http.client.HTTPConnection(site.removeprefix("http://"), timeout=120)
    begun = time.perf_counter()
    connection.request("GET", f"/ledger?{asked}", headers=MADE_ANEW)
    answer = connection.getresponse()
    answer.read()
    taken = (time.perf_counter() - begun) * 1000
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"/ledger?{asked}: {answer.status}")
    return taken


def _selections(file: Path) -> dict[str, str]:
    """What is asked of small and large books, by a name."""
    codes = _codes(file)
    return {
        "last": "after=60",
        "first": "",
        "organisation": f"organisation={codes['organisation']}",
        "fund": FUND,
        "a fund of few entries": "fund=BENCH300",
        "station": f"station={codes['station']}",
        "street": f"street={codes['street']}",
        "project": f"project={codes['project']}",
        "campaign": f"campaign={codes['campaign']}",
        "direction": "direction=out",
        "form": "form=goods",
        "a rare form": "form=ip",
        "a month": "from=2020-03-01&to=2020-03-31",
        "up to an early day": "to=2018-01-05",
        "from a day on": "from=2019-05-07",
        "from an amount on": "min=4990",
        "every amount": "min=1",
        "a rare amount": "min=6000",
        "words": f"q={quote('助学')}",
        "words of few": "q=1234567.89",
        "fund and direction": f"{FUND}&direction=out",
        "fund and month": f"{FUND}&from=2018-03-01&to=2018-03-31",
        "fund and rare form": f"{FUND}&form=ip",
        "fund and rare amount": f"{FUND}&min=6000",
        "organisation and station": f"organisation={codes['organisation']}&station={codes['station']}",
        "a fund and its organisation": f"fund=BENCH300&organisation={codes['first organisation']}",
        "fund and street": f"{FUND}&street={codes['street']}",
        "fund, campaign and amount": f"{FUND}&campaign={codes['campaign']}&max=4000",
        "what never meets": f"project={codes['project']}&campaign={codes['campaign']}",
        "words and fund": f"q={quote('助学')}&{FUND}",
        "words and month": f"q={quote('助学')}&from=2018-03-01&to=2018-03-31",
        "words and a week": f"q={quote('助学')}&from=2018-03-01&to=2018-03-08",
        "eight filters": "fund=BENCH6&direction=in&form=goods&from=2018-01-01&to=2019-06-30&min=100&max=400",
    }


def _codes(file: Path) -> dict[str, str]:
    """A code of each kind of thing."""
    numbers = {
        "first organisation": 1,
        "organisation": 6,
        "station": 6,
        "street": 6,
        "project": 7,
        "campaign": 6,
    }
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as books:
        return {
            name: books.execute(
                f"SELECT {'uscc' if 'organisation' in name else 'code'} FROM {name.split()[-1]} WHERE id = ?",
                (number,),
            ).fetchone()[0]
            for name, number in numbers.items()
        }


@contextmanager
def _portal(file: Path) -> Iterator[Served]:
    environment = {
        "PORTAL_DATABASE_URL": f"sqlite:///{file}",
        "PORTAL_STORAGE_DIR": str(file.parent / "storage"),
    }
    program = str(Path(sys.executable).with_name("portal"))
    with _process([program, "serve", "--port"], environment) as site:
        yield site


@contextmanager
def _bare(file: Path) -> Iterator[Served]:
    with _process([sys.executable, "-m", "bench.bare_page", str(file)]) as site:
        yield site


@contextmanager
def _datasette(file: Path) -> Iterator[Served]:
    folder = PROJECT / ".venv" / "bench"
    program = folder / "bin" / "datasette"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        lock = PROJECT / "requirements" / "bench.txt"
        pip = [
            str(folder / "bin" / "pip"),
            "install",
            "-qq",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        subprocess.run([*pip, "--requirement", str(lock)], check=True)
    # Counting a fund's rows may take longer than a visitor would be made to wait.
    patience = ["--setting", "sql_time_limit_ms", "20000"]
    with _process([str(program), "serve", str(file), *patience, "--port"]) as site:
        yield site


@contextmanager
def _process(command: Sequence[str], environment: Mapping[str, str] = {}) -> Iterator[Served]:
    """A server in a process of its own; its port is the last word of the command."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [*command, str(port)], env={**os.environ, **environment}, stdout=log, stderr=log, cwd=PROJECT
        )
        try:
            _wait(server, f"http://127.0.0.1:{port}/healthz")
            yield Served(f"http://127.0.0.1:{port}", server.pid)
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait(server: subprocess.Popen[bytes], address: str, patience_seconds: float = 120) -> None:
    until = time.monotonic() + patience_seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if server.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"no answer from {address}") from None
            time.sleep(0.3)
