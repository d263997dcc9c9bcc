"""What a person states of a transfer or a change of purpose, and the check of it against funds, calendar and law."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from portal.giving.checks import check_day, find_open_fund
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.balances import available_fen
from portal.ledger.models import Channel
from portal.money import MAX_FEN, format_yuan
from portal.periods import today
from portal.public_words import private_words
from portal.refusals import Invalid, Sentence
from portal.registry.models import Fund, Status
from portal.registry.purposes import CharitablePurpose
from portal.staff.scope import Scope
from portal.transfers.models import ChangeBasis, TransferKind
from portal.transfers.rules import FILING, keeps_restriction

Errors = dict[str, Sentence]


@dataclass(frozen=True)
class ChangeDetails:
    """What becomes of the purpose: old and new in words, the new one's category, who decided, and the basis."""

    old_purpose: str
    new_purpose: str
    new_kind: CharitablePurpose
    basis: ChangeBasis
    decided_on: date
    decided_by: str
    consent: str = ""
    notice_text: str = ""
    objections_to: str = ""
    filing_no: str = ""
    filed_on: date | None = None


@dataclass(frozen=True)
class TransferDetails:
    """A transfer as stated: codes of funds, fen for the amount. ``change`` makes it a change of purpose."""

    from_fund: str
    to_fund: str
    amount_fen: int
    reason: str
    moved_on: date
    channel: Channel = Channel.BANK
    late_reason: str = ""
    committee_decision_id: int | None = None
    change: ChangeDetails | None = None

    def content_hash(self) -> str:
        """SHA-256 of what is stated, to tell a repeated submission from another transfer."""
        stated = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(stated.encode()).hexdigest()


@dataclass(frozen=True)
class Ends:
    """The funds that a transfer leaves and enters."""

    source: Fund
    target: Fund

    @property
    def same(self) -> bool:
        """Whether money stays in its fund and only its purpose changes."""
        return self.source.id == self.target.id


def kind_of(details: TransferDetails, ends: Ends) -> TransferKind:
    """What kind of transfer is stated."""
    if details.change is not None:
        return TransferKind.PURPOSE_CHANGE
    inside = ends.source.organisation_id == ends.target.organisation_id
    return TransferKind.TRANSFER if inside else TransferKind.GRANT


def check(session: Session, details: TransferDetails, scope: Scope) -> Ends:
    """Hold a transfer against every rule at once.

    Raises:
        Invalid: with one message a field.
    """
    errors: Errors = {}
    source = _fund(session, details.from_fund, scope, "from_fund", errors)
    target = _fund(session, details.to_fund, Scope.district(), "to_fund", errors)
    _check_values(details, errors)
    if details.change is not None:
        _check_change(details.change, errors)
    if source is not None and target is not None:
        ends = Ends(source, target)
        if details.change is None:
            check_restriction(ends, errors)
        else:
            _check_new_purpose(session, details, details.change, ends, errors)
    if errors or source is None or target is None:
        raise Invalid(errors)
    return Ends(source, target)


def check_restriction(ends: Ends, errors: Errors) -> None:
    """What is given for a purpose keeps it: the fund it enters allows nothing that the one it leaves does not."""
    if ends.same:
        errors["to_fund"] = _l("转出和转入是同一个基金，请重新选择。")
    elif not keeps_restriction(ends.source, ends.target):
        errors["to_fund"] = _l(
            "“%(source)s”限定用途：%(restriction)s。“%(target)s”不受同样的限定，转过去就是改变用途，请走“变更用途”。",
            source=ends.source.name,
            restriction=ends.source.restriction,
            target=ends.target.name,
        )


def check_open(ends: Ends, errors: Errors) -> None:
    """Neither fund, nor whose it is, may have been closed or suspended meanwhile."""
    for field, fund in (("from_fund", ends.source), ("to_fund", ends.target)):
        if fund.status is not Status.ACTIVE or fund.organisation.status is not Status.ACTIVE:
            errors[field] = _l("“%(fund)s”或它的组织现在不能收支，请退回。", fund=fund.name)


def check_new_kind(ends: Ends, kind: CharitablePurpose, errors: Errors) -> None:
    """Another fund takes in only what it may be used for."""
    if not ends.same and not ends.target.allows(kind):
        errors["new_kind"] = _l(
            "“%(target)s”限定用途：%(restriction)s，不包括“%(kind)s”。请换一个基金。",
            target=ends.target.name,
            restriction=ends.target.restriction,
            kind=str(label(kind)),
        )


def _fund(session: Session, code: str, scope: Scope, field: str, errors: Errors) -> Fund | None:
    found: Errors = {}
    fund = find_open_fund(session, code, "", scope, found)
    if found:
        errors[field] = next(iter(found.values()))
    return fund


