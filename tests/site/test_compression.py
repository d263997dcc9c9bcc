"""What leaves compressed, what must not, and that nobody is given what he cannot read."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.config import PROJECT
from tests.people import LogIn, reviewer

pytestmark = pytest.mark.one_engine

STYLE = "/static/css/site.css"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/ledger", "/api/v1/openapi.json", "/sitemap.xml", STYLE])
def test_what_everybody_may_read_is_compressed_for_who_takes_it(client: FlaskClient, path: str) -> None:
    packed, plain = client.get(path, headers=GZIP), client.get(path)
    assert packed.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data and len(packed.data) < len(plain.data)
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "accept-encoding" in packed.vary and "accept-encoding" in plain.vary


def test_who_says_no_to_gzip_gets_none(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip;q=0, br"}).headers


def test_the_desk_is_not_compressed(app: Flask, app_context: None, log_in: LogIn) -> None:
    """Its pages hold form tokens beside words from the address (BREACH)."""
    for browser, path in ((app.test_client(), "/desk/login"), (log_in(reviewer()), "/desk")):
        answer = browser.get(path, headers=GZIP, follow_redirects=True)
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers


def test_a_gift_looked_up_by_its_code_is_not_compressed(client: FlaskClient) -> None:
    answer = client.post("/my-gift", data={"number": "HZ0001-2026-000001", "code": "x"}, headers=GZIP)
    assert "Content-Encoding" not in answer.headers


def test_an_asset_keeps_one_weak_name_in_both_forms(client: FlaskClient) -> None:
    tag = client.get(STYLE, headers=GZIP).headers["ETag"]
    assert tag.startswith("W/")
    for headers in (GZIP, {}):
        assert client.get(STYLE, headers={"If-None-Match": tag, **headers}).status_code == 304


def test_a_part_of_an_asset_is_a_part_of_the_file_itself(client: FlaskClient) -> None:
    part = client.get(STYLE, headers={**GZIP, "Range": "bytes=0-9"})
    assert part.status_code == 206 and "Content-Encoding" not in part.headers
    assert part.data == (PROJECT / STYLE.lstrip("/")).read_bytes()[:10]


def test_the_head_of_a_page_tells_the_length_and_sends_nothing(client: FlaskClient) -> None:
    whole, head = client.get("/about", headers=GZIP), client.head("/about", headers=GZIP)
    assert not head.data and head.headers["ETag"] == whole.headers["ETag"]


@pytest.mark.parametrize("path", ["/static/img/nothing.svg", "/nothing-here"])
def test_what_is_not_there_says_so_in_either_form(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=GZIP).status_code == 404
