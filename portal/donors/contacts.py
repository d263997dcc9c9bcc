"""How a donor is reached: read what was typed, keep it sealed, show it masked."""

import re
import unicodedata
from dataclasses import dataclass

from portal.donors import vault
from portal.donors.models import ContactKind, DonorContact
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid, Sentence

_PHONE = re.compile(r"\+?\d{7,15}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BETWEEN = re.compile(r"[\s\-()]+")
_TAIL = 4

_WRONG: dict[ContactKind, Sentence] = {
    ContactKind.PHONE: _l("请填写 7 至 15 位的电话号码，例如 13800138000。"),
    ContactKind.EMAIL: _l("请按 name@example.com 的样式填写邮箱。"),
    ContactKind.ADDRESS: _l("地址请写 2 至 200 个字。"),
}


@dataclass(frozen=True)
class ContactTyped:
    """A contact in the form in which equal ones are equal."""

    kind: ContactKind
    text: str

    def row(self) -> DonorContact:
        """The contact, sealed."""
        tail = vault.digest(f"tail:{self.text[-_TAIL:]}") if self.kind is ContactKind.PHONE else ""
        return DonorContact(
            kind=self.kind, sealed=vault.seal(self.text), digest=self.digest, tail_digest=tail
        )

    @property
    def digest(self) -> str:
        """By which it is found again."""
        return vault.digest(f"{self.kind.value}:{self.text}")


def read_contact(kind: ContactKind, typed: str, field: str) -> ContactTyped:
    """Read what was typed.

    Raises:
        Invalid: it is not written as such a contact is.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if kind is ContactKind.PHONE:
        text = _BETWEEN.sub("", text).removeprefix("+86")
        fits = _PHONE.fullmatch(text) is not None
    elif kind is ContactKind.EMAIL:
        text = text.lower()
        fits = _EMAIL.fullmatch(text) is not None and len(text) <= 200
    else:
        fits = 2 <= len(text) <= 200
    if not fits:
        raise Invalid({field: _WRONG[kind]})
    return ContactTyped(kind, text)


def phone_digests(digits: str) -> tuple[str, str]:
    """The digests under which a number is found: of the whole, and of its last four digits."""
    text = digits.removeprefix("+86")
    return vault.digest(f"{ContactKind.PHONE.value}:{text}"), vault.digest(f"tail:{text[-_TAIL:]}")


def masked(contact: DonorContact) -> str:
    """Enough of it to tell it from another: ``138****1234``, ``a***@example.com``, the first six characters."""
    text = vault.unseal(contact.sealed)
    if contact.kind is ContactKind.PHONE:
        return f"{text[:3]}****{text[-_TAIL:]}" if len(text) >= 11 else f"****{text[-_TAIL:]}"
    if contact.kind is ContactKind.EMAIL:
        return f"{text[0]}***@{text.partition('@')[2]}"
    return f"{text[: min(6, len(text) // 2)]}…"
