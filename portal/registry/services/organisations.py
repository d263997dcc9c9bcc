"""Charitable organisations: credit code, public fundraising qualification, and when one may be closed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.identifiers import IdentifierError, parse_uscc
from portal.money import MAX_FEN, format_yuan
from portal.periods import now
from portal.refusals import Conflict, Invalid
from portal.registry.models import (
    ENDED,
    Campaign,
    Fund,
    Landmark,
    Organisation,
    OrganisationKind,
    Project,
    Station,
    SubjectKind,
)
from portal.registry.services import checks
from portal.registry.services.changes import Facts
from portal.registry.services.fundraising import qualification_problem
from portal.registry.services.keeping import Act, Errors, Keeper

REQUEST_EXPIRES_DAYS = 60
"""For an organisation that says nothing else."""


@dataclass(frozen=True, kw_only=True)
class OrganisationDetails:
    """What is registered about an organisation. ``street`` is a street's code."""

    uscc: str
    name: str
    kind: OrganisationKind
    short_name: str = ""
    founded_on: date | None = None
    fundraising_since: date | None = None
    fundraising_certificate_no: str = ""
    legal_representative: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    address: str = ""
    street: str | None = None
    national_platform_url: str = ""
    second_approval_fen: int | None = None
    request_expires_days: int = REQUEST_EXPIRES_DAYS
    evidence_required_fen: int = 0


_TEXTS = (
    "name",
    "short_name",
    "fundraising_certificate_no",
    "legal_representative",
    "contact_name",
    "contact_phone",
    "address",
    "national_platform_url",
)


class _Organisations(Keeper[Organisation, OrganisationDetails]):
    subject = SubjectKind.ORGANISATION
    code_field = "uscc"
    fixed_fields = ("uscc",)

    def details(self, thing: Organisation) -> OrganisationDetails:
        return OrganisationDetails(
            uscc=thing.uscc,
            kind=thing.kind,
            founded_on=thing.founded_on,
            fundraising_since=thing.fundraising_since,
            street=thing.street.code if thing.street else None,
            second_approval_fen=thing.second_approval_fen,
            request_expires_days=thing.request_expires_days,
            evidence_required_fen=thing.evidence_required_fen,
            **{field: getattr(thing, field) for field in _TEXTS},
        )

    def columns(
        self, session: Session, details: OrganisationDetails, existing: Organisation | None, act: Act
    ) -> dict[str, Any]:
        errors: Errors = {}
        if existing is None and (act.scope.organisation_id is not None or act.scope.station_id is not None):
            errors["uscc"] = _("只有全区范围的工作人员可以登记新的慈善组织。")
        uscc = _credit_code(errors, session, details.uscc, existing)
        texts = checks.texts(errors, Organisation, details, _TEXTS, required="name")
        checks.web_address(errors, "national_platform_url", texts["national_platform_url"])
        checks.not_in_future(
            errors, founded_on=details.founded_on, fundraising_since=details.fundraising_since
        )
        problem = qualification_problem(details.founded_on, details.fundraising_since, act.reason)
        if problem:
            errors.setdefault("fundraising_since", problem)
        street = checks.street(errors, session, details.street)
        _check_payout_rules(errors, details)
        if errors:
            raise Invalid(errors)
        return {
            **texts,
            "uscc": uscc,
            "kind": details.kind,
            "founded_on": details.founded_on,
            "fundraising_since": details.fundraising_since,
            "street_id": street.id if street else None,
            "second_approval_fen": details.second_approval_fen,
            "request_expires_days": details.request_expires_days,
            "evidence_required_fen": details.evidence_required_fen,
            "created_at": existing.created_at if existing else now(),
        }

    def facts(self, thing: Organisation) -> Facts:
        amounts = ("second_approval_fen", "evidence_required_fen")
        fen = {name: getattr(thing, name) for name in amounts}
        return {
            **super().facts(thing),
            **{name: None if value is None else format_yuan(value) for name, value in fen.items()},
        }

    def organisation_id(self, thing: Organisation) -> int:
        return thing.id

    def refuse_to_close(self, session: Session, thing: Organisation) -> None:
        for model, message in (
            (Fund, _("还有 %(count)d 个基金没有关闭，请先关闭它们。")),
            (Station, _("还有 %(count)d 个捐赠站点没有关闭，请先关闭它们。")),
            (Project, _("还有 %(count)d 个慈善项目没有关闭，请先关闭它们。")),
            (Campaign, _("还有 %(count)d 个募捐活动没有关闭，请先关闭它们。")),
            (Landmark, _("还有 %(count)d 个慈善空间没有关闭，请先关闭它们。")),
        ):
            open_ones = session.scalar(
                select(func.count())
                .select_from(model)
                .where(model.organisation_id == thing.id, model.status.not_in(ENDED))
            )
            if open_ones:
                raise Conflict(message % {"count": open_ones})


def _check_payout_rules(errors: Errors, details: OrganisationDetails) -> None:
    if not 1 <= details.request_expires_days <= 3650:
        errors["request_expires_days"] = _("请填写 1 至 3650 天。")
    for field in ("second_approval_fen", "evidence_required_fen"):
        if not 0 <= (getattr(details, field) or 0) <= MAX_FEN:
            errors[field] = _("金额太大，请核对位数（单笔不超过一千亿元）。")


def _credit_code(errors: Errors, session: Session, text: str, existing: Organisation | None) -> str:
    try:
        uscc = parse_uscc(text)
    except IdentifierError as problem:
        errors["uscc"] = {
            "length": _("统一社会信用代码应为 18 位，请对照登记证书核对。"),
            "characters": _("统一社会信用代码只含数字和大写字母（没有 I、O、S、V、Z），第 3 至 8 位为数字。"),
            "check_digit": _("统一社会信用代码的校验位不对，很可能抄错了一位，请对照登记证书核对。"),
        }[problem.reason]
        return text
    checks.free(errors, session, Organisation.uscc, uscc, existing)
    return uscc


ORGANISATIONS = _Organisations(Organisation)
"""Keeps the organisations."""
