"""The figures that staff enter: resident population and giving outside the portal, each with its source.

A statement about the same thing supersedes the one before; both stay in the history.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from portal.db import writing
from portal.i18n import gettext as _
from portal.indicators.models import OutsideGiving, PopulationKind, ResidentPopulation
from portal.money import AmountError, parse_yuan
from portal.periods import now, today
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit
from portal.staff.models import StaffMember

Statement = TypeVar("Statement", ResidentPopulation, OutsideGiving)

FIRST_YEAR = 2000
MOST_PEOPLE = 100_000_000
SOURCE_LIMIT = 500
SCOPE_LIMIT = 200


@dataclass(frozen=True, kw_only=True)
class PopulationDetails:
    """A published figure of resident population. ``source`` says who published it and where."""

    year: int
    population: int
    kind: PopulationKind
    as_of: date
    source: str


@dataclass(frozen=True, kw_only=True)
class OutsideDetails:
    """Giving of a year outside the portal's ledger, in fen. ``scope`` says whose and which giving it covers."""

    year: int
    amount_fen: int
    scope: str
    source: str


@dataclass(frozen=True)
class Stated:
    """One row of the history: what was stated, by whom, and whether it is still in force."""

    row: ResidentPopulation | OutsideGiving
    entered_by: str
    in_force: bool


def populations_in_force(session: Session) -> Sequence[ResidentPopulation]:
    """Populations neither superseded nor withdrawn, by year."""
    return _in_force(session, ResidentPopulation)


def outside_in_force(session: Session) -> Sequence[OutsideGiving]:
    """Totals of outside giving neither superseded nor withdrawn, by year."""
    return _in_force(session, OutsideGiving)


def history(session: Session, model: type[Statement]) -> list[Stated]:
    """Everything ever stated, the newest first."""
    standing = {one.id for one in _in_force(session, model)}
    rows = session.execute(
        select(model, StaffMember.display_name)
        .outerjoin(StaffMember, StaffMember.id == model.entered_by_id)
        .order_by(model.id.desc())
    )
    return [Stated(row, name or "", row.id in standing) for row, name in rows]


def enter_population(by: StaffMember, details: PopulationDetails) -> ResidentPopulation:
    """State a population; a figure of the same year and kind is superseded.

    Raises:
        Invalid: a field breaks a rule.
        Conflict: somebody else superseded the same figure at the same moment.
    """
    _require_district(by)
    errors = _year_errors(details.year) | _text_errors(("source", details.source, SOURCE_LIMIT))
    if not 0 < details.population <= MOST_PEOPLE:
        errors["population"] = _("常住人口应为 1 至 1 亿之间的整数。")
    if details.as_of.year != details.year:
        errors["as_of"] = _("统计日期应在所填的年份之内。")
    elif details.as_of > today():
        errors["as_of"] = _("日期不能晚于今天。")
    if errors:
        raise Invalid(errors)
    with writing() as session:
        earlier = [
            one
            for one in populations_in_force(session)
            if (one.year, one.kind) == (details.year, details.kind)
        ]
        row = ResidentPopulation(
            year=details.year,
            population=details.population,
            kind=details.kind,
            as_of=details.as_of,
            source=_tidy(details.source),
        )
        _state(session, by, row, earlier[0] if earlier else None)
    return row


def enter_outside(by: StaffMember, details: OutsideDetails) -> OutsideGiving:
    """State giving outside the portal; a total of the same year and scope is superseded.

    Raises:
        Invalid: a field breaks a rule.
        Conflict: somebody else superseded the same total at the same moment.
    """
    _require_district(by)
    errors = _year_errors(details.year) | _text_errors(
        ("scope", details.scope, SCOPE_LIMIT), ("source", details.source, SOURCE_LIMIT)
    )
    if details.amount_fen <= 0:
        errors["amount"] = _("金额必须大于零。")
    if errors:
        raise Invalid(errors)
    scope = _tidy(details.scope)
    with writing() as session:
        earlier = [one for one in outside_in_force(session) if (one.year, one.scope) == (details.year, scope)]
        row = OutsideGiving(
            year=details.year, amount_fen=details.amount_fen, scope=scope, source=_tidy(details.source)
        )
        _state(session, by, row, earlier[0] if earlier else None)
    return row


