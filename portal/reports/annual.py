"""The figures and tables of an organisation's annual work report (慈善法 13; DIS-02): what the books know of it.

The law wants fundraising and gifts received, management and use of the assets, projects, fundraising cost, staff pay,
and cooperation abroad. The last two do not stand in these books, and the report says so.
"""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.labels import label
from portal.ledger.figures import Totals, by_dimension, fund_pots
from portal.ledger.year_totals import YearResult, results
from portal.periods import today
from portal.registry.models import PUBLIC, Campaign, Fund, Organisation
from portal.reports.document import (
    Block,
    Document,
    Foreword,
    Notice,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Written,
)
from portal.reports.sections.corrections import corrections
from portal.reports.sections.cost_ratios import cost_ratios
from portal.reports.sections.disclosures import disclosures
from portal.reports.sections.facts import facts_of
from portal.reports.sections.foreword import foreword_section
from portal.reports.sections.holders import funds
from portal.reports.sections.income import income
from portal.reports.sections.largest import largest
from portal.reports.sections.overview import cover_of, overview
from portal.reports.sections.projects import projects
from portal.reports.sections.scope import YearScope, scope_of
from portal.reports.sections.summary import summary
from portal.reports.sections.verifying import verifying
from portal.spending.models import COST_OF_ACCOUNT


def annual(
    session: Session, year: int, organisation: Organisation, foreword: Foreword | None = None
) -> Document:
    """Read the report of an organisation's year.

    Raises:
        NotFound: the year is still to come, or nobody's books hold anything of it.
    """
    scope = scope_of(session, year, organisation)
    cover = cover_of(scope)
    parts = (
        _about(scope, organisation),
        _campaigns(scope, organisation),
        income(scope, streets=False),
        _assets(scope, organisation),
        funds(scope),
        projects(scope),
        largest(scope),
        cost_ratios(scope),
        _unknown(),
        disclosures(scope),
        corrections(scope),
        verifying(scope),
    )
    return Document(
        title=_("%(year)s 年度工作报告：账目部分", year=year),
        subtitle=Written(organisation.name),
        cover=replace(cover, foot=(_("依据《慈善法》第十三条、第七十八条"), *cover.foot)),
        sections=(*foreword_section(foreword), overview(scope, summary(parts)), *parts),
        origin=scope.origin(f"/reports/annual/{organisation.uscc}/{year}"),
    )


def _about(scope: YearScope, organisation: Organisation) -> Section:
    facts = facts_of(scope.session, "organisations", organisation.uscc)
    return Section("about", _("基本情况"), (facts,))


def _campaigns(scope: YearScope, organisation: Organisation) -> Section:
    """Public fundraising campaigns that ran in the year, with what each raised in it."""
    sums = by_dimension(scope.session, scope.period, "campaign_id")
    found = scope.session.scalars(
        select(Campaign)
        .where(
            Campaign.organisation_id == organisation.id,
            Campaign.status.in_(PUBLIC),
            Campaign.starts_on <= scope.last,
            Campaign.ends_on >= scope.first,
        )
        .order_by(Campaign.code)
    ).all()
    columns = (
        TableColumn(_("募捐活动"), share=34),
        TableColumn(_("募捐方案备案编号"), share=36),
        TableColumn(_("开始"), "date", 13),
        TableColumn(_("结束"), "date", 13),
        TableColumn(_("笔数"), "count", 9, summed=True),
        TableColumn(_("本年募得（元）"), "money", 20, summed=True, tone="in"),
    )
    rows = tuple(
        (Written(one.name), one.filing_no, one.starts_on, one.ends_on, *_raised(sums.get(one.id)))
        for one in found
    )
    blocks: tuple[Block, ...] = (Table("campaigns", _("公开募捐活动"), columns, rows, _("合计")),)
    if not rows:
        blocks = (Paragraph(_("这一年没有登记过公开募捐活动。")),)
    return Section("campaigns", _("开展募捐"), blocks)


def _raised(sums: Totals | None) -> tuple[int, int]:
    return (sums.donations, sums.received_fen) if sums else (0, 0)


def _assets(scope: YearScope, organisation: Organisation) -> Section:
    return Section("assets", _("慈善财产的管理和使用"), tuple(_asset_blocks(scope, organisation)))


def _asset_blocks(scope: YearScope, organisation: Organisation) -> Iterator[Block]:
    result = results(scope.session, [organisation.id])[organisation.id].get(scope.year, YearResult())
    costs = tuple((str(label(kind)), result.cost_fen(account)) for account, kind in COST_OF_ACCOUNT.items())
    columns = (
        TableColumn(_("费用"), share=60),
        TableColumn(_("金额（元）"), "money", 40, summed=True, tone="out"),
    )
    yield Table("costs", _("本年费用（按会计科目，按实际发生的日期）"), columns, costs, _("合计"))
    pots = fund_pots(
        scope.session,
        scope.session.scalars(select(Fund.id).where(Fund.organisation_id == organisation.id)).all(),
    )
    kinds = (
        ("money", _("资金")),
        ("goods", _("物资")),
        ("holdings", _("其他财产")),
        ("agency", _("受托代理的财产（不属于本组织）")),
    )
    held = tuple((words, sum(one[kind] for one in pots.values())) for kind, words in kinds)
    columns = (TableColumn(_("财产"), share=60), TableColumn(_("价值（元）"), "money", 40))
    day = today().isoformat()
    yield Table("assets", _("今天（%(day)s）持有的财产", day=day), columns, held)
    yield Paragraph(_("只列登记过价值的财产。保值增值的投资不在本账本登记。"), "small")


def _unknown() -> Section:
    return Section(
        "unknown",
        _("本账本没有登记的事项"),
        (
            Notice(
                _("工作人员工资福利"),
                _(
                    "《慈善法》第十三条要求年度工作报告写明。它计入管理费用，本账本不逐人登记，"
                    "请看该组织在“慈善中国”公布的年度工作报告。"
                ),
            ),
            Notice(
                _("与境外组织或者个人的合作"),
                _("本账本没有登记。请看该组织在“慈善中国”公布的年度工作报告。"),
            ),
        ),
    )
