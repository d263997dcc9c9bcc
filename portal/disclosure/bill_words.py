"""The words by which a published bill is found: whose it is, its period, and the staff's note."""

from typing import Any

from portal.disclosure.models import Bill
from portal.periods import Month, Period, Quarter, Run
from portal.search.models import ThingKind
from portal.search.things import Described, Source


def _bill(bill: Any) -> Described:
    return Described(bill.bill_no, f"{bill.subject.name} {_in_words(bill.days)}账单", (bill.note,))


def _in_words(period: Period) -> str:
    """A period in the words of people who look for it; the index is in one language."""
    if isinstance(period, Run):
        return "募捐活动"
    if isinstance(period, Month):
        return f"{period.year}年{period.month}月"
    return f"{period.year}年第{period.quarter}季度" if isinstance(period, Quarter) else f"{period.year}年度"


BILLS = Source(ThingKind.BILL, Bill, _bill)
