"""The Charity Day report (中华慈善日, 5 September) of a year, as PDF."""

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, PageBreak, Spacer

from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.indicators.services.per_capita import Year
from portal.labels import label
from portal.ledger.models import Form
from portal.reports.charity_day_data import CharityDay, Row
from portal.reports.drawings import ContentsList, Cover, FigureCards, MonthBars, SignaturePlace, TargetMeter
from portal.reports.sheet import Contents, Heading, Imprint, render
from portal.reports.slip import Line, Slip
from portal.reports.tables import Cell, Column, MoneyTable
from portal.reports.typography import LEAD, RIVER, SMALL, SUBTITLE, para
from portal.reports.wording import amount, in_short, number, people, signed, yuan

ROOM = 60 * mm
"""A section does not begin where less than this is left of a page."""


def charity_day_pdf(report: CharityDay, address: str) -> bytes:
    """Set the report; ``address`` is where its figures can be checked. The same report gives the same bytes."""
    contents = Contents()
    title = _("%(year)s 年慈善透明度报告", year=report.year)
    imprint = Imprint(
        title=title,
        publisher=_("%(district)s慈善阳光账本", district=report.district),
        state=_("账本状态：第 %(size)s 笔", size=number(report.ledger_size)),
        address=address,
        language=current_locale().replace("_", "-"),
        demo=report.demonstration,
    )
    return render(imprint, list(_story(report, contents)), contents, cover=_cover(report, title))


def _sections() -> list[tuple[str, str]]:
    return [
        ("overview", _("一、全年概况")),
        ("per-capita", _("二、人均捐赠与规划目标")),
        ("organisations", _("三、慈善组织")),
        ("funds", _("四、基金")),
        ("stations", _("五、捐赠站点和街道")),
        ("uses", _("六、善款用到哪里")),
        ("reversals", _("七、更正")),
        ("method", _("八、数字怎样得来")),
    ]


def _story(report: CharityDay, contents: Contents) -> Iterator[Flowable]:
    yield para(_("目录"), SUBTITLE)
    yield ContentsList(_sections())
    yield PageBreak()
    parts = (
        _overview(report),
        _per_capita(report),
        _movement(report.organisations),
        _funds(report),
        _stations(report),
        _uses(report),
        _reversals(report),
        _method(report),
    )
    for (key, words), part in zip(_sections(), parts, strict=True):
        yield CondPageBreak(ROOM)
        yield Heading(words, key, contents)
        yield from part


def _cover(report: CharityDay, title: str) -> Cover:
    sums = report.sums
    return Cover(
        (report.district, title),
        (
            _("全年收到善款 %(received)s，", received=in_short(sums.received_fen)),
            _("用出 %(disbursed)s，", disbursed=in_short(sums.disbursed_fen)),
            _("帮助 %(people)s 人次。", people=number(report.people_helped)),
        ),
        (
            _("中华慈善日 · 9 月 5 日"),
            _("统计截至 %(day)s", day=report.until.isoformat()),
            _("报告中的每个合计都由公开账本的明细算出，任何人都可以重新核对。"),
        ),
    )


def _overview(report: CharityDay) -> Iterator[Flowable]:
    sums = report.sums
    yield para(
        _(
            "%(first)s 至 %(last)s，%(district)s共登记捐赠 %(donations)s 笔、%(received)s 元；"
            "支出 %(disbursements)s 笔、%(disbursed)s 元，帮助 %(people)s 人次。",
            first=f"{report.year}-01-01",
            last=report.until.isoformat(),
            district=report.district,
            donations=number(sums.donations),
            received=amount(sums.received_fen),
            disbursements=number(sums.disbursements),
            disbursed=amount(sums.disbursed_fen),
            people=number(report.people_helped),
        ),
        LEAD,
    )
    yield FigureCards(
        (
            (_("收到"), sums.received_fen, yuan(sums.received_fen)),
            (_("用出"), sums.disbursed_fen, yuan(sums.disbursed_fen)),
            (_("帮助"), number(report.people_helped), _("人次")),
            (_("结余"), report.closing_fen, yuan(report.closing_fen)),
        )
    )
    yield MonthBars([(month, one.received_fen, one.disbursed_fen) for month, one in report.months])
    yield Slip(
        _("%(year)s 年账单", year=report.year),
        (
            Line(_("年初结余"), yuan(report.opening_fen)),
            Line(_("本年收入"), signed(sums.received_fen, "+")),
            *(Line(f"· {label(Form(form))}", yuan(fen)) for form, fen in sums.by_form.items()),
            Line(_("本年支出"), signed(sums.disbursed_fen, "−")),
            Line(kind="double_rule"),
            Line(_("年末结余"), yuan(report.closing_fen), "total", RIVER),
        ),
        subtitles=(_("统计截至 %(day)s", day=report.until.isoformat()),),
    )


