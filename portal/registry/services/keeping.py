"""The one way in which a thing of the registry is applied for, checked, opened, edited, suspended and closed.

Each kind of thing adds its own rules in a small class of its own (``organisations.py``, ``funds.py`` and so on).
Here live what they share: the transaction, the scope, the history of changes, the audit trail.
"""

from abc import ABC, abstractmethod
from dataclasses import asdict
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import gettext as _
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import (
    COMING,
    ENDED,
    Campaign,
    Fund,
    Landmark,
    Organisation,
    Project,
    Station,
    Status,
    SubjectKind,
)
from portal.registry.services import changes
from portal.staff import audit, review
from portal.staff.models import Decision, StaffMember
from portal.staff.scope import Scope

Thing = TypeVar("Thing", Organisation, Fund, Station, Project, Campaign, Landmark)
Details = TypeVar("Details")

Errors = dict[str, str]
"""What is wrong with a form: field and message."""

MAX_REASON = 500


class Keeper(ABC, Generic[Thing, Details]):
    """Keeps one kind of thing. ``by`` is the staff member at work, ``None`` the command line."""

    subject: ClassVar[SubjectKind]
    code_field: ClassVar[str] = "code"
    fixed_fields: ClassVar[tuple[str, ...]] = ("code", "organisation")
    """What never changes once entered, because public addresses and ledger entries point at it."""

    def __init__(self, model: type[Thing]) -> None:
        self.model: type[Thing] = model

    @abstractmethod
    def details(self, thing: Thing) -> Details:
        """What a form or a file says about a thing that exists."""

    @abstractmethod
    def columns(
        self, session: Session, details: Details, existing: Thing | None, act: "Act"
    ) -> dict[str, Any]:
        """The columns for these details, with all rules checked.

        Raises:
            Invalid: naming every field that breaks a rule.
        """

    @abstractmethod
    def organisation_id(self, thing: Thing) -> int:
        """The organisation a thing belongs to."""

    def refuse_to_close(self, session: Session, thing: Thing) -> None:
        """Raise ``Conflict`` when something still depends on the thing."""
        return

    def find(self, session: Session, code: str, scope: Scope) -> Thing:
        """The thing with a code, within a scope.

        Raises:
            NotFound: when it does not exist or belongs to others; the two cannot be told apart.
        """
        column = getattr(self.model, self.code_field)
        found: Thing | None = session.scalar(select(self.model).where(column == code.strip().upper()))
        if found is None or not scope.permits(self.organisation_id(found), None):
            raise NotFound(_("没有找到“%(code)s”。", code=code))
        return found

    def reaches(self, session: Session, thing_id: int, scope: Scope) -> bool:
        """Whether the thing with an id lies within a scope."""
        thing = session.get(self.model, thing_id)
        return thing is not None and scope.permits(self.organisation_id(thing), None)

    def create(self, by: StaffMember | None, details: Details, reason: str = "") -> Thing:
        """Enter a new thing: what staff enter waits for a second person, what the command line enters is active.

        Raises:
            Invalid: a field breaks a rule.
            Conflict: somebody else entered the same code at the same moment.
        """
        act = Act(by, reason)
        with writing() as session:
            thing: Thing = self.model(**self.columns(session, details, None, act))
            thing.status = Status.ACTIVE if by is None else Status.APPLIED
            session.add(thing)
            self._finish(session, thing, {}, act, "create")
        return thing

    def edit(self, by: StaffMember | None, code: str, details: Details, reason: str = "") -> Thing:
        """Change what a thing says about itself; nothing is written when nothing differs.

        What was checked already and is not active yet has to be checked anew.

        Raises:
            NotFound, Invalid: as for ``find`` and ``create``.
            Conflict: the thing is closed.
        """
        act = Act(by, reason)
        with writing() as session:
            thing = self.find(session, code, act.scope)
            self.refuse_ended(thing)
            before = self.facts(thing)
            self._refuse_fixed(before, details)
            for column, value in self.columns(session, details, thing, act).items():
                setattr(thing, column, value)
            if thing.status == Status.CHECKED and before != self.facts(thing):
                thing.status = Status.APPLIED
            self._finish(session, thing, before, act, "edit")
        return thing

    def refuse_ended(self, thing: Thing) -> None:
        """Raise ``Conflict`` when nothing about a thing may change any more."""
        if thing.status in ENDED:
            raise Conflict(_("“%(name)s”已经关闭，不能再修改。", name=thing.name))

    def check(self, by: StaffMember, *codes: str) -> int:
        """Confirm as a second person what was applied for, all or none; return how many.

        Raises:
            NotFound: as for ``find``.
            Conflict: a thing is not waiting to be checked.
            Forbidden: the person entered or edited it, or is no reviewer.
        """
        with writing() as session:
            for code in codes:
                thing = self.find(session, code, by.scope)
                hands = changes.hands(session, (self.subject, thing.id))
                self._step(session, thing, (Status.APPLIED, Status.CHECKED), Act(by))
                review.record_decision(
                    session,
                    subject_kind=self.subject.value,
                    subject_id=thing.id,
                    version=hands.version,
                    makers=hands.makers,
                    checker=by,
                    decision=Decision.APPROVED,
                )
        return len(codes)

    def activate(self, by: StaffMember, *codes: str) -> int:
        """Open for business what was checked, all or none; return how many.

        Raises:
            NotFound: as for ``find``.
            Conflict: a thing was not checked, or is active already.
        """
        with writing() as session:
            for code in codes:
                thing = self.find(session, code, by.scope)
                self._step(session, thing, (Status.CHECKED, Status.ACTIVE), Act(by))
        return len(codes)

    def suspend(self, by: StaffMember | None, code: str, reason: str) -> Thing:
        """Take a thing out of new business for a time; a reason is required."""
        return self._move(by, code, (Status.ACTIVE, Status.SUSPENDED), reason)

    def resume(self, by: StaffMember | None, code: str, reason: str) -> Thing:
        """Bring a suspended thing back into business; a reason is required."""
        return self._move(by, code, (Status.SUSPENDED, Status.ACTIVE), reason)

    def close(self, by: StaffMember | None, code: str, reason: str) -> Thing:
        """End a thing for good; a reason is required. What was never active is refused.

        Raises:
            Conflict: it is closed already, or something still depends on it.
        """
        return self._move(by, code, (None, Status.CLOSED), reason)

    def facts(self, thing: Thing) -> changes.Facts:
        """All that is kept of a thing in its history."""
        details: Any = self.details(thing)
        return {
            **{field: _plain(value) for field, value in asdict(details).items()},
            "status": thing.status.value,
        }

    def _move(
        self, by: StaffMember | None, code: str, step: tuple[Status | None, Status], reason: str
    ) -> Thing:
        act = Act(by, reason)
        expected, target = step
        with writing() as session:
            thing = self.find(session, code, act.scope)
            act.require_reason()
            if target == Status.CLOSED and thing.status in COMING:
                target = Status.REFUSED
            self._step(session, thing, (expected, target), act)
        return thing

    def _step(self, session: Session, thing: Thing, step: tuple[Status | None, Status], act: "Act") -> None:
        expected, target = step
        if thing.status in ENDED or (expected and thing.status != expected):
            raise Conflict(_("“%(name)s”的状态已经改变，请刷新页面再看。", name=thing.name))
        if target in ENDED:
            self.refuse_to_close(session, thing)
        before = self.facts(thing)
        thing.status = target
        self._finish(session, thing, before, act, target.value)

    def _refuse_fixed(self, before: changes.Facts, details: Details) -> None:
        errors = {
            field: _("这一项登记后不能更改。")
            for field in self.fixed_fields
            if _plain(getattr(details, field)) != before[field]
        }
        if errors:
            raise Invalid(errors)

    def _finish(self, session: Session, thing: Thing, before: changes.Facts, act: "Act", action: str) -> None:
        try:
            session.flush()
        except IntegrityError as clash:
            raise Conflict(_("别人刚刚登记了同样的编号，请刷新页面再看。")) from clash
        session.refresh(thing)
        after = self.facts(thing)
        if before == after:
            return
        changes.record(session, (self.subject, thing.id), act.by, before, after, act.reason)
        audit.record(
            session,
            staff=act.by,
            action=f"registry.{action}",
            subject_kind=self.subject.value,
            subject_id=thing.id,
            detail={"fields": [one.field for one in changes.differences(before, after)]},
        )


class Act:
    """Who is at work, how far their hand reaches, and the reason they give."""

    def __init__(self, by: StaffMember | None, reason: str = "") -> None:
        self.by = by
        self.scope = by.scope if by else Scope.district()
        self.reason = reason.strip()
        if len(self.reason) > MAX_REASON:
            raise Invalid({"reason": _("原因请不要超过 %(count)d 个字。", count=MAX_REASON)})

    def require_reason(self) -> None:
        """Refuse to go on without a reason."""
        if not self.reason:
            raise Invalid({"reason": _("请写明原因。")})


def _plain(value: object) -> str | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return "、".join(str(_plain(one)) for one in value)
    return str(value)
