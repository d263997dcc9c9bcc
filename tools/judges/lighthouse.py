"""Lighthouse: no category of any page kind under 95, on a phone; home page and ledger on a desk too."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tools.judges.installed import NODE_FOLDER
from tools.judges.pages import PAGES, Page
from tools.judges.portal import Portal

LEAST = 95
"""The lowest score of a category that is in order, of 100."""

CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
ON_A_DESK = ("home", "ledger")
EXCUSED: Mapping[str, frozenset[str]] = {
    # It stands in a frame of another site, names the real page as canonical, and asks not to be found itself.
    "badge": frozenset({"seo"}),
}
"""By kind of page, the categories that it fails on purpose."""

_SECONDS = 1800


class Asked(NamedTuple):
    """One look at one page."""

    name: str
    address: str
    form: str


def asked(portal: Portal, pages: Sequence[Page]) -> Iterator[Asked]:
    """The first kind of page of each endpoint, since the others wear the same template; errors have no score."""
    first = {next(iter(kinds)) for kinds in PAGES.values()}
    for page in pages:
        if page.kind in first:
            yield Asked(page.kind, portal.address + page.address, "phone")
        if page.kind in ON_A_DESK:
            yield Asked(f"{page.kind}, desk", portal.address + page.address, "desk")


def examine(looks: Sequence[Asked]) -> tuple[str, list[str]]:
    """The lowest score of each category, and every score under ``LEAST`` with its reasons."""
    wanted = {
        "chromium": shutil.which("chromium"),
        "least": LEAST,
        "pages": [one._asdict() for one in looks],
    }
    done = subprocess.run(
        ["node", "lighthouse.mjs"],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
        cwd=NODE_FOLDER,
    )
    judged = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    found = [finding for one in judged for finding in findings(one)]
    if done.returncode or len(judged) != len(looks):
        found.append(f"{len(judged)} of {len(looks)} pages were judged: {done.stderr[-1000:]}")
    return _lowest(judged), found


def findings(judged: Mapping[str, Any]) -> Iterator[str]:
    """The categories of one page that are too low, with what lowered them."""
    if judged["failed"]:
        yield f"{judged['name']}: {judged['failed']}"
        return
    scores = {one["name"]: one for one in judged["categories"]}
    for name in CATEGORIES:
        if name in EXCUSED.get(judged["name"], ()):
            continue
        score = scores.get(name, {}).get("score")
        if score is None or score < LEAST:
            yield f"{judged['name']}: {name} {score} ({', '.join(scores.get(name, {}).get('lowered', []))})"


def _lowest(judged: Sequence[Mapping[str, Any]]) -> str:
    lowest: dict[str, int] = {}
    for one in judged:
        for category in one["categories"]:
            if category["name"] not in EXCUSED.get(one["name"], ()) and category["score"] is not None:
                lowest[category["name"]] = min(lowest.get(category["name"], 100), category["score"])
    return ", ".join(f"{name} {score}" for name, score in lowest.items())
