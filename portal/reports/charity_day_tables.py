"""The sections of the Charity Day report that are mostly tables. Every figure comes with the report read."""

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable

from portal.i18n import gettext as _
from portal.indicators.services.per_capita import Year
from portal.labels import label
from portal.reports.charity_day_data import CharityDay, Row
from portal.reports.drawings import TargetMeter
from portal.reports.tables import Cell, Column, MoneyTable
from portal.reports.typography import AMBER, LEAD, RIVER, SMALL, SUBTITLE, para
from portal.reports.wording import amount, number, people

ROOM = 60 * mm
"""A section does not begin where less than this is left of a page."""


def per_capita(report: CharityDay) -> Iterator[Flowable]:
    """Where the year stands on the way to the plan's targets, and the years before."""
    own = report.indicator_year
    if own is not None and own.per_capita_fen is not None:
        yield para(_per_capita_sentence(own), LEAD)
        yield TargetMeter(
            own.per_capita_fen, [(fen, f"{words}：{amount(fen)}") for fen, words in report.indicator.marks]
        )
    else:
        yield para(
            _("%(year)s 年没有可用的常住人口数，因此不计算人均，也不拿别的年份代替。", year=report.year), LEAD
        )
    columns = (
        Column(_("年份"), 10),
        Column(_("当年捐赠（元）"), 24, "money"),
        Column(_("常住人口"), 18, "number"),
        Column(_("人均（元）"), 14, "money"),
        Column(_("目标（元）"), 14, "money"),
        Column(_("目标依据"), 20),
    )
    yield MoneyTable(columns, [_year_row(one) for one in report.indicator.years if one.year <= report.year])
    rule = report.indicator.rule
    if rule is not None:
        yield para(f"{rule.name}：{rule.note}", SMALL)
    for one in report.indicator.years:
        if one.population is not None and one.year <= report.year:
            source = _("%(year)s 年常住人口：%(source)s", year=one.year, source=one.population_source or "")
            yield para(source, SMALL)


def _per_capita_sentence(own: Year) -> str:
    shown = {"year": own.year, "amount": amount(own.per_capita_fen or 0)}
    if own.target_fen is None:
        return _("%(year)s 年常住人口人均捐赠 %(amount)s 元；规划没有这一年的目标。", **shown)
    if own.met:
        return _(
            "%(year)s 年常住人口人均捐赠 %(amount)s 元，达到目标 %(target)s 元。",
            target=amount(own.target_fen),
            **shown,
        )
    return _(
        "%(year)s 年常住人口人均捐赠 %(amount)s 元，离目标 %(target)s 元还差 %(gap)s 元。",
        target=amount(own.target_fen),
        gap=amount(own.gap_fen or 0),
        **shown,
    )


def _year_row(one: Year) -> list[Cell]:
    return [
        str(one.year),
        one.received_fen if one.recorded else "—",
        one.population if one.population is not None else "—",
        one.per_capita_fen if one.per_capita_fen is not None else "—",
        one.target_fen if one.target_fen is not None else "—",
        str(label(one.target_basis)) if one.target_basis else "—",
    ]


def movement(rows: Sequence[Row]) -> Iterator[Flowable]:
    """What came, went and is held, a row each."""
    columns = (
        Column(_("名称"), 40),
        Column(_("收入（元）"), 20, "money", summed=True, colour=RIVER),
        Column(_("支出（元）"), 20, "money", summed=True, colour=AMBER),
        Column(_("结余（元）"), 20, "money", summed=True),
    )
    cells: list[list[Cell]] = [
        [one.name, one.year.received_fen, one.year.disbursed_fen, one.held_fen] for one in rows
    ]
    yield MoneyTable(columns, cells, total=_("合计"))


def funds(report: CharityDay) -> Iterator[Flowable]:
    """The same by fund."""
    columns = (
        Column(_("基金"), 32),
        Column(_("所属组织"), 24),
        Column(_("收入（元）"), 18, "money", summed=True, colour=RIVER),
        Column(_("支出（元）"), 18, "money", summed=True, colour=AMBER),
        Column(_("结余（元）"), 18, "money", summed=True),
    )
    cells: list[list[Cell]] = [
        [one.name, one.belongs_to, one.year.received_fen, one.year.disbursed_fen, one.held_fen]
        for one in report.funds
    ]
    yield MoneyTable(columns, cells, total=_("合计"))


def stations(report: CharityDay) -> Iterator[Flowable]:
    """What stations and streets gathered; the rows add up to the year's total."""
    columns = (
        Column(_("名称"), 40),
        Column(_("运营组织"), 28),
        Column(_("笔数"), 10, "number", summed=True),
        Column(_("收到（元）"), 22, "money", summed=True, colour=RIVER),
    )
    stations: list[list[Cell]] = [
        [one.name, one.belongs_to, one.year.donations, one.year.received_fen] for one in report.stations
    ]
    yield para(_("捐赠站点"), SUBTITLE)
    yield MoneyTable(columns, stations, total=_("合计"))
    yield CondPageBreak(ROOM)
    yield para(_("街道"), SUBTITLE)
    yield from _streets(report.streets)


def _streets(rows: Sequence[Row]) -> Iterator[Flowable]:
    columns = (
        Column(_("名称"), 40),
        Column(_("笔数"), 16, "number", summed=True),
        Column(_("收到（元）"), 22, "money", summed=True, colour=RIVER),
        Column(_("用出（元）"), 22, "money", summed=True, colour=AMBER),
    )
    cells: list[list[Cell]] = [
        [one.name, one.year.donations, one.year.received_fen, one.year.disbursed_fen] for one in rows
    ]
    yield MoneyTable(columns, cells, total=_("合计"))


def uses(report: CharityDay) -> Iterator[Flowable]:
    """The largest payouts in public words: never a person, never an exact small count."""
    if not report.largest_uses:
        yield para(_("这一年没有支出。"))
        return
    yield para(_("这一年最大的 %(count)s 笔支出（已红冲的不计）：", count=len(report.largest_uses)))
    columns = (
        Column(_("日期"), 13),
        Column(_("用途"), 26),
        Column(_("受助对象"), 24),
        Column(_("人次"), 8),
        Column(_("基金"), 24),
        Column(_("金额（元）"), 17, "money", summed=True),
    )
    cells: list[list[Cell]] = [
        [
            one.occurred_on.isoformat(),
            one.purpose or "",
            one.recipient or "",
            people(one.beneficiary_count),
            one.fund.name,
            one.amount_fen,
        ]
        for one in report.largest_uses
    ]
    yield MoneyTable(columns, cells, total=_("以上合计"))


def reversals(report: CharityDay) -> Iterator[Flowable]:
    """Every correction of the year."""
    yield para(
        _(
            "记错的账用红冲更正：原来的一笔和冲减它的一笔都留在账本里。这一年共 %(count)s 笔。",
            count=number(report.reversal_count),
        )
    )
    if not report.reversals:
        return
    columns = (
        Column(_("日期"), 13),
        Column(_("红冲编号"), 15),
        Column(_("原编号"), 15),
        Column(_("收支"), 8),
        Column(_("原因"), 32),
        Column(_("金额（元）"), 17, "money"),
    )
    cells: list[list[Cell]] = [
        [
            one.occurred_on.isoformat(),
            one.entry_no,
            one.reverses or "",
            str(label(one.direction)),
            one.reason,
            one.amount_fen,
        ]
        for one in report.reversals
    ]
    yield MoneyTable(columns, cells)
    if report.reversal_count > len(cells):
        yield para(_("只列出最近的 %(count)s 笔，其余见公开账本。", count=number(len(cells))), SMALL)
