"""Read the filters of the public ledger from an address: the same words for the page, the API and the files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure.entries import LedgerQuery
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.figures import Filters
from portal.ledger.models import Direction, Form
from portal.money import AmountError, format_yuan, parse_yuan
from portal.refusals import Invalid, Sentence
from portal.registry.models import Campaign, Fund, Organisation, Project, Station, Street

WORDS: dict[str, Sentence] = {
    "organisation": _l("慈善组织"),
    "fund": _l("基金"),
    "station": _l("捐赠站点"),
    "project": _l("慈善项目"),
    "campaign": _l("募捐活动"),
    "street": _l("街道"),
    "direction": _l("收入或支出"),
    "form": _l("捐赠形式"),
    "from": _l("开始日期"),
    "to": _l("结束日期"),
    "min": _l("最低金额"),
    "max": _l("最高金额"),
    "q": _l("关键词"),
    "after": _l("翻页位置"),
    "limit": _l("每页笔数"),
}
"""Every word a filter may use (``contract``), with its words on the page."""

SWITCHES = frozenset({"lang", "view"})
"""Words that change how a page speaks, not what it shows."""

MOST = 200
USUAL = 50
LONGEST_TEXT = 100

_REGISTRY: dict[str, tuple[str, Any, Any]] = {
    "organisation": ("organisation_id", Organisation, Organisation.uscc),
    "fund": ("fund_id", Fund, Fund.code),
    "station": ("station_id", Station, Station.code),
    "project": ("project_id", Project, Project.code),
    "campaign": ("campaign_id", Campaign, Campaign.code),
    "street": ("street_id", Street, Street.code),
}


class BadFilter(Invalid):
    """The address holds a word or a value that is no filter; nothing is guessed."""

    status = 400


@dataclass(frozen=True)
class Chosen:
    """One active filter, to be shown and removed: its word, the value in the address, both in words."""

    word: str
    value: str
    words: str


@dataclass(frozen=True)
class Selection:
    """What an address asks for."""

    query: LedgerQuery = field(default_factory=LedgerQuery)
    after: int | None = None
    limit: int = USUAL
    chosen: Sequence[Chosen] = ()

    def chips(self, address_with: Callable[..., str]) -> list[tuple[str, str]]:
        """Each active filter in words, with the address of the selection without it."""
        return [(one.words, address_with(**{one.word: None, "after": None})) for one in self.chosen]

    @property
    def arguments(self) -> dict[str, str]:
        """The filters as they stand in the address, to ask for the same selection elsewhere."""
        return {one.word: one.value for one in self.chosen}

    def value(self, word: str) -> str:
        """What was asked for one word, as it stands in the address."""
        return next((one.value for one in self.chosen if one.word == word), "")


@dataclass
class _Reading:
    session: Session
    given: Mapping[str, str]
    errors: dict[str, Sentence] = field(default_factory=dict)
    chosen: list[Chosen] = field(default_factory=list)

    def read(self, word: str, parse: Callable[[str], tuple[Any, str]]) -> Any:
        """The parsed value of one word, or None; a bad value is noted."""
        text = self.given.get(word, "").strip()
        if not text:
            return None
        try:
            value, words = parse(text)
        except ValueError as problem:
            self.errors[word] = _(
                "“%(word)s”不能是“%(value)s”：%(why)s", word=WORDS[word], value=text[:60], why=str(problem)
            )
            return None
        if value is not None and words:
            self.chosen.append(Chosen(word, text, f"{WORDS[word]}：{words}"))
        return value


def read_selection(session: Session, given: Mapping[str, Sequence[str]]) -> Selection:
    """Read all filters; ``given`` maps each word to the values in the address.

    Raises:
        BadFilter: naming every unknown word, repeated word and bad value.
    """
    unknown = {
        word: _("不认识的参数“%(word)s”。", word=word[:60])
        for word in given
        if word not in WORDS.keys() | SWITCHES
    }
    repeated = {
        word: _("参数“%(word)s”只能出现一次。", word=word[:60])
        for word, values in given.items()
        if len(values) > 1
    }
    reading = _Reading(session, {word: values[0] for word, values in given.items() if values})
    reading.errors.update(unknown | repeated)
    ids = {
        column: reading.read(word, _finder(session, model, code))
        for word, (column, model, code) in _REGISTRY.items()
    }
    filters = Filters(
        **ids,
        direction=reading.read("direction", _member(Direction)),
        form=reading.read("form", _member(Form)),
        first_day=reading.read("from", _day),
        last_day=reading.read("to", _day),
    )
    query = LedgerQuery(
        filters=filters,
        least_fen=reading.read("min", _amount),
        most_fen=reading.read("max", _amount),
        text=reading.read("q", _text) or "",
    )
    after, limit = reading.read("after", _cursor), reading.read("limit", _limit)
    _check_order(reading, query)
    if reading.errors:
        raise BadFilter(reading.errors)
    return Selection(query, after, limit or USUAL, tuple(reading.chosen))


def _check_order(reading: _Reading, query: LedgerQuery) -> None:
    first, last = query.filters.first_day, query.filters.last_day
    if first and last and first > last:
        reading.errors["to"] = _("结束日期不能早于开始日期。")
    if query.least_fen is not None and query.most_fen is not None and query.least_fen > query.most_fen:
        reading.errors["max"] = _("最高金额不能小于最低金额。")


def _finder(session: Session, model: Any, code: Any) -> Callable[[str], tuple[int, str]]:
    def find(text: str) -> tuple[int, str]:
        row = session.execute(select(model.id, model.name).where(code == text.upper()[:40])).one_or_none()
        if row is None:
            raise ValueError(_("没有登记过这个编号。"))
        return row.id, row.name

    return find


def _member(kind: type[Direction] | type[Form]) -> Callable[[str], tuple[Any, str]]:
    def find(text: str) -> tuple[Any, str]:
        if text not in set(kind):
            raise ValueError(_("可以用的值是 %(values)s。", values="、".join(kind)))
        return kind(text), str(label(kind(text)))

    return find


def _day(text: str) -> tuple[date, str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("日期请写成 2026-09-05 的样子。")) from None
    return day, day.isoformat()


def _amount(text: str) -> tuple[int | None, str]:
    try:
        fen = parse_yuan(text)
    except AmountError as problem:
        if problem.reason == "zero":
            return None, ""
        raise ValueError(_("金额请写成 1234.56 的样子，单位是元。")) from None
    return fen, f"{format_yuan(fen)}"


def _text(text: str) -> tuple[str, str]:
    if len(text) > LONGEST_TEXT:
        raise ValueError(_("关键词最多 %(longest)d 个字。", longest=LONGEST_TEXT))
    if "\x00" in text:
        raise ValueError(_("含有无法查找的字符。"))
    return text, text


def _cursor(text: str) -> tuple[int, str]:
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValueError(_("请从第一页重新翻起。"))
    return int(text), ""


def _limit(text: str) -> tuple[int, str]:
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST):
        raise ValueError(_("请用 1 至 %(most)d 之间的整数。", most=MOST))
    return int(text), ""
