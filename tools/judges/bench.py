"""The judges in their order, each with the fault that it is shown first."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.judges import (
    accessibility,
    data,
    feeds,
    interface,
    lighthouse,
    markup,
    planted_site,
    programs,
    variants,
)
from tools.judges.findings import Judge, Report
from tools.judges.installed import PLANTED
from tools.judges.lighthouse import CATEGORIES, Asked
from tools.judges.portal import Portal
from tools.judges.variants import Shown

_PAGE = PLANTED / "page.html"


def bench(portal: Portal, shown: Sequence[Shown], feed_paths: Sequence[str], folder: Path) -> list[Judge]:
    """All judges of a portal. ``shown`` is what is served for judges of pages, the portal's own pages first."""
    files = folder / "pages"
    return [
        Judge("answers", lambda: ["it is our own"], partial(_answers, shown, files)),
        Judge("Nu HTML checker", _seen_by_nu_checker, partial(_nu_checker, files)),
        Judge("html-validate", lambda: markup.html_validate([_PAGE]), partial(_html_validate, files)),
        Judge("axe-core", lambda: accessibility.planted(_PAGE), partial(_accessibility, shown)),
        Judge("Lighthouse", _seen_by_lighthouse, partial(_lighthouse, shown[0])),
        Judge("Atom", _seen_in_feeds, partial(_feeds, portal, feed_paths)),
        Judge("schemathesis", _seen_by_schemathesis, partial(_interface, portal)),
        Judge(
            "hledger, bean-check, frictionless, 360Giving",
            _seen_in_data,
            partial(_data, portal, folder / "data"),
        ),
    ]


def _answers(shown: Sequence[Shown], files: Path) -> Report:
    files.mkdir()
    found = list(variants.written(shown, files))
    return Report(f"status, type and language of {len(list(files.iterdir()))} answers", found)


def _seen_by_nu_checker() -> list[str]:
    found = markup.nu_checker([_PAGE, PLANTED / "style.css"])
    return found if {one.split(":")[0] for one in found} == {"page.html", "style.css"} else []


def _nu_checker(files: Path) -> Report:
    judged = [*sorted(files.iterdir()), *markup.own_files()]
    return Report(f"{len(judged)} pages, style sheets and pictures", markup.nu_checker(judged))


def _html_validate(files: Path) -> Report:
    judged = sorted(files.iterdir())
    return Report(f"{len(judged)} pages", markup.html_validate(judged))


def _accessibility(shown: Sequence[Shown]) -> Report:
    judged = list(variants.variants(shown))
    return Report(
        f"{len(judged)} pages, each on a phone and a desk, by day and by night", accessibility.examine(judged)
    )


def _seen_by_lighthouse() -> list[str]:
    with planted_site.served() as address:
        _lowest, found = lighthouse.examine([Asked("planted", f"{address}/page.html", "phone")])
    return found if all(any(f": {name} " in one for one in found) for name in CATEGORIES) else []


def _lighthouse(shown: Shown) -> Report:
    looks = list(lighthouse.asked(shown.portal, shown.pages))
    lowest, found = lighthouse.examine(looks)
    return Report(f"{len(looks)} pages; lowest scores: {lowest}", found)


def _seen_in_feeds() -> list[str]:
    """Both faulty feeds: against the grammar, and against the words of the RFC only."""
    address = "https://example.org/feed.atom"
    found = [feeds.judge((PLANTED / name).read_bytes(), address) for name in ("feed.atom", "rules.atom")]
    return [one for several in found for one in several] if all(found) else []


def _feeds(portal: Portal, paths: Sequence[str]) -> Report:
    return Report(f"{len(paths)} feeds", feeds.examine(portal, paths))


def _seen_by_schemathesis() -> list[str]:
    with planted_site.served() as address:
        return interface.examine(f"{address}/openapi.json", examples=2)[1]


def _interface(portal: Portal) -> Report:
    return Report(*interface.examine(portal.address + interface.DESCRIPTION))


def _seen_in_data() -> list[str]:
    found = [
        programs.hledger(PLANTED / "ledger.journal"),
        programs.bean_check(PLANTED / "ledger.beancount"),
        programs.frictionless(PLANTED / "package" / "datapackage.json"),
        programs.grants(PLANTED / "360giving.json"),
    ]
    return [one for several in found for one in several] if all(found) else []


def _data(portal: Portal, folder: Path) -> Report:
    folder.mkdir()
    return Report(
        "two months and every year, and the balance of every fund", list(data.judge(portal, folder))
    )
