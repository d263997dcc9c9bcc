"""The public lists of organisations, funds, stations, projects, campaigns and landmarks, and the figures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import LazyString
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.i18n import lazy_gettext as _l
from portal.ledger.figures import Dimension, Filters, Totals, by_dimension
from portal.registry.models import (
    PUBLIC,
    Campaign,
    Fund,
    Landmark,
    Organisation,
    Project,
    Station,
    Status,
    Street,
)
from portal.search.finding import ids_of_things
from portal.search.models import ThingKind
from portal.search.terms import ask_things

PAGE = 50


@dataclass(frozen=True)
class Shelf:
    """One kind of thing: its model, its code, the dimension its entries are counted under, if any, and its words."""

    word: str
    endpoint: str
    model: Any
    code_name: str
    dimension: Dimension | None
    title: LazyString
    lead: LazyString
    why_empty: LazyString
    filter_word: str

    @property
    def code(self) -> Any:
        """The column of its code."""
        return getattr(self.model, self.code_name)

    def code_of(self, thing: Any) -> str:
        """The code of one thing."""
        return str(getattr(thing, self.code_name))


def _shelf(
    word: str, model: Any, words: tuple[LazyString, LazyString, LazyString], code_name: str = "code"
) -> Shelf:
    one = word.removesuffix("s")
    dimension: Any = None if model is Landmark else f"{one}_id"
    return Shelf(word, f"disclosure.{one}", model, code_name, dimension, *words, filter_word=one)


SHELVES = {
    shelf.word: shelf
    for shelf in (
        _shelf(
            "organisations",
            Organisation,
            (
                _l("慈善组织"),
                _l("在本区登记账目的慈善组织。点开看它收了多少、用到哪里。"),
                _l("这里列出登记过的慈善组织。换一个词再找，或者看全部。"),
            ),
            "uscc",
        ),
        _shelf(
            "funds",
            Fund,
            (
                _l("基金"),
                _l("社区慈善基金、冠名基金和专项基金，各有各的账，余额随时可查。"),
                _l("这里列出各组织的基金。换一个词再找，或者看全部。"),
            ),
        ),
        _shelf(
            "stations",
            Station,
            (
                _l("捐赠站点"),
                _l("家门口就能捐。这里有地址和开放时间，也有每个站点收到的捐赠。"),
                _l("这里列出街道和社区的捐赠站点。换一个词再找，或者看全部。"),
            ),
        ),
        _shelf(
            "projects",
            Project,
            (
                _l("慈善项目"),
                _l("钱用来做什么：每个项目的目标、期限和支出。"),
                _l("这里列出各组织的慈善项目。换一个词再找，或者看全部。"),
            ),
        ),
        _shelf(
            "campaigns",
            Campaign,
            (
                _l("公开募捐活动"),
                _l("已向民政部门备案的募捐活动，备案编号可以到“慈善中国”核对。"),
                _l("这里列出备案过的公开募捐活动。换一个词再找，或者看全部。"),
            ),
        ),
        _shelf(
            "landmarks",
            Landmark,
            (
                _l("慈善空间"),
                _l("身边的慈善广场、慈善社区和慈善公园。"),
                _l("这里列出慈善广场、慈善社区和慈善公园。换一个词再找，或者看全部。"),
            ),
        ),
    )
}


@dataclass(frozen=True)
class Search:
    """What a list is narrowed to; ``after`` is the code of the last thing of the page before."""

    text: str = ""
    street: str = ""
    after: str = ""


@dataclass(frozen=True)
class Listed:
    """One thing of a list with its figures of all time."""

    thing: Any
    code: str
    totals: Totals


@dataclass(frozen=True)
class Page:
    """One page of a list; ``following`` is the cursor of the next, or None."""

    rows: Sequence[Listed] = field(default_factory=tuple)
    following: str | None = None


def page(session: Session, shelf: Shelf, search: Search, *, limit: int = PAGE) -> Page:
    """One page of a list: those in business first, then by code."""
    query = select(shelf.model).order_by(shelf.code).limit(limit + 1)
    if shelf.model is not Organisation:
        query = query.options(joinedload(shelf.model.organisation))
    if hasattr(shelf.model, "street_id"):
        query = query.options(joinedload(shelf.model.street))
    for condition in _conditions(session, shelf, search):
        query = query.where(condition)
    things = session.scalars(query).all()
    shown = things[:limit]
    ids = [one.id for one in shown]
    sums = by_dimension(session, Filters(), shelf.dimension, ids) if shelf.dimension else {}
    rows = [Listed(one, shelf.code_of(one), sums.get(one.id, Totals())) for one in shown]
    return Page(rows, rows[-1].code if len(things) > limit else None)


def streets(session: Session) -> list[tuple[str, str]]:
    """Code and name of all streets, for the filter of a list."""
    return [
        (code, name) for code, name in session.execute(select(Street.code, Street.name).order_by(Street.code))
    ]


def related(session: Session, model: Any, organisation_id: int) -> Sequence[Any]:
    """The things of one kind that an organisation has, those in business first."""
    query = select(model).where(model.organisation_id == organisation_id, model.status.in_(PUBLIC))
    return session.scalars(query.order_by(model.status != Status.ACTIVE, model.code).limit(PAGE)).all()


def _conditions(session: Session, shelf: Shelf, search: Search) -> list[Any]:
    conditions: list[Any] = [shelf.model.status.in_(PUBLIC)]
    if search.text:
        asked = ask_things(search.text)
        names = [shelf.code.contains(search.text.upper(), autoescape=True)]
        if not asked.is_empty:
            names.append(shelf.model.id.in_(ids_of_things(session, ThingKind(shelf.filter_word), asked)))
        if shelf.model is not Organisation:
            own = Organisation.name.contains(search.text, autoescape=True)
            names.append(shelf.model.organisation_id.in_(select(Organisation.id).where(own)))
        conditions.append(or_(*names))
    if search.street and hasattr(shelf.model, "street_id"):
        conditions.append(shelf.model.street_id.in_(select(Street.id).where(Street.code == search.street)))
    if search.after:
        conditions.append(shelf.code > search.after)
    return conditions
