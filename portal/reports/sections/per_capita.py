"""Per-capita giving against the plan's path (indicator 18): where the year stands, and the years before."""

from collections.abc import Iterator

from portal.i18n import gettext as _
from portal.indicators.services.per_capita import Series, Year, per_capita
from portal.labels import label
from portal.reports.document import Block, Cell, Chart, Paragraph, Section, Table, TableColumn
from portal.reports.sections.scope import YearScope
from portal.reports.wording import amount


def per_capita_giving(scope: YearScope) -> Section:
    """The indicator; only the district has one."""
    series = per_capita(scope.session)
    blocks = tuple(_blocks(series, scope.year))
    return Section("per-capita", _("人均捐赠与规划目标"), blocks, opens_page=True)


def _blocks(series: Series, year: int) -> Iterator[Block]:
    years = [one for one in series.years if one.year <= year]
    own = next((one for one in years if one.year == year), None)
    yield Paragraph(_sentence(own, year), "lead")
    table = Table(
        "per-capita",
        _("历年人均捐赠和目标"),
        (
            TableColumn(_("年份"), share=10),
            TableColumn(_("当年捐赠（元）"), "money", 24),
            TableColumn(_("常住人口"), "count", 18),
            TableColumn(_("人均（元）"), "money", 14),
            TableColumn(_("目标（元）"), "money", 14, tone="target"),
            TableColumn(_("目标依据"), share=20),
        ),
        tuple(_row(one) for one in years),
    )
    yield Chart("path", _("每年人均捐赠（元），金线是规划目标"), table, series=(3,), target=4)
    if series.rule is not None:
        yield Paragraph(f"{series.rule.name}：{series.rule.note}", "small")
    for one in years:
        if one.population is not None:
            source = one.population_source or ""
            yield Paragraph(_("%(year)s 年常住人口：%(source)s", year=one.year, source=source), "small")
    yield Paragraph(_targets(series), "small")


def _sentence(own: Year | None, year: int) -> str:
    if own is None or own.per_capita_fen is None:
        return _("%(year)s 年没有可用的常住人口数，因此不计算人均，也不拿别的年份代替。", year=year)
    shown = {"year": year, "amount": amount(own.per_capita_fen)}
    if own.target_fen is None:
        return _("%(year)s 年常住人口人均捐赠 %(amount)s 元；规划没有这一年的目标。", **shown)
    shown["target"] = amount(own.target_fen)
    if own.met:
        return _("%(year)s 年常住人口人均捐赠 %(amount)s 元，达到目标 %(target)s 元。", **shown)
    return _(
        "%(year)s 年常住人口人均捐赠 %(amount)s 元，离目标 %(target)s 元还差 %(gap)s 元。",
        gap=amount(own.gap_fen or 0),
        **shown,
    )


def _row(one: Year) -> tuple[Cell, ...]:
    return (
        str(one.year),
        one.received_fen if one.recorded else None,
        one.population,
        one.per_capita_fen,
        one.target_fen,
        str(label(one.target_basis)) if one.target_basis else None,
    )


def _targets(series: Series) -> str:
    targets = "，".join(
        _("%(year)s 年 %(amount)s 元", year=one.year, amount=amount(one.target_fen))
        for one in series.stated_targets
    )
    return _("规划指标“常住人口年人均捐赠额”为预期性指标：%(targets)s；中间年份按直线推算。", targets=targets)
