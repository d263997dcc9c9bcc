"""Periods and bills in words."""

from portal.disclosure.models import Bill
from portal.i18n import gettext as _
from portal.money import format_yuan
from portal.periods import Period, Quarter, Run, Year


def period_words(period: Period) -> str:
    """A period as people say it; a month stays in figures, as it stands in the number of its bill."""
    if isinstance(period, Quarter):
        return _("%(year)s 年第 %(quarter)s 季度", year=period.year, quarter=period.quarter)
    if isinstance(period, Year):
        return _("%(year)s 年", year=period.year)
    if isinstance(period, Run):
        return _("整个活动")
    return str(period)


def bill_title(name: str, period: Period) -> str:
    """Whose bill of which period: ``… 2026-09 账单``."""
    return _("%(name)s %(month)s 账单", name=name, month=period_words(period))


def sums_in_words(bill: Bill) -> str:
    """The totals of a published bill in one sentence."""
    sums = {"income": format_yuan(bill.income_fen), "outgo": format_yuan(bill.outgo_fen)}
    if bill.closing_fen is None:
        return _("收入 %(income)s 元，支出 %(outgo)s 元", **sums)
    return _(
        "收入 %(income)s 元，支出 %(outgo)s 元，结余 %(closing)s 元",
        closing=format_yuan(bill.closing_fen),
        **sums,
    )


def title_of(bill: Bill) -> str:
    """The title of a published bill."""
    return bill_title(bill.subject.name, bill.days)
