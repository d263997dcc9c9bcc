"""Pages that are kept as they were sent: found again while nothing they show has changed, and never after."""

import gzip
from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask, request_started
from flask.testing import FlaskClient
from flask_babel import refresh
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.i18n import lazy_gettext as _l
from portal.registry.models import Fund
from portal.site.page_shelf import KeptPage, KeptPages
from portal.watch.doubts import current_doubts
from tests import factories, gifts


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with one gift."""
    with writing() as writer:
        made: Fund = factories.fund(writer)
    gifts.posted_gift(made, 12_345)
    db.session.rollback()
    return made


@pytest.fixture
def statements(app: Flask, app_context: None) -> Iterator[list[str]]:
    """What the database is asked through the app's own sessions."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.engine, "before_cursor_execute", note)


def read(app: Flask, path: str = "/ledger", host: str = "localhost", **cookies: str) -> str:
    """The text of a page as somebody sees it who comes with these cookies."""
    db.session.rollback()
    # The test's context outlives its requests, and would hand the first one's language on.
    refresh()
    browser = app.test_client()
    for name, value in cookies.items():
        browser.set_cookie(name, value)
    answer = browser.get(path, headers={"Host": host})
    assert answer.status_code == 200
    return answer.text


def test_a_page_seen_before_asks_the_books_nothing(app: Flask, fund: Fund, statements: list[str]) -> None:
    first = read(app)
    statements.clear()
    assert read(app) == first
    # What lies outside the database is looked at once a second, by one statement.
    assert not [one for one in statements if "ledger_entry" in one or "fund" in one]


def test_a_browser_that_has_the_page_gets_304_without_a_look_at_the_books(
    app: Flask, client: FlaskClient, fund: Fund, statements: list[str]
) -> None:
    tag = client.get("/ledger").headers["ETag"]
    db.session.rollback()
    client.get("/ledger")
    statements.clear()
    again = client.get("/ledger", headers={"If-None-Match": tag})
    assert again.status_code == 304 and not again.data and again.headers["ETag"] == tag
    assert not [one for one in statements if "ledger_entry" in one]


def test_a_gift_is_shown_the_moment_it_is_posted(app: Flask, fund: Fund) -> None:
    assert "999.99" not in read(app)
    gifts.posted_gift(fund, 99_999)
    assert "999.99" in read(app) and "1,123.44" in read(app)


def test_an_edit_of_the_registry_is_shown_at_once(app: Flask, fund: Fund) -> None:
    assert fund.name in read(app)
    with writing() as session:
        session.get_one(Fund, fund.id).name = "改名后的慈善基金"
    assert "改名后的慈善基金" in read(app)


def test_what_is_changed_past_the_portal_is_shown_at_once(app: Flask, fund: Fund) -> None:
    assert "绕过系统改的名字" not in read(app)
    with db.engine.connect().execution_options(portal_writer=True) as connection:
        connection.execute(text("UPDATE fund SET name = '绕过系统改的名字'"))
        connection.commit()
    assert "绕过系统改的名字" in read(app)


def test_what_is_rolled_back_is_never_shown(app: Flask, fund: Fund) -> None:
    read(app)
    with pytest.raises(ZeroDivisionError), writing() as session:
        session.get_one(Fund, fund.id).name = "没有提交的名字"
        session.flush()
        raise ZeroDivisionError
    assert "没有提交的名字" not in read(app)


def test_a_page_of_an_older_snapshot_is_not_kept(app: Flask, fund: Fund) -> None:
    """Whoever reads in a transaction that began before a change must not leave his page to those who come after."""
    db.session.rollback()
    db.session.execute(text("SELECT name FROM fund")).all()
    with db.engine.connect().execution_options(portal_writer=True) as other:
        other.execute(text("UPDATE fund SET name = '后来的名字'"))
        other.commit()
    assert "后来的名字" not in app.test_client().get("/ledger").text
    assert "后来的名字" in read(app)


def test_a_new_day_is_another_page(app: Flask, fund: Fund) -> None:
    with time_machine.travel("2027-01-31T04:00:00Z", tick=False):
        assert "2027-01-01" in read(app, "/")
    with time_machine.travel("2027-02-01T04:00:00Z", tick=False):
        assert "2027-02-01" in read(app, "/")


