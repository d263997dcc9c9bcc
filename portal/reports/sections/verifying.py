"""How a reader checks a report: what the figures count, what to do, and the signed state of the books."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.disclosure.checkpoints import mark
from portal.i18n import gettext as _
from portal.ledger.figures import ledger_size
from portal.reports.document import Block, Notice, Paragraph, Section, SignedState, Steps
from portal.reports.sections.scope import YearScope
from portal.reports.wording import number


def verifying(scope: YearScope) -> Section:
    """The last section of every public report."""
    return Section("verify", _("怎样核对这份报告"), tuple(_blocks(scope)), opens_page=True)


def _blocks(scope: YearScope) -> Iterator[Block]:
    size = number(ledger_size(scope.session))
    yield Paragraph(_("全部数字取自公开账本的第 1 至第 %(size)s 笔，用页脚的地址可以逐笔核对。", size=size))
    yield Steps(
        (
            _("扫页脚的二维码，打开这份报告的网页版：数字应当和纸上一样，网页上的账本可以一直看到每一笔。"),
            _("在公开账本里按组织、基金和日期筛选，看到的合计应当等于报告里的合计。"),
            _("捐过款的，凭回执号在“我的捐赠”里查：自己的一笔在不在，用到了哪里。"),
            _(
                "扫下面的二维码，得到账本签过名的校验点；用本站“核对账本”一页的程序一算，就知道旧账有没有被改过。"
            ),
        )
    )
    yield Paragraph(
        _("日期按实际收到和支付的那一天计算；红冲按净额扣除。结余等于历年收入减历年支出。"), "small"
    )
    yield Paragraph(_("捐赠人单独同意才公开姓名；受助人只公布群体和人次，少于五人次的不写确数。"), "small")
    if not scope.is_over:
        yield Notice(
            _("这一年还没有过完"),
            _(
                "这份报告统计截至 %(day)s，以后还会有新的收支。红冲也会改变以前的数字，以网页上的最新状态为准。",
                day=scope.until.isoformat(),
            ),
        )
    yield from signed_state(scope.session)


def signed_state(session: Session) -> Iterator[Block]:
    """The signed head of the log; nothing while none is signed."""
    signed = mark(session)
    if signed is not None:
        yield SignedState(
            _("校验点：%(size)s 条", size=number(signed.size)),
            _(
                "右边的二维码是账本签过名的校验点。以后谁改动了旧账，拿它一对就知道。核对方法见本站“核对账本”。"
            ),
            signed.note,
        )
