"""Plain builders of registry objects for tests. Each adds one row, flushes, and returns it.

Call them inside ``with writing() as session:``. Whatever is not given is made up, valid and unique.
"""

import itertools
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Base
from portal.identifiers import uscc_check_character
from portal.periods import now
from portal.registry.models import (
    Campaign,
    Community,
    Fund,
    FundKind,
    FundPurpose,
    Landmark,
    LandmarkKind,
    Organisation,
    OrganisationKind,
    Project,
    Station,
    Street,
)
from portal.registry.purposes import CharitablePurpose

_numbers = itertools.count(1)


def uscc(number: int | None = None) -> str:
    """A valid credit code of a social group registered in the district; the same number gives the same code."""
    body = f"51440105MJK{number if number is not None else next(_numbers):06d}"
    return body + uscc_check_character(body)


def street(session: Session, **given: Any) -> Street:
    """A street."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "code": f"9{number:08d}",
        "name": f"第{number}街道",
        "tile_column": 1,
        "tile_row": 1,
    }
    return _add(session, Street(**{**facts, **given}))


def community(session: Session, *, street_id: int | None = None, **given: Any) -> Community:
    """A community, of a new street unless one is given."""
    number = next(_numbers)
    facts: dict[str, Any] = {"code": f"9{number:011d}", "name": f"第{number}社区居委会"}
    owner = street_id if street_id is not None else street(session).id
    return _add(session, Community(**{**facts, "street_id": owner, **given}))


def organisation(session: Session, **given: Any) -> Organisation:
    """An active association with the public fundraising qualification since 2018."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "uscc": uscc(number),
        "name": f"海珠区第{number}慈善协会",
        "short_name": f"第{number}协会",
        "kind": OrganisationKind.ASSOCIATION,
        "founded_on": date(2015, 3, 1),
        "fundraising_since": date(2018, 1, 1),
        "created_at": now(),
    }
    return _add(session, Organisation(**{**facts, **given}))


def fund(
    session: Session,
    *,
    organisation_id: int | None = None,
    purposes: Iterable[CharitablePurpose] = (),
    **given: Any,
) -> Fund:
    """An active general fund, of a new organisation unless one is given; with ``purposes`` it is bound to them."""
    if purposes:
        given = {"restricted": True, "restriction": "只用于捐赠人指定的用途", **given}
        given["purpose_rows"] = [FundPurpose(purpose=one) for one in purposes]
    number = next(_numbers)
    facts: dict[str, Any] = {
        "code": f"HZ{number:04d}",
        "name": f"第{number}慈善基金",
        "kind": FundKind.GENERAL,
        "purpose": "扶贫济困",
        "opened_on": date(2019, 1, 1),
        "created_at": now(),
    }
    return _add(session, Fund(**{**facts, "organisation_id": _owner(session, organisation_id), **given}))


def station(
    session: Session, *, organisation_id: int | None = None, street_id: int | None = None, **given: Any
) -> Station:
    """An active station, of a new organisation and in a new street unless they are given."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "code": f"ST{number:04d}",
        "name": f"第{number}捐赠站点",
        "address": "示范路 1 号",
        "hours": "周一至周五 9:00–17:00",
        "accepts": "现金",
        "street_id": street_id if street_id is not None else street(session).id,
    }
    return _add(session, Station(**{**facts, "organisation_id": _owner(session, organisation_id), **given}))


def project(session: Session, *, organisation_id: int | None = None, **given: Any) -> Project:
    """An active project, of a new organisation unless one is given."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "code": f"PJ{number:04d}",
        "name": f"第{number}慈善项目",
        "goal": "帮助困难家庭",
        "starts_on": date(2025, 1, 1),
    }
    return _add(session, Project(**{**facts, "organisation_id": _owner(session, organisation_id), **given}))


def campaign(session: Session, *, organisation_id: int | None = None, **given: Any) -> Campaign:
    """An active filed campaign of two years, of a new organisation unless one is given."""
    number = next(_numbers)
    owner = session.get_one(Organisation, _owner(session, organisation_id))
    facts: dict[str, Any] = {
        "code": f"CP{number:04d}",
        "name": f"第{number}募捐活动",
        "filing_no": filing_no(owner.uscc, 2025, number),
        "filed_on": date(2025, 1, 2),
        "starts_on": date(2025, 3, 1),
        "ends_on": date(2027, 2, 28),
        "purpose": "筹集助学款",
        "organisation_id": owner.id,
    }
    return _add(session, Campaign(**{**facts, **given}))


def landmark(session: Session, *, organisation_id: int | None = None, **given: Any) -> Landmark:
    """An active charity square, of a new organisation unless one is given."""
    number = next(_numbers)
    facts: dict[str, Any] = {
        "code": f"LM{number:04d}",
        "name": f"第{number}慈善广场",
        "kind": LandmarkKind.SQUARE,
        "address": "示范路 2 号",
        "street_id": given["street_id"] if "street_id" in given else street(session).id,
    }
    return _add(session, Landmark(**{**facts, "organisation_id": _owner(session, organisation_id), **given}))


def filing_no(organisation_uscc: str, year: int = 2025, number: int = 1) -> str:
    """A filing number of an organisation (rule E14)."""
    return f"{organisation_uscc}A{year % 100:02d}{number % 1000:03d}"


def count(session: Session, model: type[Base]) -> int:
    """How many rows a table holds."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def _owner(session: Session, organisation_id: int | None) -> int:
    return organisation_id if organisation_id is not None else organisation(session).id


def _add(session: Session, thing: Any) -> Any:
    session.add(thing)
    session.flush()
    return thing
