"""The section on disclosures kept and missed."""

from collections.abc import Sequence

from portal.i18n import gettext as _
from portal.reports.document import Notice, Paragraph, Section, Table, TableColumn
from portal.reports.sections.duties import Duty, duties
from portal.reports.sections.scope import YearScope


def disclosures(scope: YearScope) -> Section:
    """Each duty with how often it fell due, was kept, was late, was missed."""
    found = duties(scope)
    columns = (
        TableColumn(_("该公开或答复的"), share=38),
        TableColumn(_("依据"), share=30),
        TableColumn(_("到期"), "count", 8),
        TableColumn(_("按时"), "count", 8),
        TableColumn(_("迟了"), "count", 8),
        TableColumn(_("没有做"), "count", 8),
    )
    rows = tuple((str(one.words), str(one.source), one.due, one.kept, one.late, one.missed) for one in found)
    return Section(
        "disclosures",
        _("信息公开做到了多少"),
        (
            Paragraph(_summary(found), "lead"),
            Table("disclosures", _("该公开的和做到的"), columns, rows),
            Paragraph(_("还没有到期的不算在内。每月账单只分已公布和没有公布。"), "small"),
            Notice(
                _("这里不知道的"),
                _(
                    "年度工作报告、财务会计报告和募捐活动的结束报告，依法在“慈善中国”公布，本账本没有它们的登记，"
                    "因此不在上表内，也不表示已经公布。"
                ),
            ),
        ),
    )


def _summary(found: Sequence[Duty]) -> str:
    due, kept = sum(one.due for one in found), sum(one.kept for one in found)
    if not due:
        return _("这一年没有到期的公开事项。")
    return _(
        "到期 %(due)s 项，按时做到 %(kept)s 项，迟了 %(late)s 项，没有做 %(missed)s 项。",
        due=due,
        kept=kept,
        late=sum(one.late for one in found),
        missed=sum(one.missed for one in found),
    )
