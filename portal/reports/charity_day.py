"""The Charity Day report (中华慈善日, 5 September) of a year, as PDF."""

from collections.abc import Iterator, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from portal.i18n import current_locale
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.models import Form
from portal.reports.charity_day_data import CharityDay
from portal.reports.charity_day_tables import ROOM, funds, movement, per_capita, reversals, stations, uses
from portal.reports.drawings import ContentsList, Cover, FigureCards, MonthBars, SignedHead
from portal.reports.sheet import Contents, Heading, Imprint, Printed, render
from portal.reports.slip import Line, Slip
from portal.reports.typography import AMBER, LEAD, RIVER, SUBTITLE, para
from portal.reports.wording import MINUS, amount, in_short, number, people, signed, state_of_books, yuan


def charity_day_pdf(report: CharityDay, base_address: str) -> Printed:
    """Set the report; ``base_address`` is the site where it can be checked. The same report gives the same bytes."""
    address = f"{base_address}/ledger?from={report.year}-01-01&to={report.year}-12-31"
    verify_address = f"{base_address}/verify"
    contents = Contents()
    title = _("%(year)s 年慈善透明度报告", year=report.year)
    imprint = Imprint(
        title=title,
        publisher=_("%(district)s慈善阳光账本", district=report.district),
        state=state_of_books(report.ledger_size, report.checkpoint),
        address=address,
        language=current_locale().replace("_", "-"),
        demo=report.demonstration,
    )
    return render(
        imprint, list(_story(report, contents, verify_address)), contents, cover=_cover(report, title)
    )


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


def _story(report: CharityDay, contents: Contents, verify_address: str) -> Iterator[Flowable]:
    yield para(_("目录"), SUBTITLE)
    yield ContentsList(_sections())
    parts = (
        _overview(report),
        per_capita(report),
        movement(report.organisations),
        funds(report),
        stations(report),
        uses(report),
        reversals(report),
        _method(report, verify_address),
    )
    for (key, words), part in zip(_sections(), parts, strict=True):
        yield CondPageBreak(ROOM)
        yield Heading(words, key, contents)
        yield from part


def _cover(report: CharityDay, title: str) -> Cover:
    sums = report.sums
    return Cover(
        (report.district, title),
        (_("全年收到善款") if report.is_over else _("今年到现在收到善款"), sums.received_fen),
        _(
            "用出 %(disbursed)s，帮助 %(people)s 人次，结余 %(held)s。",
            disbursed=in_short(sums.disbursed_fen),
            people=people(report.people_helped),
            held=in_short(report.closing_fen),
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
            people=people(report.people_helped),
        ),
        LEAD,
    )
    yield FigureCards(
        (
            (_("收到"), sums.received_fen, yuan(sums.received_fen)),
            (_("用出"), sums.disbursed_fen, yuan(sums.disbursed_fen)),
            (_("帮助"), people(report.people_helped), _("人次")),
            (_("结余"), report.closing_fen, yuan(report.closing_fen)),
        )
    )
    months = [(month, one.received_fen, one.disbursed_fen) for month, one in report.months]
    yield MonthBars(_best_month(months), months)
    yield Slip(
        _("%(year)s 年账单", year=report.year),
        (
            Line(_("年初结余"), yuan(report.opening_fen)),
            Line(_("本年收入"), signed(sums.received_fen, "+"), colour=RIVER),
            *(
                Line(str(label(Form(form))), amount(fen), "part")
                for form, fen in sorted(sums.by_form.items())
            ),
            Line(_("本年支出"), signed(sums.disbursed_fen, MINUS), colour=AMBER),
            Line(kind="double_rule"),
            Line(
                _("年末结余") if report.is_over else _("现在结余"), yuan(report.closing_fen), "total", RIVER
            ),
        ),
        subtitles=(_("统计截至 %(day)s", day=report.until.isoformat()),),
    )


def _best_month(months: Sequence[tuple[str, int, int]]) -> str:
    """The chart's one message."""
    month, most, _went = max(months, key=lambda one: one[1])
    if most <= 0:
        return _("各月收入和支出")
    return _("%(month)s 月收到的最多：%(amount)s", month=int(month[-2:]), amount=in_short(most))


def _method(report: CharityDay, verify_address: str) -> Iterator[Flowable]:
    size = number(report.ledger_size)
    yield para(_("全部数字取自公开账本的第 1 至第 %(size)s 笔，用页脚的地址可以逐笔核对。", size=size))
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
    if report.checkpoint is not None:
        yield SignedHead(
            _("校验点：%(size)s 条", size=number(report.checkpoint.size)),
            _(
                "右边的二维码是账本签过名的校验点。以后谁改动了旧账，拿它一对就知道。核对方法：%(address)s",
                address=verify_address,
            ),
            report.checkpoint.note,
        )
