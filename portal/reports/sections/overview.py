"""The year on one page: a sentence, four figures, and the slip."""

from collections.abc import Iterator

from portal.beneficiaries.public_words import people
from portal.disclosure import uses
from portal.disclosure.profiles import forms_of, months_of
from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.figures import Totals
from portal.periods import Month
from portal.reports.document import (
    Block,
    CoverPage,
    Facts,
    FigureCard,
    FigureCards,
    Paragraph,
    Section,
    SlipBlock,
    SlipLine,
    Written,
)
from portal.reports.sections.scope import YearScope
from portal.reports.wording import amount, in_short, number


def overview(scope: YearScope, facts: Facts) -> Section:
    """The year on one page; ``facts`` are what the report's other sections come to."""
    return Section("overview", _("一年账目，一页看完"), (*_blocks(scope), facts), opens_page=True)


def cover_of(scope: YearScope) -> CoverPage:
    """The cover: what came in, and the sentence that goes with it."""
    return CoverPage(
        headline=_("全年收到善款") if scope.is_over else _("今年到现在收到善款"),
        figure=scope.sums.received_fen,
        sentence=_(
            "用出 %(disbursed)s，帮助 %(people)s 人次，结余 %(held)s。",
            disbursed=in_short(scope.sums.disbursed_fen),
            people=people(_helped(scope)),
            held=in_short(scope.closing_fen),
        ),
        foot=(
            scope.as_of_words,
            _("报告中的每个合计都由公开账本的明细算出，任何人都可以重新核对。"),
        ),
        ornament=tuple(
            one.received_fen for _month, one in months_of(scope.session, scope.period, Month(scope.year, 1))
        ),
    )


def _helped(scope: YearScope) -> int:
    return uses.people_helped(scope.session, scope.first, scope.last, **scope.owner)


def _blocks(scope: YearScope) -> Iterator[Block]:
    helped = _helped(scope)
    yield Paragraph(_sentence(scope, helped), "lead")
    yield FigureCards(
        (
            FigureCard(_("收到"), scope.sums.received_fen, tone="in"),
            FigureCard(_("用出"), scope.sums.disbursed_fen, tone="out"),
            FigureCard(_("帮助"), people(helped), "count", _("人次")),
            FigureCard(_("结余"), scope.closing_fen),
        )
    )
    yield SlipBlock(
        "slip",
        _("%(year)s 年账单", year=scope.year),
        tuple(_lines(scope)),
        subtitles=(Written(scope.name), _("统计截至 %(day)s", day=scope.until.isoformat())),
    )
    yield from _agency(scope.sums)


def _sentence(scope: YearScope, helped: int) -> str:
    return _(
        "%(first)s 至 %(last)s，%(district)s共登记捐赠 %(donations)s 笔、%(received)s 元；"
        "支出 %(disbursements)s 笔、%(disbursed)s 元，帮助 %(people)s 人次。",
        first=scope.first.isoformat(),
        last=scope.until.isoformat(),
        district=scope.name,
        donations=number(scope.sums.donations),
        received=amount(scope.sums.received_fen),
        disbursements=number(scope.sums.disbursements),
        disbursed=amount(scope.sums.disbursed_fen),
        people=people(helped),
    )


def _agency(sums: Totals) -> Iterator[Block]:
    """What only passed through is said apart, where there was any."""
    if sums.agency_received_fen or sums.agency_disbursed_fen:
        yield Paragraph(
            _(
                "另有受托代理的款项：代收 %(came)s 元，代付 %(went)s 元。"
                "它只是经手，不算收入和支出，不在上面的数字里。",
                came=amount(sums.agency_received_fen),
                went=amount(sums.agency_disbursed_fen),
            ),
            "small",
        )


def _lines(scope: YearScope) -> Iterator[SlipLine]:
    sums = scope.sums
    yield SlipLine(_("年初结余"), scope.opening_fen)
    yield SlipLine(_("本年收入"), sums.received_fen, tone="in")
    yield from (SlipLine(str(label(one.form)), one.amount_fen, "part") for one in forms_of(sums))
    yield SlipLine(_("本年支出"), sums.disbursed_fen, tone="out")
    if sums.moved.in_fen:
        yield SlipLine(_("划转转入"), sums.moved.in_fen)
    if sums.moved.out_fen:
        yield SlipLine(_("划转转出"), -sums.moved.out_fen)
    yield SlipLine(kind="double_rule")
    yield SlipLine(_("年末结余") if scope.is_over else _("现在结余"), scope.closing_fen, "total")
