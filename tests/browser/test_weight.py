"""How many bytes a first and a second visit cost a phone, counted by the browser itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from portal.db import writing
from portal.ledger.figures import ledger_size
from tests import factories, gifts
from tests.browser.fixtures import OpenPage, Site

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]

FIRST_VISIT, NEXT_VISIT = 200_000, 60_000
"""Bytes, with images, styles and scripts (acceptance of the issue on speed)."""


@pytest.fixture
def full_page(app_context: None) -> None:
    """A ledger that fills its first page."""
    with writing() as session:
        fund = factories.fund(session)
    for number in range(60):
        gifts.posted_gift(fund, 10_000 + number)
    with writing() as session:
        assert ledger_size(session) == 60


def weight(page: Page, address: str) -> int:
    """Bytes on the wire until a page has loaded, headers included."""
    counted: list[float] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda about: counted.append(about["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    wire.detach()
    return int(sum(counted))


@pytest.mark.parametrize("path", ["/", "/ledger"])
def test_a_visit_costs_little(site: Site, full_page: None, open_page: OpenPage, path: str) -> None:
    page = open_page(width=375)
    first = weight(page, site.address + path)
    page.goto("about:blank")
    following = weight(page, site.address + path)
    assert 0 < first <= FIRST_VISIT, first
    assert 0 < following <= NEXT_VISIT, following


def test_charts_are_loaded_only_where_there_are_some() -> None:
    folder = Path(__file__).parents[2] / "templates"
    for page in ("site/home.html", "disclosure/ledger.html", "base.html"):
        assert "chart_scripts" not in (folder / page).read_text(), page
