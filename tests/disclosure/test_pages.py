"""The public pages: the same figures everywhere, no name without consent, no cookie, a strict policy kept."""

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import writing
from portal.disclosure import bills
from portal.indicators.bundled import load_indicators
from portal.periods import Month, today
from portal.registry.geography import load_district
from portal.registry.models import Fund, Status
from tests import factories, gifts, people

pytestmark = pytest.mark.one_engine

CANARY = "金丝雀女士"
REMARK = "请不要告诉我的邻居"
ELSEWHERE = {"cszg.mca.gov.cn", "creativecommons.org", "uri.amap.com", "api.map.baidu.com", "maps.apple.com"}
"""Where links may lead: the statutory platform, and the maps people have on their phones."""


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a station, a project and a campaign, gifts, a payout, a reversal and a published bill."""
    with writing() as writer:
        load_district(writer, Settings().district_dir)
        load_indicators(writer, Settings().district_dir)
        made = factories.fund(writer, name="琶洲街道社区慈善基金")
        station = factories.station(writer, organisation_id=made.organisation_id)
        project = factories.project(writer, organisation_id=made.organisation_id)
        campaign = factories.campaign(writer, organisation_id=made.organisation_id)
    where = {"station": station.code, "project": project.code, "campaign": campaign.code}
    gifts.posted_gift(made, 123_456, donor_name=CANARY, remark=REMARK, **where)
    gifts.posted_gift(made, 50_000, donor_name="海珠区某商行", publish_name=True)
    gifts.posted_payout(made, 30_000, beneficiary_count=3, remark=REMARK)
    wrong = gifts.posted_gift(made, 777, Month.of(today()).plus(-1).first).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    bills.publish(made.code, Month.of(today()).plus(-1), "", people.clerk())
    return made


def paths(client: FlaskClient, start: str = "/") -> Iterator[tuple[str, str]]:
    """Every public page that links lead to from the home page, with its text."""
    seen, waiting = {start}, [start]
    while waiting:
        path = waiting.pop()
        answer = client.get(path)
        assert answer.status_code == 200 and answer.get_data() is not None, path  # read to its end
        assert "Set-Cookie" not in answer.headers, path
        if answer.mimetype != "text/html":
            continue
        yield path, answer.text
        links = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)"', answer.text)}
        new = {link for link in links - seen if not re.match(r"/(static|desk)\b|.*[?&](lang|view)=", link)}
        seen |= new
        waiting += sorted(new)


def test_every_link_leads_somewhere_and_no_private_word_is_shown(client: FlaskClient, fund: Fund) -> None:
    walked = dict(paths(client))
    assert len(walked) > 25
    for path, text in walked.items():
        assert CANARY not in text and REMARK not in text, path
        assert "不足 5" in text or "3 人次" not in text, path


def test_no_page_needs_what_the_policy_forbids(client: FlaskClient, fund: Fund) -> None:
    for path, text in paths(client):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=\"|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path
        assert not re.search(r'src="(https?:)?//', text), path
        assert set(re.findall(r'href="(?:https?:)?//([^/"]+)', text)) <= ELSEWHERE, path
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_the_same_sums_stand_on_every_page(client: FlaskClient, fund: Fund) -> None:
    for path in (
        "/",
        f"/funds/{fund.code}",
        f"/ledger?fund={fund.code}",
        f"/organisations/{fund.organisation.uscc}",
    ):
        text = client.get(path).text
        assert "1,734.56" in text and "300.00" in text, path


def test_a_reversal_and_its_entry_point_at_each_other(client: FlaskClient, fund: Fund) -> None:
    page = client.get("/ledger?min=7.77&max=7.77").text
    numbers = re.findall(r'href="/ledger/(E-\d{4}-\d{6})"', page)
    assert len(numbers) == 2
    for own, other in (numbers, reversed(numbers)):
        assert other in client.get(f"/ledger/{own}").text


def test_a_closed_fund_stays_visible_and_says_so(client: FlaskClient, fund: Fund) -> None:
    with writing() as session:
        session.get_one(Fund, fund.id).status = Status.CLOSED
    assert "已关闭" in client.get("/funds").text
    assert "以前的账目仍然公开" in client.get(f"/funds/{fund.code}").text


def test_two_characters_of_a_name_are_found_and_a_number_leads_straight_on(
    client: FlaskClient, fund: Fund
) -> None:
    assert "琶洲街道社区慈善基金" in client.get("/search?q=琶洲").text
    assert client.get("/search?q=e-2026-000001").location.startswith("/ledger/E-")
    assert "没有找到" in client.get("/search?q=不存在的东西").text


@pytest.mark.parametrize(
    "path",
    ["/funds/NOSUCH", "/ledger/E-1", "/bills/2026-01-NOSUCH", "/organisations/1", "/x", "/bills/x.pdf"],
)
def test_what_is_not_there_is_a_page_that_helps(client: FlaskClient, app_context: None, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404 and "回到首页" in answer.text


def test_a_page_is_not_sent_again_until_something_changes(client: FlaskClient, fund: Fund) -> None:
    tag = client.get("/ledger").headers["ETag"]
    assert client.get("/ledger", headers={"If-None-Match": tag}).status_code == 304
    gifts.posted_gift(fund, 100)
    assert client.get("/ledger", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("language", ["zh_Hans_CN", "zh_Hant_HK", "en"])
def test_the_language_is_switched_and_remembered(client: FlaskClient, fund: Fund, language: str) -> None:
    first = client.get(f"/?lang={language}")
    assert f'lang="{language.replace("_", "-")}"' in first.text
    assert f'lang="{language.replace("_", "-")}"' in client.get("/ledger").text


def test_the_large_print_view_is_remembered(client: FlaskClient, fund: Fund) -> None:
    assert 'data-view="elder"' in client.get("/?view=elder").text
    assert 'data-view="elder"' in client.get("/funds").text
