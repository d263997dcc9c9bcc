"""The page of the search: groups, marks, filters that stay in the address, numbers that lead straight on."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.disclosure import entries
from portal.periods import today
from portal.registry.models import Fund
from tests import factories, gifts

pytestmark = pytest.mark.one_engine


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a gift and more payouts than a page of the search shows."""
    with writing() as writer:
        made = factories.fund(writer, name="琶洲助学基金")
        factories.project(writer, organisation_id=made.organisation_id, name="秋季助学项目")
    gifts.posted_gift(made, 900_000)
    for step in range(25):
        gifts.posted_payout(made, 100 + step, purpose=f"发放助学金第{step}批")
    return made


def get(client: FlaskClient, **words: object) -> str:
    """The page for some words."""
    answer = client.get("/search", query_string=words)
    assert answer.status_code == 200
    return answer.text


def test_what_is_found_stands_in_groups_with_the_words_marked(client: FlaskClient, fund: Fund) -> None:
    page = get(client, q="助學")
    for kind in ("fund", "project", "entry"):
        assert f'id="found-{kind}"' in page
    assert "琶洲<mark>助学</mark>基金" in page and "发放<mark>助学</mark>金第24批" in page
    assert "更多记录" in page and "第19批" not in page


def test_filters_and_pages_keep_their_place_in_the_address(client: FlaskClient, fund: Fund) -> None:
    year = today().year
    page = get(client, q="助学", kind="entry", direction="out", year=year)
    assert f'<option value="{year}" selected>' in page and 'id="found-fund"' not in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following is not None
    address = following[1].replace("&amp;", "&")
    assert "kind=entry" in address and "direction=out" in address and f"year={year}" in address
    second = client.get(address).text
    assert "第4批" in second and "第5批" not in second and 'rel="next"' not in second
    assert f"/ledger?q={quote('助学')}&amp;direction=out&amp;from={year}-01-01" in second


def test_a_known_number_leads_straight_to_its_page(client: FlaskClient, fund: Fund) -> None:
    gift = gifts.posted_gift(fund, 4_321)
    assert gift.entry is not None and gift.entry.receipt_no is not None
    for number in (gift.entry.entry_no, gift.entry.receipt_no, gift.donation_no.lower()):
        assert client.get(f"/search?q={number}").location == f"/ledger/{gift.entry.entry_no}"
    assert client.get(f"/search?q={fund.code.lower()}").location == f"/funds/{fund.code}"
    assert "43.21" in get(client, q="43.21")


@pytest.mark.parametrize(
    "words",
    [
        "不存在的东西",
        "' OR 1=1 --",
        '"',
        "<script>alert(1)</script>",
        "%",
        "NEAR(a b)",
        "x" * 2_000,
        "字" * 2_000,
    ],
)
def test_what_is_not_found_helps_on(client: FlaskClient, fund: Fund, words: str) -> None:
    page = get(client, q=words)
    assert "没有找到" in page and "首字母" in page and "<script>alert" not in page
    assert ("只看了前 100 个字" in page) == (len(words) > 100)


def test_a_filter_that_cannot_be_understood_is_left_out(client: FlaskClient, fund: Fund) -> None:
    page = get(client, q="助学", kind="x", direction="y", year="99999", after="-1")
    assert 'id="found-fund"' in page


def test_without_words_it_says_what_can_be_typed(client: FlaskClient, session: Session) -> None:
    assert "首字母" in get(client) and "首字母" in get(client, q="  ")


def test_names_are_suggested_and_may_be_kept(client: FlaskClient, fund: Fund) -> None:
    answer = client.get("/search/suggest?q=pazhou")
    assert answer.json == {"names": ["琶洲助学基金"]}
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert client.get("/search/suggest").json == {"names": []}


def test_the_lists_are_found_by_pinyin_too(client: FlaskClient, fund: Fund) -> None:
    assert "琶洲助学基金" in client.get("/funds?q=pzzx").text
    assert "琶洲助学基金" not in client.get("/funds?q=zzzz").text


def test_the_ledger_says_when_it_does_not_add_up(
    client: FlaskClient, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "支出 25 笔" in client.get("/ledger?q=助学金").text
    monkeypatch.setattr(entries, "MOST_SUMMED", 2)
    assert "不逐笔相加" in client.get("/ledger?q=助学金&direction=out").text, "the first page is kept"
    refused = client.get("/api/v1/summary?q=助学金")
    assert refused.status_code == 400 and refused.json["errors"][0]["field"] == "q"
