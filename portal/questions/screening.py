"""What may not stand in a public text: telephone, identity card and account numbers, addresses of the net, markup.

Nothing is blacked out silently: the writer is told what was found, and takes it out. Numbers of the accounts themselves
(entries, receipts, credit codes, days, amounts) are left alone.
"""

import re
import unicodedata
from enum import StrEnum

from portal.i18n import lazy_gettext as _l
from portal.identifiers import parse_uscc
from portal.refusals import Sentence


class Found(StrEnum):
    """What was found."""

    MOBILE = "mobile"
    LONG_NUMBER = "long_number"
    MAIL = "mail"
    ACCOUNT_NAME = "account_name"
    LINK = "link"
    MARKUP = "markup"
    REPETITION = "repetition"


SENTENCES: dict[Found, Sentence] = {
    Found.MOBILE: _l("这里像是有手机号码。公开以后收不回来，请删去再提交。"),
    Found.LONG_NUMBER: _l(
        "这里像是有电话、身份证或银行卡号码。公开以后收不回来，请删去；金额请写“元”，日期请写年月日。"
    ),
    Found.MAIL: _l("这里像是有电子邮箱。公开以后收不回来，请删去再提交。"),
    Found.ACCOUNT_NAME: _l("这里像是有微信号或 QQ 号。公开以后收不回来，请删去再提交。"),
    Found.LINK: _l("请不要写网址，写清楚想问什么就好。"),
    Found.MARKUP: _l("请只写文字，不要写网页代码。"),
    Found.REPETITION: _l("同一个字重复了很多遍，请写清楚想问什么。"),
}
"""What the writer is told."""

_BETWEEN = r"[\s\-‐-―._·•,、，*()/|~+:：]{0,3}"
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_BETWEEN})?1{_BETWEEN}[3-9](?:{_BETWEEN}\d){{9}}(?!\d)")
_LONG_NUMBER = re.compile(rf"\d(?:{_BETWEEN}\d){{6,}}")
_OURS = re.compile(
    r"(?<![A-Z\d])[A-Z]{1,4}\d{0,6}-20\d{2}-\d{6}(?!\d)"  # entries, receipts, questions
    r"|(?<!\d)20\d{2}(?:-?\d{2}|Q\d)?-[A-Z][A-Z0-9]{2,20}"  # bills
    r"|(?<!\d)(?:19|20)\d{2}[-./年]\d{1,2}(?:[-./月]\d{1,2})?(?!\d)"  # days and months
    r"|(?<!\d)(?:19|20)\d{2}(?!\d)"  # years
    r"|(?<![\d,])\d{1,3}(?:,\d{3}){1,2}(?:\.\d{1,2})?(?![\d,])"  # 1,234,567.00
    r"|(?<!\d)\d{1,8}(?:\.\d{1,2})?(?=\s*[元万亿分人件箱个名笔岁%])"
)
_USCC = re.compile(r"(?<![A-Z\d])[0-9A-HJ-NP-RTUWXY]{18}(?![A-Z\d])")
_MAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+\s?\.\s?\w")
_ACCOUNT_NAME = re.compile(
    r"(?:微信|薇信|威信|wechat|weixin|\bvx|\bqq|扣扣|企鹅号)\W{0,3}(?:号码?|名)?\W{0,3}(?:是|为)?\W{0,3}[a-z0-9_-]{5,}",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"https?:|www\.|(?<![\w@])[a-z0-9][a-z0-9-]+\.(?:com|cn|net|org|top|xyz|cc|info|vip|shop|site|club|io|me)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<\s*[/!?]?\s*[a-z]|\[/?(?:url|img|link|b|i)\b|&#?\w{2,8};|javascript:", re.IGNORECASE)
_REPETITION = re.compile(r"([^\s\d])\1{9,}")
_HAN_DIGITS = str.maketrans("〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "00123456789" + "1" + "123456789")
_KEPT_CONTROLS = "\n"


def cleaned(text: str) -> str:
    """A text as it is kept: NFC, one kind of line end, no invisible signs, no more than one empty line in a row."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    seen = "".join(sign for sign in lines if sign in _KEPT_CONTROLS or unicodedata.category(sign)[0] != "C")
    return re.sub(r"\n{3,}", "\n\n", seen).strip()


def found_in(text: str) -> list[Found]:
    """Everything in a text that may not be made public, each kind once."""
    plain = unicodedata.normalize("NFKC", cleaned(text))
    return [kind for kind, is_there in _LOOKS if is_there(plain)]


def private_numbers_in(text: str) -> list[Found]:
    """What may not stand in an answer of staff either: mobile telephones, and identity card or account numbers."""
    plain = _without_ours(unicodedata.normalize("NFKC", cleaned(text)))
    found = [Found.MOBILE] if _MOBILE.search(plain) else []
    longest = max((len(re.sub(r"\D", "", one)) for one in _long_numbers(plain)), default=0)
    # Offices have telephones of up to twelve digits with the area code.
    return found + ([Found.LONG_NUMBER] if longest >= 15 else [])


def _without_ours(plain: str) -> str:
    raised = plain.upper()
    for hit in _USCC.findall(raised):
        if _is_credit_code(hit):
            raised = raised.replace(hit, " 号 ")
    return _OURS.sub(" 号 ", raised)


def _is_credit_code(text: str) -> bool:
    try:
        return bool(parse_uscc(text))
    except ValueError:
        return False


def _long_numbers(plain: str) -> list[str]:
    return _LONG_NUMBER.findall(plain) + _LONG_NUMBER.findall(plain.translate(_HAN_DIGITS))


def _has_mobile(plain: str) -> bool:
    raised = _USCC.sub(" ", plain.upper())
    return bool(_MOBILE.search(raised) or _MOBILE.search(raised.translate(_HAN_DIGITS)))


def _has_long_number(plain: str) -> bool:
    return bool(_long_numbers(_without_ours(plain))) and not _has_mobile(plain)


_LOOKS = (
    (Found.MOBILE, _has_mobile),
    (Found.LONG_NUMBER, _has_long_number),
    (Found.MAIL, lambda plain: bool(_MAIL.search(plain))),
    (Found.ACCOUNT_NAME, lambda plain: bool(_ACCOUNT_NAME.search(plain))),
    (Found.LINK, lambda plain: bool(_LINK.search(plain))),
    (Found.MARKUP, lambda plain: bool(_MARKUP.search(plain))),
    (Found.REPETITION, lambda plain: bool(_REPETITION.search(plain))),
)
