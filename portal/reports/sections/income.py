"""Where the money came from: by month, form, channel and street, each as a chart with its table."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from portal.disclosure.profiles import forms_of, months_of
from portal.disclosure.street_profiles import figures_of
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.figures import Totals, by_dimension
from portal.ledger.models import Channel, Direction
from portal.periods import Month
from portal.reports.document import Block, Chart, Section, Table, TableColumn, Written
from portal.reports.sections.scope import YearScope
from portal.reports.wording import in_short

_NONE = 0
"""The key of the sums that belong to no street."""


def income(scope: YearScope, *, streets: bool = True) -> Section:
    """What came in and went out each month, and what came in by form, channel and street."""
    blocks = [_months(scope), _forms(scope), _channels(scope)]
    if streets:
        blocks += _streets(scope)
    return Section("income", _("钱从哪里来"), tuple(blocks))


def _months(scope: YearScope) -> Block:
    months = months_of(scope.session, scope.period, Month(scope.year, 1))
    table = Table(
        "months",
        _("各月收入和支出"),
        (
            TableColumn(_("月份"), share=16),
            TableColumn(_("笔数"), "count", 14, summed=True),
            TableColumn(_("收入（元）"), "money", 30, summed=True, tone="in"),
            TableColumn(_("支出（元）"), "money", 30, summed=True, tone="out"),
        ),
        tuple(
            (_("%(month)s 月", month=int(month[-2:])), sums.donations, sums.received_fen, sums.disbursed_fen)
            for month, sums in months
            if month <= str(Month.of(scope.until)) or sums.received_fen or sums.disbursed_fen
        ),
        total=_("合计"),
    )
    return Chart("bars", _best_month(months), table, series=(2, 3))


def _best_month(months: list[tuple[str, Totals]]) -> str:
    """The chart's one message."""
    month, most = max(months, key=lambda one: one[1].received_fen)
    if most.received_fen <= 0:
        return _("各月收入和支出")
    return _("%(month)s 月收到的最多：%(amount)s", month=int(month[-2:]), amount=in_short(most.received_fen))


def _forms(scope: YearScope) -> Block:
    forms = sorted(forms_of(scope.sums), key=lambda one: -one.amount_fen)
    table = Table(
        "forms",
        _("按捐赠形式（物资等按登记的价值）"),
        (
            TableColumn(_("形式"), share=40),
            TableColumn(_("收入（元）"), "money", 30, summed=True, tone="in"),
            TableColumn(_("占比"), "percent", 14),
        ),
        tuple((str(label(one.form)), one.amount_fen, _share(one.amount_fen, scope)) for one in forms),
        total=_("合计"),
    )
    return Chart("shares", _("捐的是什么"), table)


def _channels(scope: YearScope) -> Block:
    sums = by_dimension(scope.session, replace(scope.period, direction=Direction.IN), "channel")
    found = sorted(
        ((Channel(str(key)), one) for key, one in sums.items() if one.donations or one.received_fen),
        key=lambda pair: (-pair[1].received_fen, pair[0].value),
    )
    table = Table(
        "channels",
        _("按捐赠渠道"),
        (
            TableColumn(_("渠道"), share=40),
            TableColumn(_("笔数"), "count", 14, summed=True),
            TableColumn(_("收入（元）"), "money", 30, summed=True, tone="in"),
            TableColumn(_("占比"), "percent", 14),
        ),
        tuple(
            (str(label(channel)), one.donations, one.received_fen, _share(one.received_fen, scope))
            for channel, one in found
        ),
        total=_("合计"),
    )
    return Chart("shares", _("怎么捐进来的"), table, series=(2,))


def _share(fen: int, scope: YearScope) -> Decimal | None:
    """A part of the year's income in per cent; None where there is none to divide by."""
    whole = scope.sums.received_fen
    if whole <= 0:
        return None
    return (Decimal(fen * 100) / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _streets(scope: YearScope) -> Iterator[Block]:
    """The streets in the order of their codes, never ranked (慈善法 32); the table adds up to the whole."""
    streets = figures_of(scope.session, scope.period)
    if not streets:
        return
    rest = by_dimension(scope.session, scope.period, "street_id").get(_NONE)
    rows = [_street_row(Written(one.street.name), one.sums) for one in streets]
    if rest is not None:
        rows.append(_street_row(_("不限街道"), rest))
    columns = (
        TableColumn(_("名称"), share=40),
        TableColumn(_("笔数"), "count", 16, summed=True),
        TableColumn(_("收到（元）"), "money", 22, summed=True, tone="in"),
        TableColumn(_("用出（元）"), "money", 22, summed=True, tone="out"),
    )
    table = Table("streets", _("各街道收到和用出"), columns, tuple(rows), _("合计"))
    yield Chart(
        "tiles",
        _("各街道收到多少"),
        table,
        series=(2,),
        places=tuple((one.street.tile_column, one.street.tile_row) for one in streets),
        levels=tuple(one.level for one in streets),
    )


def _street_row(name: str, sums: Totals) -> tuple[str, int, int, int]:
    return name, sums.donations, sums.received_fen, sums.disbursed_fen
