"""Funds: always of one organisation; a community fund has a street; one that holds money is not closed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.ledger.models import FundBalance
from portal.money import format_yuan
from portal.periods import now
from portal.refusals import Conflict, Invalid
from portal.registry.models import Fund, FundKind, FundPurpose, SubjectKind
from portal.registry.purposes import CharitablePurpose, in_order
from portal.registry.services import changes, checks
from portal.registry.services.keeping import Act, Errors, Keeper
from portal.staff.models import StaffMember


@dataclass(frozen=True, kw_only=True)
class FundDetails:
    """What is registered about a fund. ``organisation`` is a credit code, ``street`` a street's code."""

    code: str
    name: str
    kind: FundKind
    organisation: str
    opened_on: date
    street: str | None = None
    purpose: str = ""
    restricted: bool = False
    restriction: str = ""
    purposes: tuple[CharitablePurpose, ...] = ()


class _Funds(Keeper[Fund, FundDetails]):
    subject = SubjectKind.FUND

    def details(self, thing: Fund) -> FundDetails:
        return FundDetails(
            code=thing.code,
            name=thing.name,
            kind=thing.kind,
            organisation=thing.organisation.uscc,
            opened_on=thing.opened_on,
            street=thing.street.code if thing.street else None,
            purpose=thing.purpose,
            restricted=thing.restricted,
            restriction=thing.restriction,
            purposes=thing.purposes,
        )

    def columns(
        self, session: Session, details: FundDetails, existing: Fund | None, act: Act
    ) -> dict[str, Any]:
        errors: Errors = {}
        code = checks.own_code(errors, session, Fund, details.code, existing)
        texts = checks.texts(
            errors, Fund, details, ("name", "purpose", "restriction"), required="name purpose"
        )
        organisation = checks.owner(errors, session, details.organisation, act.scope, existing)
        street = checks.street(errors, session, details.street)
        checks.not_in_future(errors, opened_on=details.opened_on)
        if details.kind == FundKind.COMMUNITY and not details.street:
            errors["street"] = _("社区慈善基金必须选择所在街道。")
        if details.restricted and not texts["restriction"]:
            errors["restriction"] = _("已勾选限定用途，请写明限定的内容。")
        if details.restricted and not details.purposes:
            errors["purposes"] = _("已勾选限定用途，请至少选择一类允许的用途，支出时按它核对。")
        if existing is not None:
            _refuse_widening(errors, session, existing, details)
        if errors or organisation is None:
            raise Invalid(errors)
        return {
            **texts,
            "code": code,
            "kind": details.kind,
            "organisation_id": organisation.id,
            "street_id": street.id if street else None,
            "restricted": details.restricted,
            "purpose_rows": _rows(details, existing),
            "opened_on": details.opened_on,
            "created_at": existing.created_at if existing else now(),
        }

    def organisation_id(self, thing: Fund) -> int:
        return thing.organisation_id

    def refuse_to_close(self, session: Session, thing: Fund) -> None:
        balance = session.get(FundBalance, thing.id)
        if balance is not None and balance.balance_fen:
            raise Conflict(
                _(
                    "“%(name)s”还有余额 %(amount)s 元，请先把余额用完或转入其他基金，再关闭。",
                    name=thing.name,
                    amount=format_yuan(balance.balance_fen),
                )
            )


def _rows(details: FundDetails, existing: Fund | None) -> list[FundPurpose]:
    kept = {row.purpose: row for row in existing.purpose_rows} if existing else {}
    return [kept.get(one) or FundPurpose(purpose=one) for one in in_order(details.purposes)]


def _refuse_widening(errors: Errors, session: Session, fund: Fund, details: FundDetails) -> None:
    """What donors gave for one purpose is not given another by an edit: that is a change of purpose (慈善法 56)."""
    balance = session.get(FundBalance, fund.id)
    if not fund.restricted or not fund.purposes or balance is None or not balance.in_fen:
        return
    way_out = _(
        "这个基金已经收过限定用途的款，不能在这里放宽。请走“变更用途”：捐赠人同意、公示或募捐方案变更。"
    )
    if not details.restricted:
        errors["restricted"] = way_out
    elif not set(details.purposes) <= set(fund.purposes):
        errors["purposes"] = way_out


FUNDS = _Funds(Fund)
"""Keeps the funds."""


def change_purpose(
    session: Session, fund: Fund, purpose: CharitablePurpose, restriction: str, by: StaffMember | None
) -> None:
    """Bind a restricted fund to another purpose, as an approved change of purpose says (慈善法 56)."""
    before = FUNDS.facts(fund)
    fund.purpose_rows = [
        next((row for row in fund.purpose_rows if row.purpose is purpose), FundPurpose(purpose=purpose))
    ]
    fund.restriction = restriction
    session.flush()
    after = FUNDS.facts(fund)
    changes.record(session, (SubjectKind.FUND, fund.id), by, before, after, _("变更用途"))
