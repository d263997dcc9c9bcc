"""A report on paper, whatever it holds: nothing overflows, no amount is broken, nothing is lost silently."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from portal.reports.charts import chart_drawing
from portal.reports.column_widths import widths_of
from portal.reports.data_tables import tables_of
from portal.reports.document import (
    Block,
    Cell,
    Chart,
    CoverPage,
    Document,
    Facts,
    FigureCard,
    FigureCards,
    Foreword,
    Notice,
    Origin,
    Paragraph,
    Section,
    SlipBlock,
    SlipLine,
    Steps,
    Table,
    TableColumn,
)
from portal.reports.document_pdf import print_document
from portal.reports.sheet import MEASURE
from portal.reports.twin import shape_of, twin_chart, twin_table
from tests.reports.reading import SITE, pdf_text, squeezed

pytestmark = pytest.mark.one_engine

LONG = "长" * 10_000
COLUMNS = (
    TableColumn("名称", share=40),
    TableColumn("收入（元）", "money", 10, summed=True, tone="in"),
    TableColumn("人次", "count", 5, summed=True),
    TableColumn("比例", "percent", 5),
    TableColumn("日期", "date", 5),
)


@pytest.fixture(autouse=True)
def words(app_context: None) -> None:
    """A language to set in."""


def table(*rows: tuple[Cell, ...], total: str = "合计") -> Table:
    """A table with a column of each kind."""
    return Table("things", "各种东西", COLUMNS, rows, total)


def document(*blocks: Block, title: str = "报告", subtitle: str = "海珠区") -> Document:
    """A report with one section and its end."""
    origin = Origin("账本", "账本状态", "/reports/x", "zh-CN", "扫码", "看网页")
    sections = (Section("one", "第一", blocks), Section("verify", "核对", (Paragraph("完"),)))
    return Document(title, subtitle, CoverPage("收到", 12_345, "一句话。"), sections, origin)


def test_no_amount_and_no_day_is_broken_over_two_lines() -> None:
    rows = table(("某基金" * 20, 99_999_999_999_99, 1_234_567, Decimal("12.34"), date(2026, 9, 5)))
    widths = widths_of(rows)
    assert sum(widths) == pytest.approx(MEASURE)
    assert widths[0] > 40 and widths[1] > 70


def test_words_keep_some_room_beside_the_widest_figures() -> None:
    columns = (TableColumn("名称"), *(TableColumn("元", "money") for _ in range(8)))
    widths = widths_of(Table("wide", "", columns, (("名称", *[10**15] * 8),)))
    assert sum(widths) == pytest.approx(MEASURE) and widths[0] >= MEASURE * 0.1


def test_endless_words_are_cut_and_never_stop_a_report(tmp_path: Path) -> None:
    shown = pdf_text(
        document(
            Paragraph(LONG),
            Foreword(LONG, "会长"),
            Facts(((LONG[:100], LONG),)),
            Steps((LONG[:500],)),
            Notice("注意", LONG[:800]),
            table((LONG, 1, 1, None, None), (LONG, 2, 2, None, None)),
            title=LONG[:100],
            subtitle=LONG[:120],
        ),
        tmp_path,
    )
    assert "长…" in squeezed(shown) and "会长" in shown


def test_what_is_not_known_is_a_dash_and_nought_is_nought(tmp_path: Path) -> None:
    rows = table(("甲", None, 0, None, None), ("乙", -5, 3, Decimal("0.00"), date(2026, 1, 2)))
    line = next(
        one for one in pdf_text(document(rows), tmp_path).splitlines() if one.strip().startswith("甲")
    )
    assert line.split() == ["甲", "—", "0", "—", "—"]
    assert rows.sums == ("合计", -5, 3, "", "")
    attached = tables_of(document(rows))[0]
    assert attached.rows == (("甲", None, 0, None, None), ("乙", "-0.05", 3, "0.00", "2026-01-02"))


def test_an_empty_table_says_so_and_an_empty_chart_is_not_drawn(tmp_path: Path) -> None:
    chart = Chart("bars", "什么也没有", table(("一月", 0, 0, None, None)))
    assert chart_drawing(chart) is None
    assert "没有可列的记录" in pdf_text(document(table(), chart), tmp_path)


@pytest.mark.parametrize("kind", ["bars", "shares", "path", "tiles"])
def test_each_chart_is_drawn_with_what_was_taken_back(kind: str, tmp_path: Path) -> None:
    rows = table(
        ("一月", 500_000_00, 1, None, None), ("二月", -200_00, 1, None, None), ("三月", None, 0, None, None)
    )
    chart = Chart(kind, "一句话", rows, series=(1,), places=((1, 1), (2, 1)), levels=(4, 0))  # type: ignore[arg-type]
    shown = pdf_text(document(chart), tmp_path)
    assert "一句话" in shown and "500,000.00" in shown and "−200.00" in shown


def test_a_slip_and_its_cards_carry_signs_and_units(tmp_path: Path) -> None:
    slip = SlipBlock(
        "slip",
        "账单",
        (SlipLine("收", 100, tone="in"), SlipLine("支", 30, tone="out"), SlipLine("余", 70, "total")),
    )
    cards = FigureCards(
        (FigureCard("收到", 98_765_432_109_876), FigureCard("帮助", "不足 5", "count", "人次"))
    )
    shown = pdf_text(document(cards, slip), tmp_path)
    for words in ("+ 1.00", "− 0.30", "¥0.70", "987,654,321,098.76", "不足 5", "人次"):
        assert words in shown
    assert tables_of(document(slip))[0].rows == (("收", "1.00"), ("支", "0.30"), ("余", "0.70"))


def test_every_block_has_a_macro_of_its_own(app: Flask) -> None:
    source = (Path(str(app.template_folder)) / "reports" / "_blocks.html").read_text()
    rows = table(("甲", 1, 1, None, None))
    blocks: tuple[Block, ...] = (
        Paragraph(""),
        Facts(()),
        Steps(()),
        Notice("", ""),
        Foreword(""),
        rows,
        Chart("bars", "", rows),
        FigureCards(()),
        SlipBlock("", "", ()),
    )
    assert all(f"macro {shape_of(block)}(block)" in source for block in blocks)


def test_the_page_draws_the_charted_columns_only() -> None:
    chart = Chart("path", "", table(("2025", 1, 1, None, None)), series=(1,), target=2)
    assert [one.series for one in twin_chart(chart).columns] == ["", "", "target", "skip", "skip"]
    assert [one.place for one in twin_table(chart.table).columns] == [
        "main",
        "money",
        "number",
        "number",
        "more",
    ]
    assert [one.label for one in twin_table(chart.table).rows[0]][:2] == ["", "收入（元）"]


def test_the_same_value_gives_the_same_bytes_and_another_others() -> None:
    first = document(table(("甲", 1, 1, None, None), ("乙", 1, 1, None, None)))
    assert print_document(first, SITE) == print_document(first, SITE)
    assert print_document(first, SITE) != print_document(replace(first, title="另一份"), SITE)