def _per_capita(report: CharityDay) -> Iterator[Flowable]:
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


def _movement(rows: Sequence[Row]) -> Iterator[Flowable]:
    columns = (
        Column(_("名称"), 40),
        Column(_("收入（元）"), 20, "money", summed=True, colour=RIVER),
        Column(_("支出（元）"), 20, "money", summed=True),
        Column(_("结余（元）"), 20, "money", summed=True),
    )
    cells: list[list[Cell]] = [
        [one.name, one.year.received_fen, one.year.disbursed_fen, one.held_fen] for one in rows
    ]
    yield MoneyTable(columns, cells, total=_("合计"))


def _funds(report: CharityDay) -> Iterator[Flowable]:
    columns = (
        Column(_("基金"), 32),
        Column(_("所属组织"), 24),
        Column(_("收入（元）"), 18, "money", summed=True, colour=RIVER),
        Column(_("支出（元）"), 18, "money", summed=True),
        Column(_("结余（元）"), 18, "money", summed=True),
    )
    cells: list[list[Cell]] = [
        [one.name, one.belongs_to, one.year.received_fen, one.year.disbursed_fen, one.held_fen]
        for one in report.funds
    ]
    yield MoneyTable(columns, cells, total=_("合计"))


def _stations(report: CharityDay) -> Iterator[Flowable]:
    columns = (
        Column(_("名称"), 46),
        Column(_("运营组织"), 24),
        Column(_("笔数"), 10, "number", summed=True),
        Column(_("收到（元）"), 20, "money", summed=True, colour=RIVER),
    )
    for words, rows in ((_("捐赠站点"), report.stations), (_("街道"), report.streets)):
        yield CondPageBreak(ROOM / 2)
        yield para(words, SUBTITLE)
        cells: list[list[Cell]] = [
            [one.name, one.belongs_to, one.year.donations, one.year.received_fen] for one in rows
        ]
        if cells:
            yield MoneyTable(columns, cells, total=_("合计"))
        else:
            yield para(_("没有记录。"))


def _uses(report: CharityDay) -> Iterator[Flowable]:
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
    if cells:
        yield MoneyTable(columns, cells, total=_("以上合计"))


def _reversals(report: CharityDay) -> Iterator[Flowable]:
    yield para(
        _(
            "记错的账用红冲更正：原来的一笔和冲减它的一笔都留在账本里。这一年共 %(count)s 笔。",
            count=len(report.reversals),
        )
    )
    columns = (
        Column(_("红冲编号"), 18),
        Column(_("原编号"), 18),
        Column(_("原因"), 34),
        Column(_("金额（元）"), 16, "money", summed=True),
    )
    cells: list[list[Cell]] = [
        [one.entry_no, one.reverses or "", one.reason, one.amount_fen] for one in report.reversals
    ]
    if cells:
        yield MoneyTable(columns, cells)


def _method(report: CharityDay) -> Iterator[Flowable]:
    yield para(_("日期按实际收到和支付的那一天计算；红冲按净额扣除。结余等于历年收入减历年支出。"))
    yield para(_("捐赠人单独同意才公开姓名；受助人只公布群体和人次，少于五人次的不写确数。"))
    targets = "，".join(
        _("%(year)s 年 %(amount)s 元", year=one.year, amount=amount(one.target_fen))
        for one in report.indicator.stated_targets
    )
    yield para(
        _("规划指标“常住人口年人均捐赠额”为预期性指标：%(targets)s；中间年份按直线推算。", targets=targets)
    )
    yield Spacer(1, 4 * mm)
    yield SignaturePlace(
        (
            _("账本状态：第 %(size)s 笔", size=number(report.ledger_size)),
            _("校验点将印在此处：透明日志启用后，任何人可用它证明这份报告与账本一致。"),
        )
    )
