"""The words by which a published bill is found: whose it is, its month, and the staff's note."""

from typing import Any

from portal.disclosure.models import Bill
from portal.search.models import ThingKind
from portal.search.things import Described, Source


def _bill(bill: Any) -> Described:
    scope = bill.fund or bill.organisation
    year, month = bill.month.split("-")
    return Described(bill.bill_no, f"{scope.name} {year}年{int(month)}月账单", (bill.note,))


BILLS = Source(ThingKind.BILL, Bill, _bill)