@pytest.mark.one_engine
def test_a_doubt_stands_on_pages_that_were_kept_before_it(app: Flask, fund: Fund) -> None:
    assert "核对时发现不一致" not in read(app)
    current_doubts().found = "核对时发现不一致"
    assert "核对时发现不一致" in read(app)
    current_doubts().found = None
    assert "核对时发现不一致" not in read(app)


@pytest.mark.one_engine
def test_a_doubt_that_was_found_does_not_slow_the_readers(app: Flask, fund: Fund) -> None:
    current_doubts().found = _l("服务器的磁盘快满了，暂时只能查看，不能登记。请管理员腾出空间。")
    languages = {"zh_Hans_CN": "磁盘快满了", "en": "The disk of the server is nearly full"}
    pages = {one: read(app, portal_language=one) for one in languages}
    began: list[object] = []
    with request_started.connected_to(began.append, app):
        for language, words in languages.items():
            again = read(app, portal_language=language)
            assert words in again and again == pages[language]
    assert not began, "the framework was asked for a page that was kept"


@pytest.mark.one_engine
def test_each_reader_gets_his_own_language_and_view(app: Flask, fund: Fund) -> None:
    plain = read(app)
    english, large = read(app, portal_language="en"), read(app, portal_view="elder")
    assert 'lang="en"' in english and 'data-view="elder"' in large
    assert read(app) == plain and read(app, portal_language="en") == english


@pytest.mark.one_engine
def test_a_switch_of_language_sets_its_cookie_every_time(app: Flask, fund: Fund) -> None:
    for _visit in range(2):
        answer = app.test_client().get("/ledger?lang=en")
        assert "portal_language=en" in answer.headers["Set-Cookie"]
        assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.one_engine
def test_whoever_brings_another_cookie_leaves_no_page_behind(app: Flask, fund: Fund) -> None:
    kept: KeptPages = app.extensions["kept_pages"]
    read(app, portal_desk="whatever")
    assert kept.kept_bytes == 0
    read(app)
    assert kept.kept_bytes > 0


@pytest.mark.one_engine
def test_the_name_the_site_is_called_by_belongs_to_the_page(app: Flask, fund: Fund) -> None:
    read(app, host="evil.example")
    assert "evil.example" not in read(app)


@pytest.mark.one_engine
def test_no_kept_page_sets_a_cookie(app: Flask, fund: Fund) -> None:
    for path in ("/", "/ledger", "/about", "/funds", "/api/v1/ledger", "/feed.atom"):
        for _visit in range(2):
            assert "Set-Cookie" not in app.test_client().get(path).headers, path


@pytest.mark.one_engine
def test_the_shelf_is_bounded_and_drops_what_was_asked_for_longest_ago() -> None:
    shelf = KeptPages(most_bytes=10_000)
    page = KeptPage("/", "", [], b"x" * 1_000)
    for number in range(4):
        shelf.keep((str(number),), ("state",), page)
        shelf.find(("0",), ("state",))
    assert shelf.kept_bytes <= 10_000
    assert shelf.find(("0",), ("state",)) is page and shelf.find(("1",), ("state",)) is None


@pytest.mark.one_engine
def test_a_kept_page_is_the_same_packed_and_plain(app: Flask, fund: Fund) -> None:
    plain = read(app)
    for _visit in range(2):
        answer = app.test_client().get("/ledger", headers={"Accept-Encoding": "br, gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert gzip.decompress(answer.data).decode() == plain
        assert {"Cookie", "Accept-Encoding"} <= set(answer.vary.as_set(preserve_casing=True))


@pytest.mark.one_engine
def test_a_year_of_sums_is_the_same_by_days_months_and_years(app: Flask, fund: Fund) -> None:
    for day in (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1)):
        gifts.posted_gift(fund, 10_000, day, late_reason="补记")
    assert "收入 2 笔" in read(app, "/ledger?from=2026-01-01&to=2026-02-28")
    assert "收入 3 笔" in read(app, "/ledger?from=2025-12-31&to=2026-02-28")
