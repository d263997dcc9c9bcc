"""What the public sees of one organisation, fund, station, campaign or landmark; projects have pages of their own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import bill_selection, directory, entries
from portal.disclosure.bill_scopes import BillScope
from portal.disclosure.bill_selection import ListedBill
from portal.disclosure.directory import Shelf
from portal.disclosure.entries import LedgerQuery
from portal.disclosure.public_entries import PublicEntry
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.figures import Filters, Totals, series, totals, years
from portal.ledger.models import Form
from portal.periods import Month, today, year_bounds
from portal.refusals import NotFound
from portal.registry.models import PUBLIC, Campaign, Fund, Landmark, Organisation, Station

NEWEST = 10
MONTHS = 12
FIRST_YEAR = 1990

Fact = tuple[LazyString, Any]


@dataclass(frozen=True)
class Reference:
    """A thing of the registry to link to."""

    endpoint: str
    arguments: dict[str, str]
    name: str


@dataclass(frozen=True)
class Related:
    """Things that belong to the one shown, under a heading."""

    title: LazyString
    shelf: Shelf
    things: Sequence[Any]


@dataclass(frozen=True)
class FormSum:
    """What was received in one form, in fen."""

    form: Form
    amount_fen: int


@dataclass(frozen=True)
class Profile:
    """Everything a profile page shows. Amounts in fen."""

    shelf: Shelf
    thing: Any
    code: str
    facts: Sequence[Fact]
    all_time: Totals
    this_year: Totals
    year: int | None
    years: Sequence[int]
    months: Sequence[tuple[str, Totals]]
    forms: Sequence[FormSum]
    newest: Sequence[PublicEntry]
    related: Sequence[Related]
    bills: Sequence[ListedBill]

    @property
    def updated_at(self) -> datetime | None:
        """When the newest of its entries was published."""
        return self.newest[0].published_at if self.newest else None


def find(session: Session, shelf: Shelf, code: str) -> Any:
    """The thing with a code.

    Raises:
        NotFound: when there is none, or none that was ever active.
    """
    found = session.scalar(select(shelf.model).where(shelf.code == code.strip().upper()))
    if found is None or found.status not in PUBLIC:
        raise NotFound(_("没有登记过“%(code)s”。", code=code[:40]))
    return found


def profile(session: Session, shelf: Shelf, code: str, year: int | None = None) -> Profile:
    """Read one thing with its figures and its newest entries; months and forms are of a year, or of the last twelve."""
    thing = find(session, shelf, code)
    if shelf.dimension is None:
        return _without_accounts(shelf, thing)
    selection = Filters(**{shelf.dimension: thing.id})
    first, last = year_bounds(today().year)
    since = months_since(year)
    shown = twelve_months(selection, since)
    return Profile(
        shelf=shelf,
        thing=thing,
        code=shelf.code_of(thing),
        facts=_facts(shelf, thing),
        all_time=totals(session, selection),
        this_year=totals(session, replace(selection, first_day=first, last_day=last)),
        year=year,
        years=years(session),
        months=months_of(session, shown, since),
        forms=forms_of(totals(session, shown)),
        newest=entries.page(session, LedgerQuery(selection), limit=NEWEST).entries,
        related=_related(session, thing),
        bills=bill_selection.recent(session, BillScope(thing)),
    )


def _without_accounts(shelf: Shelf, thing: Any) -> Profile:
    return Profile(
        shelf=shelf,
        thing=thing,
        code=shelf.code_of(thing),
        facts=_facts(shelf, thing),
        all_time=Totals(),
        this_year=Totals(),
        year=None,
        years=(),
        months=(),
        forms=(),
        newest=(),
        related=(),
        bills=(),
    )


def _facts(shelf: Shelf, thing: Any) -> list[Fact]:
    return [(words, value) for words, value in _FACTS[shelf.word](thing) if value]


def months_since(year: int | None) -> Month:
    """The first of the twelve months that a page shows: those of a year, or the last twelve."""
    return Month(year, 1) if year else Month.of(today()).plus(1 - MONTHS)


def twelve_months(selection: Filters, since: Month) -> Filters:
    """A selection within twelve months."""
    return replace(selection, first_day=since.first, last_day=since.plus(MONTHS - 1).last)


def months_of(session: Session, selection: Filters, since: Month) -> list[tuple[str, Totals]]:
    """The sums of twelve months, those without entries among them."""
    sums = series(session, selection, "month")
    months = [str(since.plus(step)) for step in range(MONTHS)]
    return [(month, sums.get(month, Totals())) for month in months]


def forms_of(sums: Totals) -> list[FormSum]:
    """What was received in each form, forms without gifts left out."""
    return [FormSum(form, sums.by_form[form.value]) for form in Form if sums.by_form.get(form.value)]


def year_asked(text: str) -> int | None:
    """The year in an address; None for anything that is none."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    return year if FIRST_YEAR <= year <= today().year else None


