"""The yearly reports: the API's figures on paper and on the page, nobody named without consent, same bytes twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import db, writing
from portal.indicators.bundled import load_indicators
from portal.ledger.models import Channel
from portal.money import format_yuan
from portal.refusals import Invalid, NotFound
from portal.registry.models import Fund, Organisation, Project, Station
from portal.reports.data_tables import tables_of
from portal.reports.document import Document
from portal.reports.document_pdf import print_document
from portal.reports.kinds import KINDS
from portal.reports.wording import cell_words
from tests import factories, gifts, goods, moves
from tests.reports.reading import SITE, line_of, page_text, pdf_text, squeezed

YEAR = 2026
DAYS = {"from": "2026-01-01", "to": "2026-12-31"}
MARKUP = "善<b>&小"
NAMED, UNNAMED = "何桂英", "梁不愿"


@dataclass(frozen=True)
class World:
    """One organisation with two funds, a station, a project, and a stranger beside it."""

    organisation: Organisation
    fund: Fund
    other: Fund
    station: Station
    project: Project
    stranger: Fund


@pytest.fixture
def world(app: Flask, session: Session) -> Iterator[World]:
    """A year under way: gifts in two forms, payouts, a transfer, a reversal, and last year's rest."""
    with time_machine.travel("2026-08-28T04:00:00Z", tick=False):
        yield _world()


def _world() -> World:
    with writing() as session:
        load_indicators(session, Settings().district_dir)
        organisation = factories.organisation(session, name="海珠区龘龘慈善会")
        owner = {"organisation_id": organisation.id}
        fund = factories.fund(session, name=f"{MARKUP}社区慈善基金", **owner)
        other = factories.fund(session, name="敬老基金", **owner)
        station = factories.station(session, name="江南中捐赠站点", **owner)
        project = factories.project(session, name="爱心助学", **owner)
        project.funds = [fund]
        stranger = factories.fund(session, name="别家的基金")
    gifts.posted_gift(fund, 5_000_000, date(2025, 12, 30))
    gifts.posted_gift(
        fund, 1_234_567, date(2026, 1, 5), donor_name=NAMED, publish_name=True, station=station.code
    )
    gifts.posted_gift(fund, 200_005, date(2026, 3, 9), donor_name=UNNAMED, channel=Channel.WECHAT)
    gifts.posted_gift(other, 99, date(2026, 3, 10), project="")
    gifts.posted_gift(stranger, 77_700, date(2026, 4, 1), channel=Channel.BANK)
    gifts.posted_payout(fund, 400_040, date(2026, 5, 2), beneficiary_count=3, project=project.code)
    wrong = gifts.posted_gift(other, 700_000, date(2026, 6, 1)).entry
    assert wrong is not None
    gifts.reversed_entry(wrong)
    moves.posted_transfer(fund, other, 12_300)
    return World(organisation, fund, other, station, project, stranger)


def read(kind: str, **asked: str) -> Document:
    """A report of the year."""
    db.session.rollback()
    return KINDS[kind].read(db.session(), {"year": str(YEAR), **asked})


def of_each_kind(world: World) -> list[tuple[Document, str]]:
    """The public reports and where their pages are."""
    uscc, code = world.organisation.uscc, world.fund.code
    return [
        (read("charity-day"), f"/reports/charity-day/{YEAR}"),
        (read("charity-day", organisation=uscc), f"/reports/charity-day/{YEAR}/{uscc}"),
        (read("annual", organisation=uscc), f"/reports/annual/{uscc}/{YEAR}"),
        (read("fund", fund=code), f"/reports/fund/{code}/{YEAR}"),
    ]


def api(client: FlaskClient, path: str, **asked: str) -> dict[str, int]:
    """What the API says."""
    found: dict[str, int] = client.get(f"/api/v1/{path}", query_string=asked).get_json()
    return found


def test_the_years_sums_are_the_apis(client: FlaskClient, world: World, tmp_path: Path) -> None:
    for (document, address), asked in zip(
        of_each_kind(world),
        (
            {},
            {"organisation": world.organisation.uscc},
            {"organisation": world.organisation.uscc},
            {"fund": world.fund.code},
        ),
        strict=True,
    ):
        sums = api(client, "summary", **DAYS, **asked)
        ever = api(client, "summary", to=DAYS["to"], **asked)
        for text in (pdf_text(document, tmp_path), page_text(client, address)):
            for name in ("received_fen", "disbursed_fen"):
                assert format_yuan(sums[name]) in text, (address, name)
            assert format_yuan(ever["balance_fen"]) in text
            assert f"捐赠 {sums['donations']} 笔" in " ".join(text.split())


