"""Who holds the money: organisations, funds and stations, each with what came, went and is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.i18n import gettext as _
from portal.ledger.figures import Dimension, Totals, by_dimension
from portal.registry.models import Fund, Organisation, Station
from portal.reports.document import Block, Cell, Paragraph, Section, Table, TableColumn, Written
from portal.reports.sections.scope import YearScope

_NONE = 0
"""The key of the sums that belong to no station."""


@dataclass(frozen=True)
class Held:
    """One thing of the registry: its sums of the year, and what it held when the year began, in fen."""

    thing: Any
    year: Totals
    opening_fen: int

    @property
    def closing_fen(self) -> int:
        """What it held when the year ended, or holds now."""
        return self.opening_fen + self.year.balance_fen


def held(scope: YearScope, model: Any, dimension: Dimension) -> list[Held]:
    """Everything of one kind that the books know by the year's end, in order of code."""
    of_year = by_dimension(scope.session, scope.period, dimension)
    before = by_dimension(scope.session, scope.before, dimension)
    query = select(model).order_by(model.uscc if model is Organisation else model.code)
    if model is not Organisation:
        query = query.options(joinedload(model.organisation))
    if model is not Organisation and scope.organisation is not None:
        # What was moved is summed for the funds of others as well.
        query = query.where(model.organisation_id == scope.organisation.id)
    return [
        Held(
            one,
            of_year.get(one.id, Totals()),
            before[one.id].balance_fen if one.id in before else 0,
        )
        for one in scope.session.scalars(query)
        if one.id in of_year or one.id in before
    ]


def organisations(scope: YearScope) -> Section:
    """All organisations with books."""
    rows = held(scope, Organisation, "organisation_id")
    columns = (
        TableColumn(_("名称"), share=40),
        TableColumn(_("收入（元）"), "money", 20, summed=True, tone="in"),
        TableColumn(_("支出（元）"), "money", 20, summed=True, tone="out"),
        TableColumn(_("结余（元）"), "money", 20, summed=True),
    )
    cells = tuple(
        (Written(one.thing.name), one.year.received_fen, one.year.disbursed_fen, one.closing_fen)
        for one in rows
    )
    table = Table("organisations", _("各慈善组织的收支和结余"), columns, cells, _("合计"))
    return Section("organisations", _("慈善组织"), (table,))


def funds(scope: YearScope) -> Section:
    """All funds, with what was moved between them, so that each row adds up."""
    return Section("funds", _("基金"), tuple(_funds(scope)))


def _funds(scope: YearScope) -> Iterator[Block]:
    yield Paragraph(_("每一行：年初结余 + 收入 − 支出 + 划转净额 = 结余。"), "small")
    columns = (
        TableColumn(_("基金"), share=30),
        TableColumn(_("年初结余（元）"), "money", 19, summed=True),
        TableColumn(_("收入（元）"), "money", 19, summed=True, tone="in"),
        TableColumn(_("支出（元）"), "money", 19, summed=True, tone="out"),
        TableColumn(_("划转净额（元）"), "money", 17, summed=True),
        TableColumn(_("结余（元）"), "money", 19, summed=True),
    )
    cells = tuple(
        (
            Written(one.thing.name),
            one.opening_fen,
            one.year.received_fen,
            one.year.disbursed_fen,
            one.year.moved.in_fen - one.year.moved.out_fen,
            one.closing_fen,
        )
        for one in held(scope, Fund, "fund_id")
    )
    yield Table("funds", _("各基金的收支和结余"), columns, cells, _("合计"))


def stations(scope: YearScope) -> Section:
    """What stations gathered; the rows add up to the year's total."""
    rows: list[tuple[Cell, ...]] = [
        (
            Written(one.thing.name),
            Written(one.thing.organisation.shown_name),
            one.year.donations,
            one.year.received_fen,
        )
        for one in held(scope, Station, "station_id")
    ]
    rest = by_dimension(scope.session, scope.period, "station_id", [_NONE]).get(_NONE)
    if rest is not None:
        rows.append((_("不经捐赠站点"), "", rest.donations, rest.received_fen))
    columns = (
        TableColumn(_("名称"), share=40),
        TableColumn(_("运营组织"), share=28),
        TableColumn(_("笔数"), "count", 10, summed=True),
        TableColumn(_("收到（元）"), "money", 22, summed=True, tone="in"),
    )
    table = Table("stations", _("各捐赠站点收到的捐赠"), columns, tuple(rows), _("合计"))
    return Section("stations", _("捐赠站点"), (table,))
