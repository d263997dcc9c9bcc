"""The report of a fund for its founder: the year's money, gifts, payouts, projects, and the committee's decisions."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.committees.showing import PublicCommittee, committee_of
from portal.i18n import gettext as _
from portal.registry.models import Fund
from portal.reports.document import (
    Block,
    Document,
    Foreword,
    Paragraph,
    Section,
    Table,
    TableColumn,
    Written,
)
from portal.reports.sections.corrections import corrections
from portal.reports.sections.facts import facts_of
from portal.reports.sections.foreword import foreword_section
from portal.reports.sections.income import income
from portal.reports.sections.largest import largest
from portal.reports.sections.overview import cover_of, overview
from portal.reports.sections.projects import projects
from portal.reports.sections.scope import YearScope, scope_of
from portal.reports.sections.summary import summary
from portal.reports.sections.verifying import verifying


def fund_report(session: Session, year: int, fund: Fund, foreword: Foreword | None = None) -> Document:
    """Read the report of a fund's year.

    Raises:
        NotFound: the year is still to come, or nobody's books hold anything of it.
    """
    scope = scope_of(session, year, fund.organisation, fund)
    parts = (
        Section("about", _("这只基金"), (facts_of(session, "funds", fund.code),)),
        income(scope, streets=False),
        projects(scope),
        largest(scope),
        *_committee(scope, fund),
        corrections(scope),
        verifying(scope),
    )
    return Document(
        title=_("%(year)s 年基金报告", year=year),
        subtitle=Written(fund.name),
        cover=cover_of(scope),
        sections=(*foreword_section(foreword), overview(scope, summary(parts)), *parts),
        origin=scope.origin(f"/reports/fund/{fund.code}/{year}"),
    )


def _committee(scope: YearScope, fund: Fund) -> tuple[Section, ...]:
    found = committee_of(scope.session, fund, (scope.first, scope.last))
    if found is None:
        return ()
    return (Section("committee", _("管理委员会"), tuple(_decisions(found))),)


def _decisions(committee: PublicCommittee) -> Iterator[Block]:
    """Offices and decisions, nobody's name."""
    offices = "、".join(committee.offices)
    yield Paragraph(_("现任委员：%(offices)s。姓名不公开。", offices=offices or _("没有登记")))
    rows = tuple(
        (
            one.number,
            one.decided_on,
            Written(one.decided),
            _(
                "到会 %(present)d 人，赞成 %(votes_for)d，反对 %(against)d，弃权 %(abstained)d",
                present=one.present,
                votes_for=one.votes_for,
                against=one.votes_against,
                abstained=one.abstained,
            ),
            one.amount_fen,
            one.spent_fen,
        )
        for one in committee.decisions
    )
    if not rows:
        yield Paragraph(_("这一年没有公布过决议。"))
        return
    columns = (
        TableColumn(_("编号"), share=16),
        TableColumn(_("日期"), "date", 13),
        TableColumn(_("决定"), share=34),
        TableColumn(_("表决"), share=24),
        TableColumn(_("同意使用（元）"), "money", 17),
        TableColumn(_("已经用了（元）"), "money", 17, tone="out"),
    )
    yield Table("decisions", _("这一年的决议"), columns, rows)
