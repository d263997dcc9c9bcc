"""Judge the open data of a served portal: ``python -m tools.judges.data http://127.0.0.1:8000``.

Everything is fetched as a reader would: the list of files, the files, their hashes. hledger, beancount, frictionless
and the 360Giving rules read them; then the balance of every fund, by hledger and by beancount, is compared with the
portal's API to the fen. Exits 1 when anything is found.
"""

import csv
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.periods import Month
from tools.judges import installed, programs
from tools.judges.portal import Portal
from tools.judges.programs import Balances


def funds(portal: Portal) -> tuple[Balances, dict[str, int]]:
    """What the API says that every fund holds, by pot, and its balance: all it came by less all it gave."""
    held: Balances = {}
    balances: dict[str, int] = {}
    cursor: str | None = ""
    while cursor is not None:
        page = portal.json(f"/api/v1/funds?limit=200&after={cursor}")
        held |= {one["code"]: one["held_fen"] for one in page["items"]}
        balances |= {one["code"]: one["balance_fen"] for one in page["items"]}
        cursor = page["next"]
    return held, balances


def judge(portal: Portal, folder: Path) -> Iterator[str]:
    """Everything that is wrong with the open data of a portal."""
    periods = portal.json("/open-data/manifest.json")["periods"]
    years = [one for one in periods if len(one["period"]) == 4]
    months = [one for one in periods if len(one["period"]) == 7]
    if not months:
        yield "there is nothing to judge: no month has an entry"
        return
    for period in (*years, months[0], months[-1]):
        yield from _judge_period(portal, period["period"], folder)
    newest = years[-1]["period"]
    held, balances = funds(portal)
    for by, judged in (
        ("hledger", programs.hledger_balances(folder / newest / "ledger.journal")),
        ("beancount", programs.beancount_balances(folder / newest / "ledger.beancount")),
    ):
        yield from compare(held, judged, by)
        yield from compare_balances(balances, judged, by)


def compare(api: Balances, judged: Balances, by: str) -> Iterator[str]:
    """Every fund of which a judge has another figure than the API."""
    nothing = dict.fromkeys(programs.POTS, 0)
    for fund in sorted(api.keys() | judged.keys()):
        if api.get(fund, nothing) != judged.get(fund, nothing):
            yield f"{by}: {fund} holds {judged.get(fund)}, the API says {api.get(fund)}"


def compare_balances(api: dict[str, int], judged: Balances, by: str) -> Iterator[str]:
    """Every fund whose balance is another than all that it holds of its own, as money, goods or rights."""
    for fund, balance in sorted(api.items()):
        own = sum(fen for pot, fen in judged.get(fund, {}).items() if pot != "agency")
        if own != balance:
            yield f"{by}: the balance of {fund} is {own}, the API says {balance}"


def _judge_period(portal: Portal, period: str, folder: Path) -> Iterator[str]:
    into = folder / period
    into.mkdir()
    manifest = portal.json(f"/open-data/{period}/manifest.json")
    for one in manifest["files"]:
        content = portal.fetch(one["address"])
        (into / one["name"]).write_bytes(content)
        if hashlib.sha256(content).hexdigest() != one["sha256"] or len(content) != one["bytes"]:
            yield f"{period}/{one['name']}: not what the manifest says"
    package = programs.unpacked(into / "datapackage.zip", into / "package")
    for name, findings in (
        ("hledger", programs.hledger(into / "ledger.journal")),
        ("bean-check", programs.bean_check(into / "ledger.beancount")),
        ("frictionless", programs.frictionless(package)),
        ("360giving", programs.grants(into / "360giving.json") if (into / "360giving.json").exists() else []),
    ):
        yield from (f"{period} {name}: {finding}" for finding in findings)
    yield from _judge_rows(portal, period, into, manifest)


def _judge_rows(portal: Portal, period: str, into: Path, manifest: Any) -> Iterator[str]:
    """CSV and JSON Lines say the same, as many rows as promised, and the API's newest entry stands among them."""
    lines = [json.loads(line) for line in (into / "entries.jsonl").read_text().splitlines()]
    with (into / "entries.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not len(rows) == len(lines) == manifest["rows"]:
        yield f"{period}: {len(rows)} rows in CSV, {len(lines)} in JSON Lines, {manifest['rows']} promised"
    sums = [(row["entry_no"], int(row["amount_fen"])) for row in rows]
    if sums != [(line["entry_no"], line["amount_fen"]) for line in lines]:
        yield f"{period}: CSV and JSON Lines differ"
    first, last = _days(period)
    for entry in portal.json(f"/api/v1/ledger?from={first}&to={last}&limit=200")["entries"]:
        if entry not in lines:
            yield f"{period}: {entry['entry_no']} is another in the API"


def _days(period: str) -> tuple[str, str]:
    if len(period) == 4:
        return f"{period}-01-01", f"{period}-12-31"
    month = Month.parse(period)
    return month.first.isoformat(), month.last.isoformat()


def main() -> None:
    """Judge, and tell what was found."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tools.judges.data BASE_URL")
    installed.set_up("python")
    with tempfile.TemporaryDirectory() as folder:
        findings = list(judge(Portal(sys.argv[1]), Path(folder)))
    for finding in findings:
        print(finding)
    print(f"data: {len(findings)} findings")
    sys.exit(bool(findings))


if __name__ == "__main__":
    main()
