"""Lists of goods come in with their quirks, go through review, and the stock is right per thing, unit and place."""

from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.imports import goods as lists
from portal.imports import service
from portal.imports.models import ImportBatch, ListKind
from portal.imports.reading.files import UnreadableFile
from portal.imports.reading.goods import read_goods
from portal.imports.target import Target
from portal.registry.models import Fund, Station
from portal.staff.documents import DocumentState
from portal.stock.figures import all_ways
from portal.stock.sealing import doubtful_stock
from tests import factories, goods, people

PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "redcross-2020"

RECEIVED = """慈善会接收社会捐赠物资公示,,,,
（1月30日）,,,,
捐赠单位,入库物资,规格型号,计量单位,数量总计
珠江实业,口罩,\u200b,箱,17
,口罩,/,个,4000
,防护服,L,件,2.5
爱心人士,口罩,,箱,3
,,,,
海珠区慈善会,,,,
2026-01-31,,,,
"""
GIVEN = """发放捐赠物资一览表,,,,
(2月4日),,,,
接收单位,品名,规格,计量单位,数量
第一医院,口罩,,箱,15
,口罩,,个,1000
第二医院,口罩,,箱,6
,护目镜,,副,6
2026-02-05,,,,
"""


@pytest.fixture
def fund(session: Session) -> Fund:
    with writing() as writer:
        return factories.fund(writer)


@pytest.fixture
def station(fund: Fund) -> Station:
    with writing() as writer:
        return factories.station(writer, organisation_id=fund.organisation_id)


def bring(content: bytes, name: str, fund: Fund, station: Station, **given: object) -> ImportBatch:
    target = Target(fund=fund.code, station=station.code, **given)  # type: ignore[arg-type]
    return lists.take_in(content, name, target, people.clerk())


def approve(batch: ImportBatch) -> ImportBatch:
    submitted = service.submit(batch.id, people.clerk(), batch.version)
    return service.approve(submitted.id, people.reviewer(), submitted.version)


def test_a_list_is_read_with_its_quirks() -> None:
    found = read_goods(RECEIVED.encode(), "公示.csv")
    assert found is not None
    assert found.received
    assert found.day is not None
    assert found.day.isoformat() == "2026-01-30"
    assert [(row.party, row.item, row.specification, row.unit) for row in found.rows] == [
        ("珠江实业", "口罩", "", "箱"),
        ("珠江实业", "口罩", "", "个"),
        ("珠江实业", "防护服", "L", "件"),
        ("爱心人士", "口罩", "", "箱"),
    ]
    assert lists.quantities_of(found) == {"个": "4,000", "件": "2.5", "箱": "20"}


def test_received_and_given_leave_the_right_stock(fund: Fund, station: Station) -> None:
    received = approve(bring(RECEIVED.encode(), "收.csv", fund, station))
    assert (received.kind, received.accepted, received.state) == (
        ListKind.GOODS_RECEIVED,
        4,
        DocumentState.POSTED,
    )
    given = approve(bring(GIVEN.encode(), "发.csv", fund, station))
    # Fifteen cartons of twenty went to the first hospital, so six more are one too many; goggles never came.
    assert (given.rows, given.accepted, given.needs_review) == (4, 2, 2)
    assert goods.shelf() == {
        ("口罩", "", "箱", station.code): 5,
        ("口罩", "", "个", station.code): 3_000,
        ("防护服", "L", "件", station.code): 2,
    }
    assert list(doubtful_stock(db.session())) == []


def test_the_same_list_again_changes_nothing(fund: Fund, station: Station) -> None:
    approve(bring(RECEIVED.encode(), "收.csv", fund, station))
    again = bring(RECEIVED.encode() + b"\n", "again.csv", fund, station)
    assert (again.accepted, again.duplicates) == (0, 4)


def test_bad_lines_are_named_and_left_out(fund: Fund, station: Station) -> None:
    text = (
        "捐赠单位,品名,规格,计量单位,数量\n某厂,口罩,,箱,若干\n某厂,,,箱,3\n某厂,手套,,,5\n某厂,手套,,双,5\n"
    )
    batch = bring(text.encode(), "2026年3月1日.csv", fund, station)
    assert (batch.accepted, batch.needs_review) == (1, 3)
    assert [problem.row for problem in service.row_problems(db.session(), batch)] == [2, 3, 4]


def test_a_list_of_money_is_no_list_of_goods() -> None:
    with pytest.raises(UnreadableFile):
        lists.require_goods("捐赠人,捐赠金额（元）,日期\n陈某,100,2026-03-01\n".encode(), "名单.csv")


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published lists of 2020 are not at hand")
def test_the_published_lists_come_out_right_per_thing_unit_and_place(
    app: Flask, fund: Fund, station: Station
) -> None:
    [received] = PUBLISHED.glob("*接收社会捐赠物资公示*.xlsx")
    [given] = PUBLISHED.glob("*发放捐赠物资一览表*.xlsx")
    first = bring(received.read_bytes(), received.name, fund, station)
    assert (first.rows, first.accepted) == (196, 196)
    approve(first)
    expected = _quantities(received)
    assert sum(expected.values()) == 149_614
    shelf: Counter[tuple[str, str]] = Counter()
    for (name, _specification, unit, where), pieces in goods.shelf().items():
        assert where == station.code
        shelf[name, unit] += pieces
    assert shelf == expected
    second = bring(given.read_bytes(), given.name, fund, station)
    assert second.rows == 174
    assert second.accepted + second.needs_review == 174
    if second.accepted:
        approve(second)
    assert all(pieces > 0 for pieces in goods.shelf().values())
    assert all(way.adds_up for way in all_ways(db.session()))
    out = [row for row in lists.rows_of(db.session(), second) if row.state.value == "accepted"]
    gone = sum((row.quantity_thousandths or 0) // 1_000 for row in out)
    assert sum(goods.shelf().values()) == 149_614 - gone


def _quantities(path: Path) -> Counter[tuple[str, str]]:
    """Pieces by thing and unit, read by another hand than the importer's."""
    found: Counter[tuple[str, str]] = Counter()
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    for _party, name, _specification, unit, pieces, *_rest in rows:
        if isinstance(pieces, float):
            found[" ".join(str(name).replace("\u200b", "").split()), str(unit).strip()] += int(pieces)
    return found
