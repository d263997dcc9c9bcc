"""Logging in and staying in: sessions and failed attempts live in the database, shared by all workers."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Refusal
from portal.staff import audit, passwords, totp
from portal.staff.known_devices import KnownDevice, folded
from portal.staff.models import LoginThrottle, Outcome, StaffMember, StaffSession
from portal.staff.session_tokens import new_token
from portal.staff.throttle import Limit, count_failure, seconds_left

FREE_FAILURES = 5
"""Of a name from one network, or in one known browser, before it is locked there."""
NAME_FAILURES = 10
"""Of a name from anywhere, before strange browsers have to wait longer and longer."""
NETWORK_FAILURES = 50
SEEN_STEP = timedelta(minutes=1)
"""How often a session's last use is written: once a minute is enough to end idle ones."""


class LoginRefused(Refusal):
    """Name, password or code do not fit; which of them is not said."""

    status = 401


class LoginLocked(Refusal):
    """Too many failures; wait."""

    status = 429


@dataclass(frozen=True)
class Credentials:
    """What was typed at the login page, and from which network."""

    username: str
    password: str
    code: str
    network: str
    device: str
    known_device: KnownDevice | None = None


def log_in(credentials: Credentials, settings: Settings) -> str:
    """Check a login and open a session; return its token.

    Raises:
        LoginRefused: with one sentence for every cause, in the same time for known and unknown names.
        LoginLocked: after too many failures of the account from this network, or of the network. Failures of the
            account from elsewhere only make strange browsers wait: nobody can lock a colleague out.
    """
    limits = _limits(credentials)
    with writing(even_in_doubt=True) as session:
        take_turn(session, *(one.key for one in limits))
        wait = seconds_left(session, limits)
        if wait:
            raise LoginLocked(
                _l(
                    "尝试次数过多，请等 %(seconds)d 秒再试。在以前登录过的浏览器里不用等；也可以请管理员重置密码。",
                    seconds=wait,
                )
            )
        member = session.scalar(
            select(StaffMember).where(StaffMember.username == folded(credentials.username))
        )
        fits = passwords.matches(member.password_hash if member else None, credentials.password)
        if (
            member is not None
            and fits
            and member.active
            and totp.accepts(session, member, credentials.code, settings)
        ):
            # What others tried under the name stays counted.
            session.execute(delete(LoginThrottle).where(LoginThrottle.key == limits[0].key))
            if passwords.needs_rehash(member.password_hash):
                member.password_hash = passwords.hash_password(credentials.password)
            audit.record(session, staff=member, action="staff.logged_in")
            return _open(session, member, credentials.device, settings)
        reached = count_failure(session, limits)
        audit.record(
            session,
            staff=member,
            action="staff.login_failed",
            outcome=Outcome.REFUSED,
            detail={"network": credentials.network},
        )
        if member is not None:
            _note_limits(session, member, reached, credentials)
    raise LoginRefused(_l("用户名、密码或动态码不对。请检查大小写；忘记密码请找管理员。"))


def resume(session: Session, token: str, settings: Settings) -> tuple[StaffMember, StaffSession] | None:
    """The person a token belongs to, while the session is alive and the account active."""
    found = session.execute(
        select(StaffMember, StaffSession)
        .join(StaffSession, StaffSession.staff_id == StaffMember.id)
        .where(StaffSession.token_hash == _hash(token))
    ).one_or_none()
    if found is None:
        return None
    member, login = found
    idle = now() - login.seen_at > timedelta(minutes=settings.session_idle_minutes)
    aged = now() - login.started_at > timedelta(hours=settings.session_absolute_hours)
    if login.ended_at is not None or idle or aged or not member.active:
        return None
    return member, login


def touch(login: StaffSession) -> None:
    """Note that a session is in use, at most once a minute."""
    if now() - login.seen_at < SEEN_STEP:
        return
    with writing(even_in_doubt=True) as session:
        current = session.get(StaffSession, login.id)
        # A session ended in the meantime stays ended.
        if current is not None and current.ended_at is None:
            current.seen_at = now()


def log_out(token: str) -> None:
    """End a session."""
    with writing(even_in_doubt=True) as session:
        login = session.scalar(select(StaffSession).where(StaffSession.token_hash == _hash(token)))
        if login is not None and login.ended_at is None:
            login.ended_at = now()
            audit.record(session, staff=session.get(StaffMember, login.staff_id), action="staff.logged_out")


def open_sessions(session: Session, member: StaffMember) -> list[StaffSession]:
    """A person's sessions that have not been ended, newest first."""
    return list(
        session.scalars(
            select(StaffSession)
            .where(StaffSession.staff_id == member.id, StaffSession.ended_at.is_(None))
            .order_by(StaffSession.id.desc())
            .limit(20)
        )
    )


def end(session_id: int, member: StaffMember) -> None:
    """End one of one's own sessions."""
    with writing(even_in_doubt=True) as session:
        login = session.get(StaffSession, session_id)
        if login is not None and login.staff_id == member.id and login.ended_at is None:
            login.ended_at = now()
            audit.record(session, staff=member, action="staff.session_ended")


def _open(session: Session, member: StaffMember, device: str, settings: Settings) -> str:
    token = new_token(settings)
    session.add(
        StaffSession(
            token_hash=_hash(token),
            staff_id=member.id,
            started_at=now(),
            seen_at=now(),
            device=device[:120],
        )
    )
    return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def forget_failures(session: Session, username: str) -> None:
    """Forget what failed under a name, inside the caller's transaction."""
    key, name = _name_key(username), folded(username)[:40]
    session.execute(
        delete(LoginThrottle).where(
            or_(
                LoginThrottle.key == key,
                LoginThrottle.key.startswith(f"{key}@", autoescape=True),
                LoginThrottle.key.endswith(f"@{name}", autoescape=True),
            )
        )
    )


def _limits(credentials: Credentials) -> tuple[Limit, ...]:
    """What is asked and counted; the first is of this person's own tries, and is forgotten when one succeeds."""
    device, key = credentials.known_device, _name_key(credentials.username)
    if device is not None and device.knows(credentials.username):
        return (Limit(f"device:{device.id[:24]}@{folded(credentials.username)[:40]}", FREE_FAILURES),)
    return (
        Limit(f"{key}@{credentials.network[:30]}", FREE_FAILURES),
        Limit(key, NAME_FAILURES, growing=True),
        Limit(f"network:{credentials.network[:60]}", NETWORK_FAILURES),
    )


def _name_key(username: str) -> str:
    return f"name:{folded(username)[:40]}"


def _note_limits(
    session: Session, member: StaffMember, reached: list[Limit], credentials: Credentials
) -> None:
    """Tell the administrators that somebody guesses at an account."""
    for limit in reached:
        audit.record(
            session,
            staff=member,
            action="staff.login_slowed" if limit.growing else "staff.login_locked",
            subject_kind="staff_member",
            subject_id=member.id,
            outcome=Outcome.REFUSED,
            detail={"network": credentials.network, "failures": limit.allowed},
        )
