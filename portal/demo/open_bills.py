"""The bills that close the demonstration's months, and those of quarters, years, campaigns, a station and a project."""

from collections.abc import Iterator

from portal.demo.stage import Stage
from portal.disclosure import bill_notes, bills
from portal.disclosure.bill_scopes import BillScope, BillThing
from portal.periods import Month, Period, Quarter, Year

_FUNDS = 3
"""So many funds, stations and projects have bills of quarters, so that the demonstration is made in a minute."""
_FEW = 1
_NOTE = "本季度的助学支出集中在开学前，所以比上一季度多。"
_SLIP = "本季度的助学支出集中在开学以后，所以比上一季度多。"
_WHY = "说明里“开学前”误写成了“开学以后”"


def publish(stage: Stage, month: Month) -> None:
    """Publish what a month that is over closes: its own bills, then those of longer periods that end with it."""
    federation, *others = stage.made.organisations
    of_federation = [fund for fund in stage.made.funds if fund.organisation_id == federation.id]
    monthly: list[BillThing] = [federation, *others, *of_federation]
    for thing in monthly:
        _publish(stage, BillScope(thing), month)
    for scope, period in _longer(stage, month):
        _publish(stage, scope, period, _SLIP if period.last.month == 9 else "")
    for campaign in stage.made.campaigns:
        scope = BillScope(campaign)
        if scope.run is not None and Month.of(scope.run.last) == month:
            _publish(stage, scope, scope.run)


def mend(stage: Stage, last: Month) -> None:
    """Mend the words of the newest bill of a third quarter."""
    federation = BillScope(stage.made.organisations[0])
    year = last.year if last.month >= 9 else last.year - 1
    number = bills.bill_no_of(federation, Quarter(year, 3))
    if any(bill.bill_no == number for bill in bills.listing(stage.session, scope=federation)):
        bill_notes.mend_note(number, _NOTE, _WHY, stage.clerk)


def _longer(stage: Stage, month: Month) -> Iterator[tuple[BillScope, Period]]:
    federation = stage.made.organisations[0]
    funds = [fund for fund in stage.made.funds if fund.organisation_id == federation.id][:_FUNDS]
    places = [one for one in stage.made.stations if one.organisation_id == federation.id][:_FEW]
    projects = [one for one in stage.made.projects if one.organisation_id == federation.id][:_FEW]
    quarterly: list[BillThing] = [federation, *funds, *places, *projects]
    yearly: list[BillThing] = [federation, *funds]
    if month.month % 3 == 0:
        yield from ((BillScope(thing), Quarter.of(month.first)) for thing in quarterly)
    if month.month == 12:
        yield from ((BillScope(thing), Year(month.year)) for thing in yearly)


def _publish(stage: Stage, scope: BillScope, period: Period, note: str = "") -> None:
    bills.publish(scope.number_part, period, note, stage.clerk)
