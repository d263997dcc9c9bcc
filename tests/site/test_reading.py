"""Pages for every reader: names are marked with their language, and large print offers few choices."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.site.navigation import FEWER, PUBLIC
from tests import factories

pytestmark = pytest.mark.one_engine


def _head(text: str) -> list[str]:
    found = re.search(r'<nav class="site-nav".*?</nav>', text, re.DOTALL)
    assert found is not None
    return re.findall(r'<a href="([^"]+)"', found[0])


@pytest.mark.parametrize("language", ["en", "zh_Hant_HK"])
def test_a_name_is_marked_as_simplified_chinese_on_pages_in_another_language(
    session: Session, client: FlaskClient, language: str
) -> None:
    with writing() as writer:
        fund = factories.fund(writer, name="海幢<b>基金")
    marked = '<span lang="zh-Hans-CN">海幢&lt;b&gt;基金</span>'
    assert f"<h1>{marked}" in client.get(f"/funds/{fund.code}?lang={language}").text
    assert marked in client.get(f"/funds?lang={language}").text


def test_a_name_needs_no_mark_on_a_page_in_its_own_language(session: Session, client: FlaskClient) -> None:
    with writing() as writer:
        fund = factories.fund(writer, name="海幢基金")
    text = client.get(f"/funds/{fund.code}").text
    assert "<h1>海幢基金" in text and '<span lang="zh-Hans-CN">' not in text


def test_large_print_has_few_links_on_top_and_all_at_the_foot(session: Session, client: FlaskClient) -> None:
    usual, large = client.get("/").text, client.get("/?view=elder").text
    assert len(_head(usual)) == len(PUBLIC)
    assert len(_head(large)) == len(FEWER) + 1 and _head(large)[-1] == "#all-pages"
    foot = large[large.index('id="all-pages"') :]
    assert all(f'href="{address}"' in foot for address in _head(usual))


def test_crawlers_may_read_the_search_page_but_no_results_without_end(client: FlaskClient) -> None:
    rules = client.get("/robots.txt").text.splitlines()
    assert "Disallow: /search?" in rules and "Disallow: /search" not in rules
