"""axe-core in a real browser: every page, language and view, on a phone and on a desk, by day and by night.

Beyond axe's own rules: nothing sticks out of a phone's screen, and no script fails or is refused. In the large-print
view contrast must reach AAA.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from portal.i18n import DEFAULT_LOCALE
from tools.judges.installed import NODE_MODULES
from tools.judges.pages import VIEWS
from tools.judges.variants import Variant

PHONE = {"width": 375, "height": 812}
DESK = {"width": 1280, "height": 900}
_FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking")
_RUN = """options => axe.run(document, options).then(found => found.violations.map(one => ({
    rule: one.id, help: one.help, where: one.nodes.slice(0, 3).map(node => node.target.flat().join(" ")),
    why: one.nodes[0].any.concat(one.nodes[0].all, one.nodes[0].none).map(check => check.message)[0] || ""})))"""
_STICKS_OUT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


class _Look(NamedTuple):
    """One look at a page that is open."""

    words: str
    size: Any
    scheme: Any
    rules: str


_LOOKS = (
    _Look("phone", PHONE, "light", "all"),
    _Look("desk", DESK, "light", "all"),
    _Look("desk, dark", DESK, "dark", "contrast"),
)
# Colours do not change with the language, and to measure them takes longest.
_LOOKS_AT_TRANSLATIONS = (
    _Look("phone", PHONE, "light", "all but contrast"),
    _Look("desk", DESK, "light", "all but contrast"),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a window."""
    program = shutil.which("chromium")
    if program is None:
        raise FileNotFoundError("chromium is not installed")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield browser
        browser.close()


def examine(variants: Sequence[Variant]) -> list[str]:
    """Everything that is wrong with these pages; each view has a browser of its own, so that two cores work."""
    parts = [[one for one in variants if one.view == view] for view in VIEWS]
    with ProcessPoolExecutor(len(parts), mp_context=get_context("spawn")) as workers:
        return [finding for found in workers.map(_examine_all, parts) for finding in found]


def _examine_all(variants: Sequence[Variant]) -> list[str]:
    source = (NODE_MODULES / "axe-core" / "axe.min.js").read_text()
    found: list[str] = []
    with chromium() as browser:
        for chosen in sorted({(one.portal.address, one.language, one.view) for one in variants}):
            wanted = [one for one in variants if (one.portal.address, one.language, one.view) == chosen]
            context = _context(browser, wanted[0])
            for variant in wanted:
                found += [f"{variant.name} {finding}" for finding in _examine(context, variant, source)]
            context.close()
    return found


def planted(page: Path) -> list[str]:
    """What is found in one file."""
    source = (NODE_MODULES / "axe-core" / "axe.min.js").read_text()
    with chromium() as browser:
        opened = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
        opened.goto(page.as_uri())
        opened.evaluate(source)
        return list(_violations(opened, {}))


def _context(browser: Browser, variant: Variant) -> BrowserContext:
    # A colour on its way to another one is no finding.
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type]
    context.add_cookies(
        [
            {"name": name, "value": value, "url": variant.portal.address}
            for name, value in variant.cookies.items()
        ]
    )
    return context


def _examine(context: BrowserContext, variant: Variant, source: str) -> Iterator[str]:
    page = context.new_page()
    page.on("pageerror", lambda error: failed.append(f"script: {error}"))
    page.on("console", lambda message: failed.append(_refused(message)))
    failed: list[str] = []
    page.goto(variant.portal.address + variant.page.address)
    page.evaluate(source)
    for look in _LOOKS if variant.language == DEFAULT_LOCALE else _LOOKS_AT_TRANSLATIONS:
        page.set_viewport_size(look.size)
        page.emulate_media(color_scheme=look.scheme)
        yield from (f"{look.words}: {one}" for one in _violations(page, _options(variant.view, look)))
        if look.size is PHONE and (pixels := page.evaluate(_STICKS_OUT)) > 0:
            yield f"{look.words}: the page is {pixels} pixels wider than the screen"
    yield from filter(None, failed)
    page.close()


def _options(view: str, look: _Look) -> dict[str, Any]:
    contrast = {"color-contrast": True, "color-contrast-enhanced": view == "elder"}
    if look.rules == "contrast":
        wanted = [rule for rule, on in contrast.items() if on]
        return {"runOnly": wanted, "resultTypes": ["violations"]}
    rules = {"target-size": True} | contrast
    if look.rules == "all but contrast":
        rules |= dict.fromkeys(contrast, False)
    return {
        "rules": {rule: {"enabled": on} for rule, on in rules.items()},
        "resultTypes": ["violations"],
    }


def _violations(page: Page, options: dict[str, Any]) -> Iterator[str]:
    for one in page.evaluate(_RUN, options):
        yield f"{one['rule']}: {one['help']} ({one['why']}) at {json.dumps(one['where'], ensure_ascii=False)}"


def _refused(message: ConsoleMessage) -> str:
    # The browser itself reports a page that answers with an error; that is what error pages do.
    if message.type != "error" or "Failed to load resource" in message.text:
        return ""
    return f"console: {message.text}"