def withdraw_population(by: StaffMember, row_id: int, reason: str) -> None:
    """Take back a population; the reason is kept in place of the source.

    Raises:
        NotFound, Conflict, Invalid: no such figure, not in force any more, no reason.
    """
    _require_district(by)
    with writing() as session:
        row = _standing(session, ResidentPopulation, row_id)
        ended = ResidentPopulation(year=row.year, kind=row.kind, source=_reason(reason), withdrawn=True)
        _state(session, by, ended, row)


def withdraw_outside(by: StaffMember, row_id: int, reason: str) -> None:
    """Take back a total of outside giving; the reason is kept in place of the source.

    Raises:
        NotFound, Conflict, Invalid: no such total, not in force any more, no reason.
    """
    _require_district(by)
    with writing() as session:
        row = _standing(session, OutsideGiving, row_id)
        ended = OutsideGiving(
            year=row.year, scope=row.scope, amount_fen=0, source=_reason(reason), withdrawn=True
        )
        _state(session, by, ended, row)


def read_people(text: str) -> int:
    """Read a number of people as typed: ``1819037``, ``1,819,037``, full-width digits.

    Raises:
        Invalid: naming ``population`` when it is no whole number.
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 12):
        raise Invalid({"population": _("请填写整数人数，例如 1,819,037；“万人”请换算为人。")})
    return int(plain)


def read_amount(text: str) -> int:
    """Read an amount typed in yuan and return fen.

    Raises:
        Invalid: naming ``amount``.
    """
    try:
        return parse_yuan(text)
    except AmountError:
        raise Invalid({"amount": _("请填写以元为单位的金额，最多两位小数，例如 1,234.56。")}) from None


def _in_force(session: Session, model: type[Statement]) -> Sequence[Statement]:
    later = aliased(model)
    query = (
        select(model)
        .where(~select(later.id).where(later.supersedes_id == model.id).exists(), ~model.withdrawn)
        .order_by(model.year, model.id)
    )
    return session.scalars(query).all()


def _standing(session: Session, model: type[Statement], row_id: int) -> Statement:
    row = session.get(model, row_id)
    if row is None:
        raise NotFound(_("没有找到这条数据。"))
    if row.id not in {one.id for one in _in_force(session, model)}:
        raise Conflict(_("这条数据已被更新或撤回，请刷新页面再看。"))
    return row


def _state(session: Session, by: StaffMember, row: ResidentPopulation | OutsideGiving, earlier: Any) -> None:
    row.supersedes_id = earlier.id if earlier is not None else None
    row.entered_by_id = by.id
    row.entered_at = now()
    session.add(row)
    try:
        session.flush()
    except IntegrityError as clash:
        raise Conflict(_("这条数据刚刚被别人更新，请刷新页面再看。")) from clash
    audit.record(
        session,
        staff=by,
        action="indicators.withdraw" if row.withdrawn else "indicators.enter",
        subject_kind=row.__tablename__,
        subject_id=row.id,
        detail={"year": row.year},
    )


def _require_district(by: StaffMember) -> None:
    if by.scope.organisation_id is not None or by.scope.station_id is not None:
        raise Invalid({"year": _("只有全区范围的工作人员可以登记或撤回这些数据。")})


def _year_errors(year: int) -> dict[str, str]:
    if FIRST_YEAR <= year <= today().year:
        return {}
    return {"year": _("年份应在 %(first)d 至 %(last)d 之间。", first=FIRST_YEAR, last=today().year)}


def _text_errors(*fields: tuple[str, str, int]) -> dict[str, str]:
    errors = {}
    for field, text, limit in fields:
        if not text.strip():
            errors[field] = _("请写明来源。") if field == "source" else _("请写明统计范围。")
        elif len(text) > limit:
            errors[field] = _("请不要超过 %(count)d 个字。", count=limit)
    return errors


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid({"reason": _("请写明原因。")})
    if len(text) > SOURCE_LIMIT:
        raise Invalid({"reason": _("请不要超过 %(count)d 个字。", count=SOURCE_LIMIT)})
    return _tidy(text)


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()