@pytest.mark.parametrize("place", ["fund", "other", "stranger"])
def test_the_row_of_each_fund_is_the_apis(
    client: FlaskClient, world: World, tmp_path: Path, place: str
) -> None:
    fund = getattr(world, place)
    sums = api(client, "summary", **DAYS, fund=fund.code)
    ever = api(client, "summary", to=DAYS["to"], fund=fund.code)
    row = line_of(pdf_text(read("charity-day"), tmp_path), fund.name)
    for fen in (sums["received_fen"], sums["disbursed_fen"], ever["balance_fen"]):
        assert format_yuan(fen) in row


def test_organisations_stations_and_streets_are_the_apis(
    client: FlaskClient, world: World, tmp_path: Path
) -> None:
    shown = pdf_text(read("charity-day"), tmp_path)
    for name, asked in (
        (world.organisation.name, {"organisation": world.organisation.uscc}),
        (world.station.name, {"station": world.station.code}),
        (world.station.street.name, {"street": world.station.street.code}),
        (world.project.name, {"project": world.project.code}),
    ):
        sums = api(client, "summary", **DAYS, **asked)
        figure = sums["received_fen"] or sums["disbursed_fen"]
        assert format_yuan(figure) in line_of(shown, name), name


def test_forms_and_channels_add_up_to_the_apis_sum(client: FlaskClient, world: World) -> None:
    goods.gift(world.fund, goods.line("大米", 2, value_fen=5_000))
    sums = api(client, "summary", **DAYS)
    tables = {one.name: one for one in read("charity-day").tables}
    for name, column in (("forms", 1), ("channels", 2), ("months", 2), ("streets", 2), ("stations", 3)):
        assert tables[name].sums[column] == sums["received_fen"], name
    assert {row[0]: row[1] for row in tables["forms"].rows} == {
        "资金": sums["by_form"]["money"],
        "物资": sums["by_form"]["goods"],
    }


def test_per_capita_giving_is_the_apis(client: FlaskClient, world: World, tmp_path: Path) -> None:
    shown = pdf_text(read("charity-day"), tmp_path)
    series = client.get("/api/v1/indicators/per-capita").get_json()["series"]
    for year in series:
        row = next(line for line in shown.splitlines() if re.match(rf" *{year['year']} +[\d—]", line))
        for name in ("received_fen", "per_capita_fen", "target_fen"):
            if year[name] is not None and (name != "received_fen" or year["received_fen"]):
                assert format_yuan(year[name]) in row, year


def test_paper_page_and_attachment_say_the_same(client: FlaskClient, world: World, tmp_path: Path) -> None:
    for document, address in of_each_kind(world):
        paper = squeezed(pdf_text(document, tmp_path))
        page = squeezed(page_text(client, address))
        attached = {one.name: one for one in tables_of(document)}
        for table in document.tables:
            assert len(attached[table.name].rows) == len(table.rows)
            for row in (*table.rows, table.sums):
                for cell, column in zip(row, table.columns, strict=False):
                    words = squeezed(cell_words(cell, column.kind))
                    # A name may be broken over two lines of its cell on paper.
                    assert (words in paper or not column.is_figure) and words in page, (table.name, words)
        for slip in document.slips:
            for line in slip.lines:
                if line.fen is not None:
                    assert format_yuan(abs(line.fen)) in paper and format_yuan(abs(line.fen)) in page


def test_a_name_stands_in_a_report_by_consent_only(client: FlaskClient, world: World, tmp_path: Path) -> None:
    for document, address in of_each_kind(world):
        for text in (pdf_text(document, tmp_path), page_text(client, address)):
            assert NAMED in text and UNNAMED not in text and "爱心人士" in text


def test_fewer_than_five_people_are_never_counted_out(
    client: FlaskClient, world: World, tmp_path: Path
) -> None:
    table = next(one for one in read("charity-day").tables if one.name == "projects")
    assert [row[4] for row in table.rows] == ["合并"]
    assert "不足 5" in pdf_text(read("charity-day"), tmp_path)


def test_markup_in_names_is_text(client: FlaskClient, world: World, tmp_path: Path) -> None:
    page = client.get(f"/reports/fund/{world.fund.code}/{YEAR}").text
    assert MARKUP not in page and "善&lt;b&gt;&amp;小" in page
    assert MARKUP in pdf_text(read("fund", fund=world.fund.code), tmp_path)


def test_names_are_marked_as_chinese_on_a_page_in_another_language(client: FlaskClient, world: World) -> None:
    station = f'<span lang="zh-Hans-CN">{world.station.name}</span>'
    for language, marked in (("zh_Hant_HK", True), ("en", True), ("zh_Hans_CN", False)):
        page = client.get(f"/reports/charity-day/{YEAR}", query_string={"lang": language}).text
        assert world.station.name in page and (station in page) is marked, language