def _check_values(details: TransferDetails, errors: Errors) -> None:
    if not 0 < details.amount_fen <= MAX_FEN:
        errors["amount"] = _l("金额必须大于零，且不超过一千亿元。")
    if details.channel is Channel.IN_KIND:
        errors["channel"] = _l("划转的是钱，请选择划转方式。")
    check_day(details.moved_on, "moved_on", errors)
    if not 2 <= len(details.reason.strip()) <= 500:
        errors["reason"] = _l("请写明划转的理由（2 至 500 字），公众会看到。")
    if len(details.late_reason) > 500:
        errors["late_reason"] = _l("最多 500 个字。")
    for field, message in private_words(_public_words(details)).items():
        errors.setdefault(field, message)


def _public_words(details: TransferDetails) -> dict[str, str]:
    words = {"reason": details.reason, "late_reason": details.late_reason}
    if details.change is None:
        return words
    change = details.change
    return words | {
        "old_purpose": change.old_purpose,
        "new_purpose": change.new_purpose,
        "notice_text": change.notice_text,
    }


def _check_change(change: ChangeDetails, errors: Errors) -> None:
    for field in ("old_purpose", "new_purpose"):
        if not 2 <= len(getattr(change, field).strip()) <= 500:
            errors[field] = _l("请用一句话写明（2 至 500 字），公众会看到。")
    if change.decided_on > today():
        errors["decided_on"] = _l("日期不能晚于今天。")
    if not 2 <= len(change.decided_by.strip()) <= 120:
        errors["decided_by"] = _l("请写明由哪个机构决定，例如“理事会第 3 次会议”。")
    {ChangeBasis.CONSENT: _check_consent, ChangeBasis.NOTICE: _check_notice, ChangeBasis.PLAN: _check_plan}[
        change.basis
    ](change, errors)


def _check_consent(change: ChangeDetails, errors: Errors) -> None:
    if not 2 <= len(change.consent.strip()) <= 1000:
        errors["consent"] = _l("请写明哪几笔捐赠（编号）、哪天、怎样同意的；不写姓名，公众会看到。")


def _check_notice(change: ChangeDetails, errors: Errors) -> None:
    if not 10 <= len(change.notice_text.strip()) <= 2000:
        errors["notice_text"] = _l(
            "请写公示全文（10 至 2000 字）：为什么联系不上捐赠人、原来和新的用途、金额。"
        )
    if not 5 <= len(change.objections_to.strip()) <= 300:
        errors["objections_to"] = _l("请写明怎样提出异议：电话、地址或信箱（5 至 300 字）。")


def _check_plan(change: ChangeDetails, errors: Errors) -> None:
    if not 4 <= len(change.filing_no.strip()) <= 40:
        errors["filing_no"] = _l("请填写变更后募捐方案的备案编号。")
    if change.filed_on is None:
        errors["filed_on"] = _l("请填写备案日期。")
    elif not change.decided_on <= change.filed_on <= today():
        errors["filed_on"] = _l("备案日期要在作出决定之后，且不能晚于今天。")
    elif change.filed_on - change.decided_on > timedelta(days=FILING.days):
        errors["filed_on"] = _l(
            "决定作出后 %(days)d 日内要备案（%(source)s）。已经超过，请由决策机构重新决定并备案。",
            days=FILING.days,
            source=FILING.source,
        )


def _check_new_purpose(
    session: Session, details: TransferDetails, change: ChangeDetails, ends: Ends, errors: Errors
) -> None:
    if ends.source.organisation_id != ends.target.organisation_id:
        errors["to_fund"] = _l("变更用途只能在同一个组织里办。要给其他组织，请先变更用途，再转给它。")
    elif ends.same:
        _check_whole_fund(session, details, ends, errors)
    elif not ends.target.allows(change.new_kind):
        check_new_kind(ends, change.new_kind, errors)
    elif not ends.target.restricted and change.basis is not ChangeBasis.CONSENT:
        errors["to_fund"] = _l("没有捐赠人的同意，钱仍要限定用途，请转入一个限定用途的基金。")


def _check_whole_fund(session: Session, details: TransferDetails, ends: Ends, errors: Errors) -> None:
    available = available_fen(session, ends.source.id)
    if not ends.source.restricted:
        errors["from_fund"] = _l("“%(fund)s”不限定用途，不用变更。", fund=ends.source.name)
    elif details.amount_fen != available and "amount" not in errors:
        errors["amount"] = _l(
            "留在原基金、改变它的用途，要包括全部可用余额 %(available)s 元；只改一部分，请转入另一个基金。",
            available=format_yuan(available),
        )
