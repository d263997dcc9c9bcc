"""Pages, files and downloads as a reader meets them."""

import base64
import hashlib
import io
import re
import zipfile
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from portal import turns
from portal.db import writing
from portal.opendata import downloads
from portal.opendata.columns import TABLES
from portal.opendata.formats import FORMATS
from portal.registry.models import Fund
from tests import factories, gifts
from tests.opendata.taking import LAST, THIS, api, documents, rows, within

pytestmark = pytest.mark.one_engine


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a gift last month, and a gift and a payout this month; another fund with a gift."""
    with writing() as writer:
        made, other = factories.fund(writer), factories.fund(writer)
    gifts.posted_gift(made, 5_000, within(LAST))
    gifts.posted_gift(made, 6_000, THIS.first, donor_name="陈𠮷祥", publish_name=True)
    gifts.posted_payout(made, 1_000, THIS.first, beneficiary_count=3)
    gifts.posted_gift(other, 70_000, THIS.first)
    return made


def test_the_page_offers_every_month_in_every_format(client: FlaskClient, fund: Fund) -> None:
    page = client.get("/open-data").text
    for period in (str(LAST), str(THIS), str(THIS.year)):
        offered = set(re.findall(rf'href="(/open-data/{period}/[^"]+)"', page))
        names = {one.file_name for one in FORMATS.values()} | {"manifest.json"}
        # Last month nothing was paid out, so there are no grants.
        assert {link.rpartition("/")[2] for link in offered} == names - (
            {"360giving.json"} if period == str(LAST) else set()
        )
        for link in offered:
            assert client.get(link).status_code == 200, link
    assert client.get(f"/open-data/{LAST}/360giving.json").status_code == 404


@pytest.mark.parametrize("address", ["/open-data", "/open-data/dictionary", "/api/v1/"])
def test_pages_for_readers_set_no_cookie_and_run_no_foreign_script(
    client: FlaskClient, fund: Fund, address: str
) -> None:
    answer = client.get(address)
    assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert not re.search(r'(src|href)="https?://(?!creativecommons|cszg)', answer.text)
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_dictionary_tells_every_column(client: FlaskClient, fund: Fund) -> None:
    page = client.get("/open-data/dictionary").text
    for table in TABLES:
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page
            assert column.words and column.example


def test_a_file_says_what_it_is_and_is_not_sent_twice(client: FlaskClient, fund: Fund) -> None:
    manifest = client.get(f"/open-data/{THIS}/manifest.json").get_json()
    assert manifest["rows"] == 3 and manifest["tree_size"] and "\n" in manifest["checkpoint"]
    for one in manifest["files"]:
        answer = client.get(one["address"])
        digest = hashlib.sha256(answer.data)
        assert (digest.hexdigest(), len(answer.data)) == (one["sha256"], one["bytes"])
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
        assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in answer.headers
        assert int(answer.headers["Cache-Control"].rpartition("=")[2]) <= 60
        again = client.get(one["address"], headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304 and not again.data
    assert {one["format"] for one in manifest["files"]} == set(FORMATS)


def test_the_list_of_periods_is_for_programs(client: FlaskClient, fund: Fund) -> None:
    listed = client.get("/open-data/manifest.json").get_json()
    rows_of = {one["period"]: one["rows"] for one in listed["periods"]}
    assert rows_of[str(LAST)] == 1 and rows_of[str(THIS)] == 3 and listed["licence"] == "CC-BY-4.0"


@pytest.mark.parametrize("address", ["/open-data/2026-09/passwords.txt", "/open-data/1999-01/entries.csv"])
def test_what_there_is_not_is_not_found(client: FlaskClient, fund: Fund, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_download_is_exactly_what_the_page_shows(client: FlaskClient, fund: Fund) -> None:
    for query in ("", f"fund={fund.code}", f"fund={fund.code}&direction=in&min=55", "q=陈𠮷祥", "limit=2"):
        shown = api(client, f"ledger?{query}")["entries"]
        assert documents(client.get(f"/ledger.jsonl?{query}").text) == shown, query
        table = rows(client.get(f"/ledger.csv?{query}").data)
        assert [row["entry_no"] for row in table] == [one["entry_no"] for one in shown], query
        book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"/ledger.xlsx?{query}").data))
        assert [row[0] for row in book.get_sheet_by_index(0).to_python()[1:]] == [
            one["entry_no"] for one in shown
        ]


def test_the_buttons_keep_the_filters(client: FlaskClient, fund: Fund) -> None:
    for page in (f"/ledger?fund={fund.code}&direction=in", f"/funds/{fund.code}"):
        links = [
            link.replace("&amp;", "&")
            for link in re.findall(r'href="(/ledger[./][^"]+)"', client.get(page).text)
        ]
        downloads_ = [link for link in links if urlsplit(link).path.endswith((".csv", ".jsonl", ".xlsx"))]
        assert len(downloads_) >= 5
        for link in downloads_:
            assert f"fund={fund.code}" in link and client.get(link).status_code == 200, link


def test_the_table_behind_a_selection_adds_up_to_it(client: FlaskClient, fund: Fund) -> None:
    for query in ("", f"fund={fund.code}", "min=20", "q=助学金"):
        summary = api(client, f"summary?{query}")
        for by in ("organisation", "fund", "station", "street"):
            table = rows(client.get(f"/ledger/summary.csv?by={by}&{query}").data)
            assert sum(int(row["received_fen"]) for row in table) == summary["received_fen"], (query, by)
            assert sum(int(row["disbursements"]) for row in table) == summary["disbursements"], (query, by)
    (recipient,) = rows(client.get("/ledger/summary.csv?by=recipient").data)
    assert (recipient["name"], recipient["disbursed_fen"], recipient["beneficiary_count"]) == (
        "困难家庭学生",
        "1000",
        "",
    )


@pytest.mark.parametrize(
    "address",
    [
        "/ledger.csv?colour=red",
        "/ledger.jsonl?fund=NOSUCH",
        "/ledger.xlsx?limit=0",
        "/ledger/summary.csv?by=colour",
        "/ledger/summary.csv",
    ],
)
def test_a_bad_filter_is_named(client: FlaskClient, fund: Fund, address: str) -> None:
    assert client.get(address).status_code == 400


def test_a_workbook_that_would_be_too_long_is_refused_with_the_way_out(
    client: FlaskClient, fund: Fund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "MOST_ROWS", 2)
    answer = client.get("/ledger.xlsx")
    assert answer.status_code == 400 and "CSV" in answer.text
    assert client.get(f"/ledger.xlsx?fund={fund.code}&direction=in").status_code == 200


def test_slow_readers_cannot_take_every_thread(client: FlaskClient, fund: Fund) -> None:
    slow = [client.get("/ledger.csv", buffered=False) for _ in range(turns.AT_A_TIME)]
    refused = client.get("/ledger.csv")
    assert refused.status_code == 503 and refused.headers["Retry-After"]
    for one in reversed(slow):
        one.close()
    assert client.get("/ledger.csv").status_code == 200
    assert client.head("/ledger.csv").status_code == 200


def test_a_badge_may_stand_in_any_frame_and_tells_nothing_private(client: FlaskClient, fund: Fund) -> None:
    page = client.get(f"/embed/fund/{fund.code}?lang=en", headers={"Cookie": "portal_desk=x"})
    assert (
        page.status_code == 200 and "Set-Cookie" not in page.headers and "X-Frame-Options" not in page.headers
    )
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "script-src" not in page.headers["Content-Security-Policy"] and "<script" not in page.text
    assert page.headers["Cache-Control"].startswith("public, max-age=")
    assert "110.00" in page.text and "陈" not in page.text
    picture = client.get(f"/embed/fund/{fund.code}.svg")
    assert picture.mimetype == "image/svg+xml" and "110.00" in picture.text and "陈" not in picture.text
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_no_other_page_may_stand_in_a_frame(client: FlaskClient, fund: Fund) -> None:
    for address in ("/", "/embed/fund/NOSUCH", "/embed/donor/1", f"/funds/{fund.code}", "/desk/login"):
        answer = client.get(address)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], address
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_names_in_a_badge_are_escaped_and_fit(client: FlaskClient, session: Session) -> None:
    with writing() as writer:
        long = factories.fund(writer, name="<script>" + "很长的名字" * 20)
    picture = client.get(f"/embed/fund/{long.code}.svg").text
    assert "<script>" not in picture and "…" in picture
    assert "<script>" not in client.get(f"/embed/fund/{long.code}").text


def test_the_package_is_one_file(client: FlaskClient, fund: Fund) -> None:
    bundle = zipfile.ZipFile(io.BytesIO(client.get(f"/open-data/{THIS}/datapackage.zip").data))
    assert {"datapackage.json", "README.md", "entries.csv", "postings.csv", "funds.csv"} <= set(
        bundle.namelist()
    )


def test_the_readable_api_names_every_endpoint(client: FlaskClient, fund: Fund) -> None:
    page = client.get("/api/v1/").text
    for path in api(client, "openapi.json")["paths"]:
        assert path in page


def test_all_long_answers_take_the_same_turns(client: FlaskClient, fund: Fund) -> None:
    slow = [client.get("/log/entries.jsonl", buffered=False) for _ in range(turns.AT_A_TIME)]
    for path in ("/log/entries.jsonl", "/ledger.jsonl", "/ledger.xlsx", "/open-data/all/entries.jsonl"):
        assert client.get(path).status_code == 503, path
    for one in reversed(slow):
        one.close()
    assert client.get("/open-data/all/entries.jsonl").status_code == 200


def test_the_address_of_a_badge_is_the_sites_own(client: FlaskClient, fund: Fund) -> None:
    page = client.get(f"/funds/{fund.code}", headers={"Host": "evil.example"}).text
    assert "/embed/fund/" in page and "evil.example" not in page


def test_a_shared_cache_tells_the_languages_of_a_badge_apart(client: FlaskClient, fund: Fund) -> None:
    assert "Cookie" in client.get(f"/embed/fund/{fund.code}.svg").headers["Vary"]
    assert "Cookie" in client.get("/feed.atom").headers["Vary"]
