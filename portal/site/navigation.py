"""The links of the two layouts: what a citizen finds on every page, what staff find on the desk."""

from collections.abc import Callable
from typing import NamedTuple

from flask import current_app, request
from flask_babel import LazyString

from portal.i18n import lazy_gettext as _l
from portal.i18n import lazy_pgettext
from portal.site.preferences import current_view


class Link(NamedTuple):
    """One entry of a navigation."""

    endpoint: str
    words: LazyString
    icon: str = ""

    @property
    def current(self) -> bool:
        """Whether the present page belongs under this link."""
        here = request.endpoint or ""
        return here == self.endpoint or here in UNDER.get(self.endpoint, ())


PUBLIC = (
    Link("disclosure.ledger", _l("收支明细")),
    Link("disclosure.organisations", _l("组织")),
    Link("disclosure.funds", lazy_pgettext("nav", "基金")),
    Link("disclosure.stations", _l("站点")),
    Link("disclosure.projects", _l("项目")),
    Link("disclosure.campaigns", _l("活动")),
    Link("disclosure.bills", _l("晒账单")),
    Link("disclosure.overview", _l("图表")),
    Link("indicators.per_capita", _l("人均捐赠")),
    Link("reports.index", _l("报告")),
    Link("disclosure.how_to_give", _l("怎样捐赠")),
    Link("my_gift.ask_for_code", _l("查我的捐赠")),
    Link("questions.index", _l("提问和答复")),
)

FEWER = (
    "disclosure.ledger",
    "disclosure.bills",
    "indicators.per_capita",
    "disclosure.how_to_give",
    "my_gift.ask_for_code",
)
"""The links in the head of the large-print view: few enough to be read at one look. The foot has all."""

DESK = (
    Link("site_desk.home", _l("工作台"), "house"),
    Link("giving.new", _l("登记捐赠"), "pencil"),
    Link("giving.donations", _l("捐赠"), "heart"),
    Link("donors.index", _l("捐赠人"), "people"),
    Link("inquiries.index", _l("捐赠人提问"), "chat-dots"),
    Link("questions_desk.index", _l("市民提问"), "chat-dots"),
    Link("complaints_desk.index", _l("投诉"), "megaphone"),
    Link("papers.register", _l("回执"), "printer"),
    Link("fiscal_receipts.index", _l("财政票据"), "receipt-cutoff"),
    Link("pledges.index", _l("认捐"), "clipboard-heart"),
    Link("spending.disbursements", _l("支出"), "arrow-up-right"),
    Link("payout_lists.index", _l("受助名单"), "people"),
    Link("transfers.index", _l("划转和变更用途"), "arrow-down-left"),
    Link("committees.index", _l("管委会决议"), "clipboard-heart"),
    Link("ways_to_give.index", _l("捐赠方式"), "heart"),
    Link("ratios.index", _l("费用比例"), "graph-up"),
    Link("stock.index", _l("库存"), "box-seam"),
    Link("site_desk.queue", _l("待办"), "check2-square"),
    Link("imports.index", _l("导入名单"), "upload"),
    Link("reconciliation.index", _l("对账"), "arrow-down-left"),
    Link("reversals.index", _l("红冲"), "arrow-counterclockwise"),
    Link("disclosure_desk.bills", _l("晒账单"), "receipt"),
    Link("report_desk.index", _l("报告"), "printer"),
    Link("registry_desk.organisation_index", _l("机构"), "building"),
    Link("registry_desk.fund_index", lazy_pgettext("nav", "基金"), "piggy-bank"),
    Link("registry_desk.station_index", _l("站点"), "geo-alt"),
    Link("registry_desk.project_index", _l("项目"), "clipboard-heart"),
    Link("registry_desk.campaign_index", _l("活动"), "megaphone"),
    Link("registry_desk.landmark_index", _l("慈善空间"), "geo-alt"),
    Link("indicators_desk.index", _l("人口与指标"), "graph-up"),
    Link("staff.members", _l("员工"), "people"),
    Link("staff.audit_trail", _l("审计"), "shield-check"),
)

UNDER = {
    "transfers.index": ("transfers.new", "transfers.new_change", "transfers.show"),
    "ways_to_give.index": ("ways_to_give.new", "ways_to_give.show"),
    "disclosure.overview": ("disclosure.streets", "disclosure.street", "disclosure.honour_roll"),
    "committees.index": ("committees.fund", "committees.new", "committees.show"),
    "my_gift.ask_for_code": ("my_gift.show", "my_gift.decide", "my_gift.question"),
    "questions.index": (
        "questions.show",
        "questions.ask",
        "questions.follow_up",
        "complaints.index",
        "complaints.show",
        "complaints.about",
        "complaints.of_question",
    ),
    "questions_desk.index": ("questions_desk.show",),
    "complaints_desk.index": ("complaints_desk.show",),
    "disclosure.ledger": ("disclosure.entry",),
    "disclosure.organisations": ("disclosure.organisation",),
    "disclosure.funds": ("disclosure.fund", "notices.index", "notices.show"),
    "disclosure.stations": ("disclosure.station", "disclosure.landmarks", "disclosure.landmark"),
    "disclosure.projects": (
        "disclosure.project",
        "disclosure.project_people",
    ),
    "disclosure.campaigns": ("disclosure.campaign",),
    "disclosure.bills": ("disclosure.bill",),
    "reports.index": (
        "reports.charity_day",
        "reports.charity_day_twin",
        "reports.organisation_twin",
        "reports.annual_twin",
        "reports.fund_twin",
    ),
    "report_desk.index": ("report_desk.new", "report_desk.show"),
    "spending.disbursements": ("evidence_desk.attach", "evidence_desk.show", "evidence_desk.redact"),
}
"""Pages that have no link of their own, and the link they belong under."""


def public_navigation() -> list[Link]:
    """The links of the public foot."""
    return [link for link in PUBLIC if link.endpoint in current_app.view_functions]


def head_navigation() -> list[Link]:
    """The links of the public header: all, or few in the large-print view."""
    few = current_view() == "elder"
    return [link for link in public_navigation() if not few or link.endpoint in FEWER]


def desk_navigation(may: Callable[[str], bool]) -> list[Link]:
    """The links of the desk that this member of staff may follow."""
    return [link for link in DESK if link.endpoint in current_app.view_functions and may(link.endpoint)]
