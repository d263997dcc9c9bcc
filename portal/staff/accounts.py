"""Accounts of staff: made and changed by the administrator, each step in the audit trail."""

import re
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.staff import audit, passwords
from portal.staff.models import Role, StaffMember, StaffSession
from portal.staff.sessions import forget_failures

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")


@dataclass(frozen=True)
class AccountDetails:
    """What an account is to be."""

    username: str
    display_name: str
    role: Role
    organisation_id: int | None = None
    station_id: int | None = None


def add(
    details: AccountDetails, password: str, by: StaffMember | None, *, any_password: bool = False
) -> StaffMember:
    """Make an account; ``by`` is None on the command line. Only a demonstration takes ``any_password``.

    Raises:
        Invalid: a field breaks a rule, the name is taken, or the place lies beyond that of the maker.
    """
    with writing() as session:
        take_turn(session, f"username:{details.username}")
        _require_within(details, by)
        _check(session, details)
        if not any_password:
            passwords.require_strength(password, details.username)
        member = StaffMember(
            username=details.username,
            display_name=details.display_name.strip(),
            role=details.role,
            organisation_id=details.organisation_id,
            station_id=details.station_id,
            password_hash=passwords.hash_password(password),
            active=True,
            created_by_id=by.id if by else None,
            created_at=now(),
            credentials_changed_at=now(),
            credentials_changed_by_id=by.id if by else None,
        )
        session.add(member)
        session.flush()
        _note(session, by, "added", member, role=details.role.value)
        return member


def change_role(
    member_id: int, role: Role, organisation_id: int | None, station_id: int | None, by: StaffMember
) -> StaffMember:
    """Give an account another role or reach; its sessions end.

    Raises:
        NotFound, Conflict: there is no such account within reach, or it is one's own.
        Invalid: the role needs a station, or the new place lies beyond the administrator's own.
    """
    with writing() as session:
        member = find(session, member_id, by)
        if member.id == by.id:
            raise Conflict(_l("不能修改自己的角色，请由另一位管理员操作。"))
        details = AccountDetails(member.username, member.display_name, role, organisation_id, station_id)
        _check_reach(details)
        _require_within(details, by)
        before = member.role.value
        member.role, member.organisation_id, member.station_id = role, organisation_id, station_id
        end_sessions(session, member.id)
        _note(session, by, "role_changed", member, before=before, after=role.value)
        return member


def set_active(member_id: int, active: bool, by: StaffMember) -> StaffMember:
    """Let an account in or shut it out; shutting out ends every session at once."""
    with writing() as session:
        member = find(session, member_id, by)
        if member.id == by.id:
            raise Conflict(_l("不能停用自己的账号，请由另一位管理员操作。"))
        member.active = active
        if not active:
            end_sessions(session, member.id)
        _note(session, by, "activated" if active else "deactivated", member)
        return member


def reset_password(member_id: int, by: StaffMember) -> str:
    """Give an account a new password, returned once to be handed over in person."""
    password = passwords.generate()
    with writing() as session:
        member = find(session, member_id, by)
        _set_password(session, member, password, by)
        forget_failures(session, member.username)
        _note(session, by, "password_reset", member)
    return password


def change_password(member: StaffMember, old: str, new: str) -> None:
    """Change one's own password; all sessions end.

    Raises:
        Invalid: the old one is wrong or the new one weak.
    """
    with writing() as session:
        own = session.get_one(StaffMember, member.id)
        if not passwords.matches(own.password_hash, old):
            raise Invalid({"old_password": _l("原密码不对。")})
        passwords.require_strength(new, own.username, "new_password")
        _set_password(session, own, new, own)
        _note(session, own, "password_changed", own)


def find(session: Session, member_id: int, by: StaffMember) -> StaffMember:
    """An account within the administrator's reach.

    Raises:
        NotFound: there is none, or none for this person.
    """
    member = session.get(StaffMember, member_id)
    if member is None or not by.scope.permits(member.organisation_id, member.station_id):
        raise NotFound(_l("没有找到这个账号。"))
    return member


def listing(session: Session, by: StaffMember) -> list[StaffMember]:
    """All accounts within reach, by name."""
    query = select(StaffMember).order_by(StaffMember.active.desc(), StaffMember.username)
    return [one for one in session.scalars(query) if by.scope.permits(one.organisation_id, one.station_id)]


def end_sessions(session: Session, staff_id: int) -> None:
    """End every session of a person."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
        .values(ended_at=now())
    )


def _set_password(session: Session, member: StaffMember, password: str, by: StaffMember) -> None:
    member.password_hash = passwords.hash_password(password)
    if by.id != member.id:
        # An own change does not hide that somebody else had the account in hand a moment ago.
        member.credentials_changed_at = now()
        member.credentials_changed_by_id = by.id
    end_sessions(session, member.id)


def _require_within(details: AccountDetails, by: StaffMember | None) -> None:
    """Nobody gives an account more reach than they have themselves."""
    if by is not None and not by.scope.permits(details.organisation_id, details.station_id):
        raise Invalid(
            {"organisation": _l("只能在您自己负责的组织或站点内设置账号，请选择那里的组织或站点。")}
        )


def _check(session: Session, details: AccountDetails) -> None:
    errors: dict[str, Sentence] = {}
    if not _USERNAME.fullmatch(details.username):
        errors["username"] = _l("用户名用 3 至 40 个小写字母、数字、点、横线，以字母开头。")
    elif session.scalar(select(StaffMember.id).where(StaffMember.username == details.username)):
        errors["username"] = _l("用户名“%(name)s”已经有人用了。", name=details.username)
    if not 1 <= len(details.display_name.strip()) <= 60:
        errors["display_name"] = _l("请填写姓名（最多 60 个字）。")
    if errors:
        raise Invalid(errors)
    _check_reach(details)


def _check_reach(details: AccountDetails) -> None:
    if details.role is Role.STATION_CLERK and details.station_id is None:
        raise Invalid({"station": _l("站点人员必须指定所在站点。")})
    if details.role is not Role.STATION_CLERK and details.station_id is not None:
        raise Invalid({"station": _l("只有站点人员才指定站点。")})


def _note(session: Session, by: StaffMember | None, what: str, member: StaffMember, **detail: str) -> None:
    audit.record(
        session,
        staff=by,
        action=f"staff.{what}",
        subject_kind="staff_member",
        subject_id=member.id,
        detail={"username": member.username, **detail},
    )
