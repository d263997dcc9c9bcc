"""Checks that several kinds of things share. Each notes what is wrong in ``errors`` and goes on."""

import unicodedata
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import String, select
from sqlalchemy.orm import Session

from portal.db import Base
from portal.i18n import gettext as _
from portal.identifiers import IdentifierError, parse_code
from portal.periods import today
from portal.registry.models import COMING, Community, Fund, Organisation, Status, Street
from portal.registry.services.keeping import Errors
from portal.staff.scope import Scope

TEXT_LIMIT = 2000
"""Characters a long text may have."""

EARLIEST = date(1900, 1, 1)


def texts(
    errors: Errors, model: type[Base], details: Any, fields: tuple[str, ...], required: str = ""
) -> dict[str, str]:
    """The text columns, trimmed and in NFC; ``required`` names those (divided by blanks) that must be filled in."""
    found = {}
    for field in fields:
        value = unicodedata.normalize("NFC", getattr(details, field)).strip()
        kind = getattr(model, field).type
        limit = (kind.length if isinstance(kind, String) else None) or TEXT_LIMIT
        if not value and field in required.split():
            errors.setdefault(field, _("这一项必须填写。"))
        elif len(value) > limit:
            errors.setdefault(field, _("请不要超过 %(count)d 个字。", count=limit))
        elif any(unicodedata.category(sign) in ("Cc", "Co", "Cs") and sign not in "\n\r\t" for sign in value):
            errors.setdefault(field, _("含有无法显示的字符，请重新输入。"))
        found[field] = value
    return found


def own_code(errors: Errors, session: Session, model: Any, text: str, existing: Any) -> str:
    """One of our own codes, not yet taken."""
    try:
        code = parse_code(text)
    except IdentifierError:
        errors["code"] = _("编号由 2 至 24 个大写字母、数字或“-”组成，例如 HZ0001。")
        return text
    free(errors, session, model.code, code, existing)
    return code


def free(errors: Errors, session: Session, column: Any, value: str, existing: Any) -> None:
    """Refuse a value that another row of the same table carries."""
    other = session.scalar(select(column.class_).where(column == value))
    if other is not None and other is not existing:
        errors[column.key] = _("“%(value)s”已经登记给“%(name)s”，请核对。", value=value, name=other.name)


def not_in_future(errors: Errors, **days: date | None) -> None:
    """Refuse days that have not come yet, and days before 1900."""
    for field, day in days.items():
        if day is not None and day > today():
            errors.setdefault(field, _("日期不能晚于今天。"))
    plausible(errors, **days)


def plausible(errors: Errors, **days: date | None) -> None:
    """Refuse days before 1900, which are slips of the hand."""
    for field, day in days.items():
        if day is not None and day < EARLIEST:
            errors.setdefault(field, _("日期太早，请核对年份。"))


def web_address(errors: Errors, field: str, text: str) -> None:
    """Refuse anything but an empty field or an http(s) address: it becomes a link on a public page."""
    if not text:
        return
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine:
        errors.setdefault(field, _("请填写完整的网址，以 https:// 开头。"))


def owner(errors: Errors, session: Session, uscc: str, scope: Scope, existing: Any) -> Organisation | None:
    """The organisation that a thing belongs to: within the scope and, for a new thing, active or about to be."""
    found: Organisation | None = session.scalar(
        select(Organisation).where(Organisation.uscc == uscc.strip().upper())
    )
    if found is None or not scope.permits(found.id, None):
        errors["organisation"] = _("没有这个慈善组织，或者您不能为它办理。")
        return None
    if existing is None and found.status not in (Status.ACTIVE, *COMING):
        errors["organisation"] = _("“%(name)s”已暂停或关闭，不能为它新增登记。", name=found.name)
        return None
    return found


def fund_of(
    errors: Errors, session: Session, code: str | None, organisation: Organisation | None, existing: Any
) -> Fund | None:
    """The fund that a campaign names: of the same organisation, and active when newly named."""
    if not code:
        return None
    known = {existing.fund_id} if existing is not None else set()
    found, problem = _own_fund(session, code, organisation, known)
    if problem:
        errors["fund"] = problem
    return found


def funds_of(
    errors: Errors, session: Session, codes: tuple[str, ...], organisation: Organisation | None, existing: Any
) -> list[Fund]:
    """The funds that a project names, by code: each of the same organisation, and active when newly named."""
    known = {fund.id for fund in existing.funds} if existing is not None else set()
    funds: dict[str, Fund] = {}
    for code in codes:
        found, problem = _own_fund(session, code, organisation, known)
        if problem:
            errors["funds"] = f"{code}{_('：')}{problem}"
        elif found is not None:
            funds[found.code] = found
    return [funds[code] for code in sorted(funds)]


def _own_fund(
    session: Session, code: str, organisation: Organisation | None, known: set[int | None]
) -> tuple[Fund | None, str]:
    found = session.scalar(select(Fund).where(Fund.code == code.strip().upper()))
    if found is None or (organisation is not None and found.organisation_id != organisation.id):
        return None, _("没有这个基金，或者它不属于所选的慈善组织。")
    if found.status not in (Status.ACTIVE, *COMING) and found.id not in known:
        return found, _("“%(name)s”已暂停或关闭，请选择别的基金。", name=found.name)
    return found, ""


def street(errors: Errors, session: Session, code: str | None) -> Street | None:
    """The street with a code, or None when none is given."""
    if not code:
        return None
    found = session.scalar(select(Street).where(Street.code == code.strip()))
    if found is None:
        errors["street"] = _("没有这个街道，请从列表中选择。")
    return found


def community(errors: Errors, session: Session, code: str | None, street: Street | None) -> Community | None:
    """The community with a code, of the given street, or None when none is given."""
    if not code:
        return None
    found = session.scalar(select(Community).where(Community.code == code.strip()))
    if found is None:
        errors["community"] = _("没有这个社区，请从列表中选择。")
    elif street is not None and found.street_id != street.id:
        errors["community"] = _(
            "“%(community)s”不在%(street)s，请核对。", community=found.name, street=street.name
        )
    return found
