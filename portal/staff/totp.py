"""The second factor: time-based codes (RFC 6238). A code is accepted once, and none older than the last."""

import base64
import hashlib
import time

import pyotp
from cryptography.fernet import Fernet
from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.refusals import Conflict, Invalid
from portal.staff import audit
from portal.staff.models import StaffMember

STEP_SECONDS = 30
WINDOW = 1
ISSUER = "Haizhu Charity Portal"


def begin(member: StaffMember, settings: Settings) -> str:
    """Give a person a new secret to scan; it counts only once confirmed. Returns the otpauth address.

    Raises:
        Conflict: a second factor is on; it has to be switched off first, with a code of it.
    """
    with writing() as session:
        own = session.get_one(StaffMember, member.id)
        if own.totp_confirmed:
            raise Conflict(_l("动态码已经启用。要换手机，请先输入现在的动态码停用，再重新设置。"))
        secret = pyotp.random_base32()
        own.totp_secret_encrypted = _cipher(settings).encrypt(secret.encode()).decode()
        own.totp_confirmed = False
        own.totp_last_step = 0
        audit.record(session, staff=own, action="staff.totp_begun")
    return address(own, settings)


def address(member: StaffMember, settings: Settings) -> str:
    """The otpauth address of a person's secret, for the QR code."""
    return pyotp.TOTP(_secret(member, settings)).provisioning_uri(name=member.username, issuer_name=ISSUER)


def confirm(member: StaffMember, code: str, settings: Settings) -> None:
    """Switch the second factor on with a first right code.

    Raises:
        Invalid: the code does not fit.
    """
    with writing() as session:
        own = session.get_one(StaffMember, member.id)
        if not own.totp_secret_encrypted or not _spend(session, own, code, settings):
            raise Invalid({"code": _l("动态码不对，请核对手机时间后再输一次。")})
        own.totp_confirmed = True
        audit.record(session, staff=own, action="staff.totp_enabled")


def switch_off(member: StaffMember, code: str, settings: Settings) -> None:
    """Switch the second factor off; whoever only holds the session cannot.

    Raises:
        Invalid: the code does not fit, or was used already.
    """
    with writing() as session:
        own = session.get_one(StaffMember, member.id)
        if own.totp_confirmed and not _spend(session, own, code, settings):
            raise Invalid({"code": _l("动态码不对或已经用过，请等手机上换一个新的再输。")})
        own.totp_secret_encrypted, own.totp_confirmed = None, False
        audit.record(session, staff=own, action="staff.totp_disabled")


def accepts(session: Session, member: StaffMember, code: str, settings: Settings) -> bool:
    """Whether a login may pass: no second factor set up, or a fresh right code."""
    return not member.totp_confirmed or _spend(session, member, code, settings)


def _spend(session: Session, member: StaffMember, code: str, settings: Settings) -> bool:
    digits = "".join(code.split())
    present = int(time.time()) // STEP_SECONDS
    generator = pyotp.TOTP(_secret(member, settings))
    for step in range(present - WINDOW, present + WINDOW + 1):
        if pyotp.utils.strings_equal(digits, generator.at(step * STEP_SECONDS)):
            # One conditional update: two logins with one code cannot both pass.
            spent = session.execute(
                update(StaffMember)
                .where(StaffMember.id == member.id, StaffMember.totp_last_step < step)
                .values(totp_last_step=step)
                .returning(StaffMember.id)
            ).one_or_none()
            return spent is not None
    return False


def _secret(member: StaffMember, settings: Settings) -> str:
    return _cipher(settings).decrypt((member.totp_secret_encrypted or "").encode()).decode()


def _cipher(settings: Settings) -> Fernet:
    key = hashlib.sha256(b"totp:" + settings.secret_key.get_secret_value().encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
