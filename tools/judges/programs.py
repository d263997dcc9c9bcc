"""The programs that judge a file, each as a function from a path to findings; no finding means that it is in order."""

import csv
import io
import json
import subprocess
import zipfile
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from jsonschema import Draft202012Validator, FormatChecker

from tools.judges.installed import PYTHON_PROGRAMS

_HERE = Path(__file__).parent
_MOST_SHOWN = 20

Balances = dict[str, dict[str, int]]
"""By fund's code and pot (money, goods, holdings, agency): what is held, in fen."""

POTS = ("money", "goods", "holdings", "agency")


def hledger(journal: Path) -> list[str]:
    """``hledger check --strict``: declared accounts, balanced entries, every balance assertion, days in order."""
    return _refusals(["hledger", "-f", str(journal), "check", "--strict", "ordereddates"])


def bean_check(ledger: Path) -> list[str]:
    """``bean-check``: opened accounts, balanced entries, every balance assertion."""
    return _refusals([str(PYTHON_PROGRAMS / "bean-check"), str(ledger)])


def frictionless(package: Path) -> list[str]:
    """``frictionless validate``: types, constraints, keys, references and hashes of a data package."""
    done = _run([str(PYTHON_PROGRAMS / "frictionless"), "validate", "--json", str(package)])
    try:
        report = json.loads(done.stdout)
    except json.JSONDecodeError:
        return [done.stdout[-2000:] + done.stderr[-2000:] or "frictionless said nothing"]
    found = [error["message"] for error in report.get("errors", [])]
    found += [f"{task['name']}: {error['message']}" for task in report["tasks"] for error in task["errors"]]
    return found[:_MOST_SHOWN] if found or report["valid"] else ["frictionless: not valid"]


def grants(document: Path) -> list[str]:
    """The rules of the 360Giving data standard, as far as this portal's fields go."""
    schema = json.loads((_HERE / "grants.schema.json").read_text())
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    errors = validator.iter_errors(json.loads(document.read_text()))
    return [
        f"{error.json_path}: {error.message[:300]}"
        for error, _n in zip(errors, range(_MOST_SHOWN), strict=False)
    ]


def unpacked(bundle: Path, folder: Path) -> Path:
    """A packed data package on disk; the path of its description."""
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(folder)
    return folder / "datapackage.json"


def hledger_balances(journal: Path) -> Balances:
    """What hledger says that every fund holds at the end."""
    done = _run(
        ["hledger", "-f", str(journal), "balance", "Assets", "--flat", "--no-total", "--empty", "-O", "csv"]
    )
    rows = csv.DictReader(io.StringIO(done.stdout))
    return _by_pot((row["account"], Decimal(row["balance"].split()[0])) for row in rows)


def beancount_balances(ledger: Path) -> Balances:
    """What beancount says that every fund holds at the end."""
    done = _run([str(PYTHON_PROGRAMS / "python"), str(_HERE / "beancount_balances.py"), str(ledger)])
    held: dict[str, str] = json.loads(done.stdout or "{}")
    return _by_pot(
        (account, Decimal(amount)) for account, amount in held.items() if account.startswith("Assets:")
    )


def _by_pot(accounts: Iterable[tuple[str, Decimal]]) -> Balances:
    held: Balances = defaultdict(lambda: dict.fromkeys(POTS, 0))
    for account, yuan in accounts:
        _root, fund, *below = account.split(":")
        if below:
            held[fund][_pot_of(below[0])] += int(yuan * 100)
    return dict(held)


def _pot_of(account: str) -> str:
    """Class 10 is money, 1201 goods in stock, 1801 what is held for others, all else of class 1 other holdings."""
    if account.startswith("10"):
        return "money"
    return {"1201": "goods", "1801": "agency"}.get(account[:4], "holdings")


def _refusals(command: list[str]) -> list[str]:
    done = _run(command)
    if not done.returncode:
        return []
    return (done.stdout + done.stderr).strip().splitlines()[:_MOST_SHOWN] or [
        f"{command[0]}: exit {done.returncode}"
    ]


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"}
    )
