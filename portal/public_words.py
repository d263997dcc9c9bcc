"""What everybody reads names nobody who did not agree, and holds no telephone, document or card number (慈善法 82)."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from portal.i18n import lazy_gettext as _l
from portal.identifiers import IdentifierError, is_card, luhn_holds, parse_citizen_number
from portal.refusals import Sentence

_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d[\d \-]{5,40}[\dXx]?(?![0-9A-Za-z])")
_PHONE = re.compile(r"1[3-9]\d{9}")
_SHORTEST_NAME = 2


def named(name: str) -> str:
    """A name for comparing: 阿依·古丽 and 阿依 古丽 are one."""
    return re.sub(r"[\s·.•・‧]", "", unicodedata.normalize("NFKC", name)).casefold()


def private_words(words: Mapping[str, str], names: Iterable[str] = ()) -> dict[str, Sentence]:
    """What must not be public in some fields, as one message a field; ``names`` are of people who did not agree."""
    wanted = {plain for name in names if len(plain := named(name)) >= _SHORTEST_NAME}
    found: dict[str, Sentence] = {}
    for field, text in words.items():
        message = _number_in(text) or _name_in(text, wanted)
        if message is not None:
            found[field] = message
    return found


def _number_in(text: str) -> Sentence | None:
    for piece in _DIGITS.findall(unicodedata.normalize("NFKC", text)):
        number = re.sub(r"[ \-]", "", piece)
        if _is_citizen(number):
            return _l(
                "这里会公开，不能写身份证号（“%(value)s”），请改写群体，如“困难家庭学生”。",
                value=piece.strip(),
            )
        if _PHONE.fullmatch(number):
            return _l("这里会公开，不能写电话（“%(value)s”），请删去。", value=piece.strip())
        if is_card(number) and luhn_holds(number):
            return _l("这里会公开，不能写银行卡号（“%(value)s”），请删去。", value=piece.strip())
    return None


def _is_citizen(number: str) -> bool:
    try:
        parse_citizen_number(number)
    except IdentifierError:
        return False
    return True


def _name_in(text: str, names: set[str]) -> Sentence | None:
    plain = named(text)
    # Names are short and many: each piece of the text as long as a name is looked up, not each name searched for.
    for length in sorted({len(name) for name in names}, reverse=True):
        for start in range(len(plain) - length + 1):
            piece = plain[start : start + length]
            if piece in names:
                return _l(
                    "这里会公开，不能写没有同意公开的姓名（“%(value)s”），请改写群体，如“困难家庭学生”。",
                    value=piece,
                )
    return None
