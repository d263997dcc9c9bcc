"""The search of the whole site: things by name, pinyin or number, bills, and entries by their public words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import url_for
from flask_babel import LazyString
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.disclosure import entries
from portal.disclosure.bill_scopes import number_as_kept
from portal.disclosure.entries import LedgerPage, LedgerQuery
from portal.disclosure.word_search import entry_numbered
from portal.i18n import lazy_gettext as _l
from portal.ledger.figures import Filters
from portal.ledger.models import Direction, Entry
from portal.search.finding import Hit, thing_coded, things_with
from portal.search.models import ThingKind
from portal.search.numbers import number_of
from portal.search.terms import ask_things

ENTRY = "entry"
"""The kind that stands for entries, beside the kinds of things."""

KINDS: dict[str, LazyString] = {
    ThingKind.ORGANISATION: _l("机构"),
    ThingKind.FUND: _l("基金"),
    ThingKind.STATION: _l("站点"),
    ThingKind.PROJECT: _l("项目"),
    ThingKind.CAMPAIGN: _l("活动"),
    ThingKind.LANDMARK: _l("慈善空间"),
    ThingKind.STREET: _l("街道"),
    ThingKind.BILL: _l("账单"),
    ENTRY: _l("记录"),
}
"""What is found, in the order in which it is shown."""

FEW = 5
MANY = 50
ENTRIES = 20
SUGGESTED = 8

_ADDRESSES = {
    ThingKind.ORGANISATION: ("disclosure.organisation", "uscc"),
    ThingKind.FUND: ("disclosure.fund", "code"),
    ThingKind.STATION: ("disclosure.station", "code"),
    ThingKind.PROJECT: ("disclosure.project", "code"),
    ThingKind.CAMPAIGN: ("disclosure.campaign", "code"),
    ThingKind.LANDMARK: ("disclosure.landmark", "code"),
    ThingKind.STREET: ("disclosure.ledger", "street"),
    ThingKind.BILL: ("disclosure.bill", "bill_no"),
}


@dataclass(frozen=True)
class SearchQuery:
    """What is looked for. ``kind`` narrows to one kind; direction and year narrow entries only."""

    words: str
    kind: str = ""
    direction: Direction | None = None
    year: int | None = None
    after: int | None = None

    @property
    def narrows_entries(self) -> bool:
        """Whether something is asked that only entries have."""
        return self.direction is not None or self.year is not None

    @property
    def ledger_words(self) -> dict[str, str]:
        """The same selection in the words of the ledger's filters."""
        words = {"q": self.words}
        if self.direction is not None:
            words["direction"] = self.direction
        if self.year is not None:
            words |= {"from": f"{self.year}-01-01", "to": f"{self.year}-12-31"}
        return words


@dataclass(frozen=True)
class Group:
    """Things of one kind; ``more`` says that there are others."""

    kind: ThingKind
    title: LazyString
    hits: Sequence[Hit]
    more: bool


@dataclass(frozen=True)
class Found:
    """What a search found."""

    groups: Sequence[Group] = ()
    page: LedgerPage = field(default_factory=lambda: LedgerPage((), None))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.groups or self.page.entries)


def search(session: Session, query: SearchQuery) -> Found:
    """Look for words everywhere the public may look."""
    return Found(list(_groups(session, query)), _entries(session, query))


def address_of_number(session: Session, words: str) -> str | None:
    """The page that a typed number stands for: an entry's, by whatever number it goes, a thing's or a bill's."""
    number = number_of(words)
    if number is None:
        return None
    entry_no = entry_numbered(session, number)
    if entry_no is not None:
        return url_for("disclosure.entry", entry_no=entry_no)
    hit = thing_coded(session, number) or thing_coded(session, number_as_kept(number))
    return address_of(hit) if hit else None


def address_of(hit: Hit) -> str:
    """The page of a thing that was found."""
    endpoint, word = _ADDRESSES[hit.kind]
    return url_for(endpoint, **{word: hit.code})  # type: ignore[arg-type]


def suggestions(session: Session, words: str) -> list[str]:
    """Names that begin or go on as what is being typed, the likeliest first."""
    asked = ask_things(words)
    if asked.is_empty:
        return []
    found = [
        hit
        for kind in ThingKind
        if kind is not ThingKind.BILL
        for hit in things_with(session, kind, asked, words, FEW)
    ]
    names = dict.fromkeys(hit.name for hit in sorted(found, key=lambda hit: not hit.name.startswith(words)))
    return list(names)[:SUGGESTED]


def years(session: Session) -> list[int]:
    """Every year that has entries, the newest first."""
    first, last = (session.scalar(select(edge(Entry.occurred_on))) for edge in (func.min, func.max))
    return list(range(last.year, first.year - 1, -1)) if first is not None and last is not None else []


def _groups(session: Session, query: SearchQuery) -> list[Group]:
    asked = ask_things(query.words)
    if query.narrows_entries or query.kind == ENTRY or asked.is_empty:
        return []
    kinds = [ThingKind(query.kind)] if query.kind else list(ThingKind)
    most = MANY if query.kind else FEW
    found = [(kind, things_with(session, kind, asked, query.words, most + 1)) for kind in kinds]
    return [Group(kind, KINDS[kind], hits[:most], len(hits) > most) for kind, hits in found if hits]


def _entries(session: Session, query: SearchQuery) -> LedgerPage:
    if query.kind not in ("", ENTRY):
        return LedgerPage((), None)
    days = (date(query.year, 1, 1), date(query.year, 12, 31)) if query.year else (None, None)
    filters = Filters(direction=query.direction, first_day=days[0], last_day=days[1])
    wanted = LedgerQuery(filters, text=query.words)
    alone = query.kind == ENTRY or query.narrows_entries
    return entries.page(session, wanted, after=query.after, limit=ENTRIES if alone else FEW)