def test_what_is_not_known_is_never_a_word_of_the_program(
    client: FlaskClient, world: World, tmp_path: Path
) -> None:
    for document, address in of_each_kind(world):
        for text in (pdf_text(document, tmp_path), page_text(client, address)):
            assert not {"None", "nan", "NaN", "null"} & set(text.split())


def test_an_organisation_without_a_single_entry_has_a_report(
    client: FlaskClient, world: World, tmp_path: Path
) -> None:
    with writing() as session:
        empty = factories.organisation(session, name="刚成立的协会")
    for kind in ("charity-day", "annual"):
        shown = pdf_text(read(kind, organisation=empty.uscc), tmp_path)
        assert "这一年没有捐赠。" in shown and "¥0.00" in shown and "没有可列的记录" in shown
    assert client.get(f"/reports/annual/{empty.uscc}/{YEAR}").status_code == 200


def test_another_organisations_fund_is_not_in_the_report(world: World) -> None:
    moves.posted_transfer(world.fund, world.stranger, 1_100)
    funds = next(
        one for one in read("annual", organisation=world.organisation.uscc).tables if one.name == "funds"
    )
    assert [row[0] for row in funds.rows] == [world.fund.name, world.other.name]
    for _name, opening, came, went, moved, closing in funds.rows:
        assert opening + came - went + moved == closing


def test_the_foreword_stands_first_and_only_where_somebody_wrote_it(world: World, tmp_path: Path) -> None:
    assert read("charity-day").sections[0].key == "overview"
    written = read("charity-day", foreword="谢谢<i>大家</i>\n" + "很" * 2_900, foreword_signed="会长")
    assert written.sections[0].key == "foreword"
    shown = pdf_text(written, tmp_path)
    assert "谢谢<i>大家</i>" in shown and "会长" in shown
    with pytest.raises(Invalid):
        read("charity-day", foreword="很" * 3_001)


def test_a_year_under_way_says_so(world: World, tmp_path: Path) -> None:
    assert "这一年还没有过完" in pdf_text(read("charity-day"), tmp_path)
    assert "这一年还没有过完" not in pdf_text(read("charity-day", year="2025"), tmp_path)


def test_the_same_books_give_the_same_bytes(world: World) -> None:
    for (first, _address), (second, _same) in zip(of_each_kind(world), of_each_kind(world), strict=True):
        assert print_document(first, SITE) == print_document(second, SITE)


def test_what_there_is_no_report_of_is_not_found(client: FlaskClient, world: World) -> None:
    for address in (
        "/reports/charity-day/1999",
        f"/reports/charity-day/{YEAR + 1}",
        f"/reports/charity-day/{YEAR}/NOBODY",
        f"/reports/annual/NOBODY/{YEAR}",
        f"/reports/fund/NONE/{YEAR}",
        "/reports/donor-statement/1/2026",
    ):
        assert client.get(address).status_code == 404, address
    with pytest.raises(NotFound):
        read("fund")
    for wrong in ("", "99", "二〇二六", "20266"):
        with pytest.raises(Invalid):
            read("charity-day", year=wrong)
    with pytest.raises(Invalid):
        read("annual")


def test_a_page_is_read_without_a_cookie_and_by_headings(client: FlaskClient, world: World) -> None:
    answer = client.get(f"/reports/charity-day/{YEAR}")
    assert "Set-Cookie" not in answer.headers
    page = answer.text
    document = read("charity-day")
    assert page.count("<h1") == 1
    for section in document.sections:
        assert f'<a href="#{section.key}">{section.title}</a>' in page
        assert f'<h2 id="{section.key}">' in page
    assert page.count("<table") == page.count("<caption>") == sum(1 for one in document.tables if one.rows)
    assert 'scope="row"' in page and '<th scope="col"' in page


def test_profiles_and_the_sitemap_lead_to_the_reports(client: FlaskClient, world: World) -> None:
    assert f"/reports/fund/{world.fund.code}/{YEAR}" in client.get(f"/funds/{world.fund.code}").text
    own = client.get(f"/organisations/{world.organisation.uscc}").text
    assert f"/reports/annual/{world.organisation.uscc}/{YEAR}" in own
    assert f"/reports/charity-day/{YEAR}/{world.organisation.uscc}" in own
    assert f"/reports/charity-day/{YEAR}" in client.get("/sitemap.xml").text
    assert f"/reports/charity-day/{YEAR}" in client.get("/reports").text
