"""The rules of public fundraising as data, each with its article, and the functions that apply them."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.identifiers import IdentifierError, parse_filing_no


@dataclass(frozen=True)
class Rule:
    """One limit of the law and where it stands."""

    amount: int
    unit: str
    source: str


QUALIFICATION_AFTER = Rule(1, "years", _l("《慈善法》第二十二条"))
FILED_BEFORE_START = Rule(10, "days", _l("《慈善组织公开募捐管理办法》第十一条"))
EMERGENCY_FILED_AFTER_START = Rule(10, "days", _l("《慈善法》第七十三条"))
LONGEST_PERIOD = Rule(3, "years", _l("《慈善组织公开募捐管理办法》第十条"))
LONGEST_EMERGENCY = Rule(1, "years", _l("《慈善组织公开募捐管理办法》第十条"))


@dataclass(frozen=True)
class Filing:
    """What a campaign's filing is judged by."""

    filing_no: str | None
    filed_on: date | None
    starts_on: date
    ends_on: date
    emergency: bool


def years_after(day: date, years: int) -> date:
    """The same day so many years later; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def qualification_problem(founded_on: date | None, since: date | None, reason: str) -> str | None:
    """What is wrong with the day of the qualification, in words, or None.

    Some bodies are given it at registration by another law; for those a reason is asked and kept.
    """
    if founded_on is None or since is None:
        return None
    if since < founded_on:
        return _("取得公开募捐资格的日期不能早于成立日期。")
    if since < years_after(founded_on, QUALIFICATION_AFTER.amount) and not reason:
        return _(
            "登记满一年后才可申请公开募捐资格（%(source)s）。如依其他法律直接取得，请在说明中写明依据。",
            source=QUALIFICATION_AFTER.source,
        )
    return None


def period_problems(filing: Filing, reason: str) -> dict[str, str]:
    """What is wrong with the campaign's period: its order and its length."""
    if filing.ends_on <= filing.starts_on:
        return {"ends_on": _("结束日期必须晚于开始日期。")}
    if filing.emergency and filing.ends_on > years_after(filing.starts_on, LONGEST_EMERGENCY.amount):
        return {"ends_on": _("应对突发事件的募捐不超过一年（%(source)s）。", source=LONGEST_EMERGENCY.source)}
    if filing.ends_on > years_after(filing.starts_on, LONGEST_PERIOD.amount) and not reason:
        return {
            "ends_on": _(
                "募捐期限一般不超过三年（%(source)s）。确需更长的，请在说明中写明理由。",
                source=LONGEST_PERIOD.source,
            )
        }
    return {}


def filing_problems(filing: Filing, uscc: str) -> dict[str, str]:
    """What is wrong with the filing: number (rule E14), day, and whether there must be one."""
    if not filing.filing_no:
        if filing.emergency:
            return {}
        return {"filing_no": _("请填写募捐方案备案编号；未备案不得开始公开募捐（《慈善法》第二十四条）。")}
    if filing.filed_on is None:
        return {"filed_on": _("请填写备案日期，备案编号的年份要与它一致。")}
    return _number_problems(filing.filing_no, uscc, filing.filed_on) | _day_problems(filing, filing.filed_on)


def _number_problems(filing_no: str, uscc: str, filed_on: date) -> dict[str, str]:
    try:
        parse_filing_no(filing_no, uscc, filed_on.year)
    except IdentifierError as problem:
        messages = {
            "format": _(
                "备案编号应为 18 位信用代码加 A、两位年份和三位序号，例如 51440105MJK000001WA26001。"
            ),
            "check_digit": _("备案编号中的信用代码校验位不对，请对照备案回执核对。"),
            "other_organisation": _("备案编号中的信用代码不是所选慈善组织的，请核对。"),
            "year": _("备案编号的年份与备案日期不一致，请核对。"),
        }
        return {"filing_no": messages[problem.reason]}
    return {}


def _day_problems(filing: Filing, filed_on: date) -> dict[str, str]:
    if filing.emergency:
        latest = filing.starts_on + timedelta(days=EMERGENCY_FILED_AFTER_START.amount)
        message = _(
            "应对突发事件的募捐应在开始后十日内备案（%(source)s）。",
            source=EMERGENCY_FILED_AFTER_START.source,
        )
    else:
        latest = filing.starts_on - timedelta(days=FILED_BEFORE_START.amount)
        message = _("募捐方案应在开始十日前备案（%(source)s）。", source=FILED_BEFORE_START.source)
    return {"filed_on": message} if filed_on > latest else {}