def _related(session: Session, thing: Any) -> list[Related]:
    if not isinstance(thing, Organisation):
        return []
    return [
        Related(shelf.title, shelf, directory.related(session, shelf.model, thing.id))
        for word, shelf in directory.SHELVES.items()
        if word != "organisations"
    ]


def _organisation_facts(thing: Organisation) -> list[Fact]:
    return [
        (_l("统一社会信用代码"), thing.uscc),
        (_l("类型"), label(thing.kind)),
        (_l("公开募捐资格"), thing.fundraising_since or _("没有")),
        (_l("公开募捐资格证书编号"), thing.fundraising_certificate_no),
        (_l("成立日期"), thing.founded_on),
        (_l("法定代表人"), thing.legal_representative),
        (_l("联系电话"), thing.contact_phone),
        (_l("地址"), thing.address),
        (_l("街道"), thing.street.name if thing.street else ""),
    ]


def _fund_facts(thing: Fund) -> list[Fact]:
    return [
        (_l("编号"), thing.code),
        (_l("类型"), label(thing.kind)),
        (_l("所属组织"), _organisation(thing.organisation)),
        (_l("街道"), thing.street.name if thing.street else ""),
        (_l("宗旨或用途"), thing.purpose),
        (_l("限定用途"), thing.restriction if thing.restricted else ""),
        (_l("允许的用途"), "；".join(str(label(one)) for one in thing.purposes)),
        (_l("设立日期"), thing.opened_on),
    ]


def _station_facts(thing: Station) -> list[Fact]:
    return [
        (_l("编号"), thing.code),
        (_l("地址"), thing.address),
        (_l("开放时间"), thing.hours),
        (_l("收什么"), "、".join(str(label(one)) for one in thing.accepted)),
        (_l("接收的捐赠"), thing.accepts),
        (_l("街道"), thing.street.name),
        (_l("社区"), thing.community.name if thing.community else ""),
        (_l("运营组织"), _organisation(thing.organisation)),
    ]


def _campaign_facts(thing: Campaign) -> list[Fact]:
    return [
        (_l("编号"), thing.code),
        (_l("募捐方案备案编号"), thing.filing_no or _("应急募捐，备案办理中")),
        (_l("备案日期"), thing.filed_on),
        (_l("宗旨或用途"), thing.purpose),
        (_l("组织"), _organisation(thing.organisation)),
        (_l("收款基金"), _fund(thing.fund)),
        (_l("期限"), _period(thing.starts_on, thing.ends_on)),
    ]


def _landmark_facts(thing: Landmark) -> list[Fact]:
    return [
        (_l("编号"), thing.code),
        (_l("类型"), label(thing.kind)),
        (_l("地址"), thing.address),
        (_l("介绍"), thing.description),
        (_l("街道"), thing.street.name),
        (_l("社区"), thing.community.name if thing.community else ""),
        (_l("管理组织"), _organisation(thing.organisation)),
        (_l("启用日期"), thing.opened_on),
    ]


_FACTS: dict[str, Any] = {
    "organisations": _organisation_facts,
    "funds": _fund_facts,
    "stations": _station_facts,
    "campaigns": _campaign_facts,
    "landmarks": _landmark_facts,
}


def _organisation(thing: Organisation) -> Reference:
    return Reference("disclosure.organisation", {"uscc": thing.uscc}, thing.name)


def _fund(thing: Fund | None) -> Reference | None:
    return Reference("disclosure.fund", {"code": thing.code}, thing.name) if thing else None


def _period(first: date, last: date | None) -> str:
    return f"{first.isoformat()} – {last.isoformat() if last else _('长期')}"
