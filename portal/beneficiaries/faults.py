"""What may be wrong with a person on a list, each with one sentence that says how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from flask_babel import LazyString

from portal.beneficiaries.models import DocumentKind
from portal.beneficiaries.person import Person, masked_name, masked_number
from portal.donors.contacts import read_contact
from portal.donors.models import ContactKind
from portal.i18n import lazy_gettext as _l
from portal.identifiers import CitizenNumber, IdentifierError, is_card, luhn_holds, parse_citizen_number
from portal.money import AmountError, parse_yuan
from portal.public_words import named
from portal.refusals import Invalid

CHILD_UNDER = 14
"""Under this age a guardian answers for a person's data (个人信息保护法 31)."""


class PersonFault(StrEnum):
    """What is wrong."""

    NO_NAME = "no_name"
    ODD_NAME = "odd_name"
    NO_AMOUNT = "no_amount"
    BAD_AMOUNT = "bad_amount"
    LOST_DIGITS = "lost_digits"
    OLD_DOCUMENT = "old_document"
    DOCUMENT_LENGTH = "document_length"
    DOCUMENT_SIGNS = "document_signs"
    DOCUMENT_REGION = "document_region"
    DOCUMENT_BIRTHDAY = "document_birthday"
    DOCUMENT_CHECK = "document_check"
    DOCUMENT_FORM = "document_form"
    BAD_PHONE = "bad_phone"
    BAD_ACCOUNT = "bad_account"
    NO_GUARDIAN = "no_guardian"
    UNKNOWN_STREET = "unknown_street"
    SAME_PERSON = "same_person"
    CARD_CHECK = "card_check"
    SAME_ACCOUNT = "same_account"
    AIDED_ALREADY = "aided_already"


TO_CONFIRM = frozenset({PersonFault.CARD_CHECK, PersonFault.SAME_ACCOUNT, PersonFault.AIDED_ALREADY})
"""What may be right after all: a person looks and keeps it. Everything else has to be mended or left out."""

SENTENCES: dict[PersonFault, LazyString] = {
    PersonFault.NO_NAME: _l("没有姓名，请补上；如果不是一个人，请剔除这一行。"),
    PersonFault.ODD_NAME: _l("姓名“%(value)s”里有数字，请核对是不是认错了列。"),
    PersonFault.NO_AMOUNT: _l("没有金额，请补上；如果这次不发给他，请剔除这一行。"),
    PersonFault.BAD_AMOUNT: _l("看不懂金额“%(value)s”，请按 1,234.56 的样式填写大于零的数，单位是元。"),
    PersonFault.LOST_DIGITS: _l(
        "“%(value)s”被表格软件当成数字存过，后几位已经丢失。请把这一列设为文本格式，照原件重新填写。"
    ),
    PersonFault.OLD_DOCUMENT: _l("“%(value)s”是 15 位的旧身份证号，已经停用，请填 18 位的号码。"),
    PersonFault.DOCUMENT_LENGTH: _l("身份证号“%(value)s”有 %(length)s 位，应是 18 位，请照证件核对。"),
    PersonFault.DOCUMENT_SIGNS: _l("身份证号“%(value)s”里有不该有的字符，只能是数字，最后一位可以是 X。"),
    PersonFault.DOCUMENT_REGION: _l("身份证号“%(value)s”的前两位不是任何地区的代码，请照证件核对。"),
    PersonFault.DOCUMENT_BIRTHDAY: _l("身份证号“%(value)s”里的出生日期不存在，请照证件核对。"),
    PersonFault.DOCUMENT_CHECK: _l("身份证号“%(value)s”的校验位不对，有一位写错了，请照证件核对。"),
    PersonFault.DOCUMENT_FORM: _l("证件号码“%(value)s”应是 5 至 20 个字母和数字，请照证件核对。"),
    PersonFault.BAD_PHONE: _l("电话“%(value)s”应是 7 至 15 位数字，例如 13800138000。"),
    PersonFault.BAD_ACCOUNT: _l("账号“%(value)s”应是 8 至 32 位数字，请照存折或银行卡核对。"),
    PersonFault.NO_GUARDIAN: _l("身份证号显示不满 14 周岁，请填写监护人姓名。"),
    PersonFault.UNKNOWN_STREET: _l("没有叫“%(value)s”的街道，请按登记的名称填写，或留空。"),
    PersonFault.SAME_PERSON: _l("与第 %(row)s 行是同一个人，请把金额合成一行，剔除另一行。"),
    PersonFault.CARD_CHECK: _l(
        "银行卡号“%(value)s”的校验位不对，多半写错了一位。照卡核对，确实无误才照样保留。"
    ),
    PersonFault.SAME_ACCOUNT: _l("账号与第 %(row)s 行相同，姓名不同。确认是同一家人代收，才照样保留。"),
    PersonFault.AIDED_ALREADY: _l(
        "同一人一年内已经受过资助（%(when)s，%(where)s）。符合救助办法才照样保留。"
    ),
}

