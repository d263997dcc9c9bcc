"""The people in charge of a thing: who they are, since when, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import gettext as _
from portal.periods import today
from portal.refusals import Invalid, NotFound
from portal.registry.models import SubjectKind
from portal.registry.record_models import Body, Officer
from portal.registry.services import changes, checks
from portal.registry.services.keepers import keeper_of
from portal.registry.services.keeping import Errors, Keeper
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.staff.scope import Scope


@dataclass(frozen=True, kw_only=True)
class OfficerDetails:
    """A person in charge as stated."""

    name: str
    position: str
    body: Body
    since: date


def add(keeper: Keeper[Any, Any], code: str, details: OfficerDetails, by: StaffMember | None) -> Officer:
    """Name a person in charge.

    Raises:
        NotFound, Conflict: as for editing the thing.
        Invalid: a field is empty or too long, or the day has not come.
    """
    with writing() as session:
        thing = keeper.find(session, code, by.scope if by else Scope.district())
        keeper.refuse_ended(thing)
        errors: Errors = {}
        texts = checks.texts(errors, Officer, details, ("name", "position"), required="name position")
        checks.not_in_future(errors, since=details.since)
        if errors:
            raise Invalid(errors)
        officer = Officer(
            subject_kind=keeper.subject,
            subject_id=thing.id,
            body=details.body,
            since=details.since,
            until=None,
            **texts,
        )
        session.add(officer)
        _record(session, officer, by, {}, {"officer": _words(officer)})
        return officer


def end(officer_id: int, by: StaffMember, last_day: date) -> Officer:
    """Note that somebody is no longer in charge.

    Raises:
        NotFound: there is no such person, or none for this member of staff.
        Invalid: the last day lies before the first, or has not come.
    """
    with writing() as session:
        officer = find(session, officer_id, by.scope)
        errors: Errors = {}
        checks.not_in_future(errors, until=last_day)
        if last_day < officer.since:
            errors["until"] = _("离任日期不能早于到任日期。")
        if errors:
            raise Invalid(errors)
        before = _words(officer)
        officer.until = last_day
        _record(session, officer, by, {"officer": before}, {"officer": _words(officer)})
        return officer


def find(session: Session, officer_id: int, scope: Scope) -> Officer:
    """A person in charge of a thing within a scope.

    Raises:
        NotFound: there is none.
    """
    officer = session.get(Officer, officer_id)
    if officer is None or not keeper_of(officer.subject_kind).reaches(session, officer.subject_id, scope):
        raise NotFound(_("没有找到这位负责人员。"))
    return officer


def of_thing(
    session: Session, kind: SubjectKind, subject_id: int, *, all_time: bool = False
) -> Sequence[Officer]:
    """The people in charge, by capacity and since when; past ones only on demand."""
    query = select(Officer).where(Officer.subject_kind == kind, Officer.subject_id == subject_id)
    if not all_time:
        query = query.where(or_(Officer.until.is_(None), Officer.until >= today()))
    order = list(Body)
    return sorted(session.scalars(query), key=lambda one: (order.index(one.body), one.since, one.id))


def _words(officer: Officer) -> str:
    period = f"{officer.since.isoformat()} –" + (f" {officer.until.isoformat()}" if officer.until else "")
    return f"{officer.position} {officer.name}（{period}）"


def _record(
    session: Session, officer: Officer, by: StaffMember | None, before: changes.Facts, after: changes.Facts
) -> None:
    session.flush()
    changes.record(
        session, (officer.subject_kind, officer.subject_id), by, before or {"officer": None}, after, ""
    )
    audit.record(
        session,
        staff=by,
        action="registry.officer",
        subject_kind=officer.subject_kind.value,
        subject_id=officer.subject_id,
    )
