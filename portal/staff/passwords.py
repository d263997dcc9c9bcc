"""Passwords: argon2id, at least twelve characters, none of the well-worn ones."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid, Sentence

SHORTEST, LONGEST = 12, 128

_WORN = (
    "password",
    "123456789",
    "qwertyuiop",
    "11111111",
    "admin",
    "haizhu",
    "cishan",
    "1qaz2wsx",
    "iloveyou",
)

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether a password fits; an unknown account costs the same time as a known one."""
    try:
        fits = _hasher.verify(password_hash or _dummy_hash(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return bool(fits) and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def require_strength(password: str, username: str, field: str = "password") -> None:
    """Refuse a weak password; no composition rules, length and novelty count (ASVS 6.2.5).

    Raises:
        Invalid: too short, too long, or easy to guess.
    """
    problem: Sentence | None = None
    lowered = password.lower()
    if len(password) < SHORTEST:
        problem = _l("密码至少 %(shortest)d 个字符，可以用一句好记的话。", shortest=SHORTEST)
    elif len(password) > LONGEST:
        problem = _l("密码最多 %(longest)d 个字符。", longest=LONGEST)
    elif (
        username.lower() in lowered
        or len(set(password)) < 5
        or any(lowered.startswith(worn) and len(password) < len(worn) + 6 for worn in _WORN)
    ):
        problem = _l("这个密码太容易被猜到，请换一个。")
    if problem is not None:
        raise Invalid({field: problem})


def generate() -> str:
    """A password to be shown once: four groups of letters and digits without lookalikes."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


@cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_hex(16))
