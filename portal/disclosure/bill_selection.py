"""What the page of bills is asked for, read from its address; and the bills that this finds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import bills
from portal.disclosure.bill_names import period_words
from portal.disclosure.bill_scopes import EARLIEST, BillScope, bill_no_of, find_thing
from portal.disclosure.bill_sums import first_day
from portal.disclosure.filters import SWITCHES, BadFilter, Chosen
from portal.disclosure.models import Bill
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.periods import CALENDAR, CalendarPeriod, Period, PeriodKind, Year, today
from portal.refusals import NotFound, Sentence
from portal.registry.models import SubjectKind

WORDS: dict[str, Sentence] = {
    "kind": _l("账单的种类"),
    "year": _l("年份"),
    "fund": _l("基金"),
    "organisation": _l("慈善组织"),
    "station": _l("捐赠站点"),
    "project": _l("慈善项目"),
    "campaign": _l("募捐活动"),
    "after": _l("翻页位置"),
}
"""Every word that the address may use."""

_THINGS = ("fund", "station", "project", "campaign", "organisation")


@dataclass(frozen=True)
class BillSelection:
    """Which bills are asked for."""

    kind: PeriodKind | None = None
    year: int | None = None
    scope: BillScope | None = None
    after: int | None = None
    chosen: Sequence[Chosen] = ()

    def value(self, word: str) -> str:
        """What was asked for one word, as it stands in the address."""
        return next((one.value for one in self.chosen if one.word == word), "")

    def chips(self, address_with: Callable[..., str]) -> list[tuple[str, str]]:
        """Each active filter in words, with the address of the selection without it."""
        return [(one.words, address_with(**{one.word: None, "after": None})) for one in self.chosen]


@dataclass(frozen=True)
class ListedBill:
    """A bill of the list; one that is not published yet has no figures here, and a page all the same."""

    bill_no: str
    name: str
    period_words: str
    bill: Bill | None


@dataclass(frozen=True)
class BillsPage:
    """Bills, and the cursor of the next page, if there is one."""

    rows: Sequence[ListedBill]
    following: int | None = None


def read_selection(session: Session, given: Mapping[str, Sequence[str]]) -> BillSelection:
    """Read the filters; ``given`` maps each word to its values in the address.

    Raises:
        BadFilter: naming every unknown word, repeated word and bad value.
    """
    errors: dict[str, Sentence] = {}
    asked: dict[str, str] = {}
    for word, values in given.items():
        if word not in WORDS.keys() | SWITCHES:
            errors[word] = _("不认识的参数“%(word)s”。", word=word[:60])
        elif len(values) > 1:
            errors[word] = _("参数“%(word)s”只能出现一次。", word=word[:60])
        elif values and values[0].strip():
            asked[word] = values[0].strip()
    chosen: list[Chosen] = []
    kind = _kind(asked, errors, chosen)
    year = _number(asked, "year", 4, errors)
    if year is not None and not EARLIEST.year <= year <= today().year:
        errors["year"] = _("请选 %(first)s 至 %(last)s 年。", first=EARLIEST.year, last=today().year)
    elif year is not None:
        chosen.append(Chosen("year", str(year), _("%(year)s 年", year=year)))
    scope = _scope(session, asked, errors, chosen)
    after = _number(asked, "after", 18, errors)
    if errors:
        raise BadFilter(errors)
    return BillSelection(kind, year, scope, after, chosen)


def find(session: Session, asked: BillSelection, limit: int) -> BillsPage:
    """The bills of a selection: of one thing every period of a year, else what is published, the newest first."""
    if asked.scope is not None and asked.kind in (None, *CALENDAR):
        return BillsPage(list(_of_thing(session, asked.scope, asked)))
    rows = bills.listing(
        session, scope=asked.scope, kind=asked.kind, year=asked.year, before=asked.after, limit=limit
    )
    listed = [ListedBill(one.bill_no, one.subject.name, period_words(one.days), one) for one in rows]
    return BillsPage(listed, rows[-1].id if len(rows) == limit else None)


def recent(session: Session, scope: BillScope) -> list[ListedBill]:
    """The bills of the shortest periods of a thing within a year's time, the newest first; none before it had any."""
    kind = scope.periods[0]
    newest = CALENDAR[kind].of(today())
    begin = first_day(session, scope) or newest.first
    steps = range(12 if kind is PeriodKind.MONTH else 4)
    periods = [one for step in steps if (one := newest.plus(-step)) == newest or one.last >= begin]
    published = _published(session, scope)
    return [_listed(scope, period, published) for period in periods]


def years(session: Session) -> list[int]:
    """The years to choose from: those with published bills, and this one."""
    return sorted({today().year, *bills.years(session)}, reverse=True)


def _of_thing(session: Session, scope: BillScope, asked: BillSelection) -> Iterator[ListedBill]:
    """The newest period first; without a kind the shortest that the thing has, and with a campaign its whole run."""
    kind = asked.kind or scope.periods[0]
    begin = first_day(session, scope)
    year = Year(asked.year or today().year)
    published = _published(session, scope)
    if scope.run is not None and asked.kind is None:
        yield _listed(scope, scope.run, published)
    if kind in scope.periods and kind in CALENDAR:
        for period in _periods_of(kind, year):
            if begin is None or period.last < begin:
                return
            yield _listed(scope, period, published)


def _published(session: Session, scope: BillScope) -> dict[str, Bill]:
    return {bill.bill_no: bill for bill in session.scalars(select(Bill).where(*scope.owns()))}


def _listed(scope: BillScope, period: Period, published: Mapping[str, Bill]) -> ListedBill:
    number = bill_no_of(scope, period)
    return ListedBill(number, scope.name, period_words(period), published.get(number))


def _periods_of(kind: PeriodKind, year: Year) -> Iterator[CalendarPeriod]:
    period = CALENDAR[kind].of(min(year.last, today()))
    while period.first >= year.first:
        yield period
        period = period.plus(-1)


def _kind(asked: Mapping[str, str], errors: dict[str, Sentence], chosen: list[Chosen]) -> PeriodKind | None:
    text = asked.get("kind")
    if text is None:
        return None
    if text not in set(PeriodKind):
        errors["kind"] = _("可以用的值是 %(values)s。", values="、".join(PeriodKind))
        return None
    chosen.append(Chosen("kind", text, str(label(PeriodKind(text)))))
    return PeriodKind(text)


def _number(asked: Mapping[str, str], word: str, longest: int, errors: dict[str, Sentence]) -> int | None:
    text = asked.get(word)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= longest and int(text) > 0):
        errors[word] = _("“%(word)s”不能是“%(value)s”。", word=WORDS[word], value=text[:60])
        return None
    return int(text)


def _scope(
    session: Session, asked: Mapping[str, str], errors: dict[str, Sentence], chosen: list[Chosen]
) -> BillScope | None:
    """The narrowest thing that is named: a fund of an organisation rather than the organisation."""
    found: list[BillScope] = []
    for word in _THINGS:
        if word not in asked:
            continue
        try:
            scope = find_thing(session, SubjectKind(word), asked[word].upper())
        except NotFound:
            errors[word] = _("没有登记过“%(code)s”。", code=asked[word][:40])
            continue
        found.append(scope)
        chosen.append(Chosen(word, asked[word], f"{WORDS[word]}{_('：')}{scope.name}"))
    return found[0] if found else None
