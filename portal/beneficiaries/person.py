"""What is known of a person who is helped: sealed at rest, shown masked, found again by keyed digests.

Key and way are those of donors' contacts (``portal/donors/vault.py``); a telephone number has the same digest here and
there, so that a beneficiary who gave to the fund is noticed.
"""

import json
import re
import unicodedata
from dataclasses import asdict, dataclass, fields

from portal.beneficiaries.models import Beneficiary, DocumentKind
from portal.donors import vault
from portal.donors.models import ContactKind
from portal.public_words import named

_BETWEEN = re.compile(r"[\s\-()]+")
_MASK = "****"
MOST_SIGNS = {"name": 60, "document_no": 40, "phone": 40, "account": 60, "bank": 120, "guardian": 60}
LONGEST_WORDS = 200


@dataclass(frozen=True)
class Person:
    """A person as stated on a list; ``amount_words`` is what stands where an amount should and is none."""

    name: str = ""
    document_kind: str = DocumentKind.CITIZEN.value
    document_no: str = ""
    phone: str = ""
    account: str = ""
    bank: str = ""
    guardian: str = ""
    school: str = ""
    remark: str = ""
    street: str = ""
    amount_words: str = ""

    @classmethod
    def of(cls, row: Beneficiary) -> "Person":
        """The person on a row; an empty one when it was erased."""
        if row.sealed is None:
            return cls()
        return cls(**json.loads(vault.unseal(row.sealed)))

    def tidy(self) -> "Person":
        """The form in which equal ones are equal: no spaces within numbers, none around words."""
        words = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        for number in ("document_no", "phone", "account"):
            words[number] = _BETWEEN.sub("", words[number])
        words["document_no"] = words["document_no"].upper()
        words["phone"] = words["phone"].removeprefix("+86")
        return Person(**{name: text[: MOST_SIGNS.get(name, LONGEST_WORDS)] for name, text in words.items()})

    def seal(self) -> bytes:
        """The whole, encrypted; what is empty is not kept."""
        kept = {name: text for name, text in asdict(self).items() if text}
        return vault.seal(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))

    def digests(self) -> dict[str, str | None]:
        """By which the same person is found on other lists, by column."""
        name = named(self.name)
        return {
            "document_digest": _digest("document", self.document_no),
            "name_digest": _digest("name", name),
            "phone_digest": vault.digest(f"{ContactKind.PHONE.value}:{self.phone}") if self.phone else None,
            "account_digest": _digest("account", self.account),
            "name_phone_digest": _digest("name and phone", name, self.phone),
            "name_account_digest": _digest("name and account", name, self.account),
        }


def masked_name(name: str) -> str:
    """``王**``: the first sign only."""
    return f"{name[0]}{'*' * min(len(name) - 1, 2)}" if name else ""


def masked_number(number: str) -> str:
    """The last four signs of a number, or of a short one fewer."""
    return f"{_MASK}{number[-min(4, len(number) // 3) :]}" if len(number) >= 3 else _MASK if number else ""


def masked(person: Person) -> Person:
    """Enough to tell one from another; nothing to reach or rob anybody by."""
    return Person(
        name=masked_name(person.name),
        document_kind=person.document_kind,
        document_no=masked_number(person.document_no),
        phone=masked_number(person.phone),
        account=masked_number(person.account),
        bank=person.bank,
        guardian=masked_name(person.guardian),
        amount_words=person.amount_words,
    )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _digest(kind: str, *parts: str) -> str | None:
    return vault.digest("\0".join((f"beneficiary {kind}", *parts))) if all(parts) else None