FIELD_WORDS: dict[str, LazyString] = {
    "name": _l("姓名"),
    "document_kind": _l("证件类型"),
    "document_no": _l("证件号码"),
    "phone": _l("电话"),
    "account": _l("账号"),
    "bank": _l("开户行"),
    "guardian": _l("监护人"),
    "school": _l("学校或单位"),
    "group": _l("人群"),
    "street": _l("街道"),
    "remark": _l("备注"),
    "amount": _l("金额"),
}

_REASONS = {
    "old": PersonFault.OLD_DOCUMENT,
    "length": PersonFault.DOCUMENT_LENGTH,
    "characters": PersonFault.DOCUMENT_SIGNS,
    "region": PersonFault.DOCUMENT_REGION,
    "birthday": PersonFault.DOCUMENT_BIRTHDAY,
    "check_digit": PersonFault.DOCUMENT_CHECK,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: which field, what stands there, and why it is a problem."""

    fault: PersonFault
    about: str
    value: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def soft(self) -> bool:
        """Whether it may be kept as it is once a person looked."""
        return self.fault in TO_CONFIRM

    @property
    def column(self) -> str:
        """The field's name in the reader's language."""
        return str(FIELD_WORDS[self.about])

    def masked(self) -> "Finding":
        """The same with nothing of the person in it, for whoever did not bring the list."""
        shown = masked_name(self.value) if self.about == "name" else masked_number(self.value)
        return self if self.about in ("amount", "street") else replace(self, value=shown)

    @property
    def message(self) -> str:
        """The sentence in the reader's language."""
        return str(SENTENCES[self.fault]) % {"value": self.value, **self.facts}


def findings_of(person: Person, amount_fen: int | None, *, with_amounts: bool, day: date) -> list[Finding]:
    """What is wrong with a person by itself; ``day`` is the day on which ages are counted."""
    return [
        *_of_name(person),
        *_of_document(person, day),
        *_of_phone(person),
        *_of_account(person),
        *(_of_amount(person, amount_fen) if with_amounts else ()),
    ]


def citizen_number_of(person: Person) -> CitizenNumber | None:
    """The citizen's number of a person, if there is a right one."""
    if person.document_kind not in (DocumentKind.CITIZEN, DocumentKind.PERMIT):
        return None
    try:
        return parse_citizen_number(person.document_no)
    except IdentifierError:
        return None


def _of_name(person: Person) -> Iterator[Finding]:
    if len(named(person.name)) < 1:
        yield Finding(PersonFault.NO_NAME, "name")
    elif any(sign.isdigit() for sign in person.name):
        yield Finding(PersonFault.ODD_NAME, "name", person.name)


def _of_document(person: Person, day: date) -> Iterator[Finding]:
    number = person.document_no
    if not number:
        return
    if _is_lost(number):
        yield Finding(PersonFault.LOST_DIGITS, "document_no", number)
    elif person.document_kind in (DocumentKind.CITIZEN, DocumentKind.PERMIT):
        try:
            found = parse_citizen_number(number)
        except IdentifierError as problem:
            yield Finding(_REASONS[problem.reason], "document_no", number, {"length": str(len(number))})
        else:
            if found.age_on(day) < CHILD_UNDER and not person.guardian:
                yield Finding(PersonFault.NO_GUARDIAN, "guardian")
    elif not (5 <= len(number) <= 20 and number.isascii() and number.isalnum()):
        yield Finding(PersonFault.DOCUMENT_FORM, "document_no", number)


def _of_phone(person: Person) -> Iterator[Finding]:
    if person.phone:
        try:
            read_contact(ContactKind.PHONE, person.phone, "phone")
        except Invalid:
            yield Finding(PersonFault.BAD_PHONE, "phone", person.phone)


def _of_account(person: Person) -> Iterator[Finding]:
    account = person.account
    if not account:
        return
    if _is_lost(account):
        yield Finding(PersonFault.LOST_DIGITS, "account", account)
    elif not (account.isascii() and account.isdigit() and 8 <= len(account) <= 32):
        yield Finding(PersonFault.BAD_ACCOUNT, "account", account)
    elif is_card(account) and not luhn_holds(account):
        yield Finding(PersonFault.CARD_CHECK, "account", account)


def _of_amount(person: Person, amount_fen: int | None) -> Iterator[Finding]:
    if person.amount_words:
        yield Finding(PersonFault.BAD_AMOUNT, "amount", person.amount_words)
    elif amount_fen is None:
        yield Finding(PersonFault.NO_AMOUNT, "amount")


def _is_lost(number: str) -> bool:
    plain = number.upper().replace("+", "")
    head, mark, power = plain.partition("E")
    return bool(mark) and power.isdigit() and head.replace(".", "", 1).isdigit()


def read_amount(text: str) -> tuple[int | None, str]:
    """Fen, or the words that are no amount; neither when there is nothing."""
    if not text.strip():
        return None, ""
    try:
        return parse_yuan(text), ""
    except AmountError:
        return None, text.strip()[:40]
