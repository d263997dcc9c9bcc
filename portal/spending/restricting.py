"""Restriction is law: what a payout is for, and whether its fund may pay for that (慈善法 54, 56)."""

from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid, Sentence
from portal.registry.allowing import purpose_of, refusal
from portal.registry.models import Fund, Project
from portal.registry.purposes import CharitablePurpose
from portal.spending.models import COST_OF_KIND, CostKind, Disbursement, DisbursementKind


def tells(project: Project | None) -> bool:
    """Whether a project says what its payouts are for; one for everything else leaves it to who requests them."""
    return project is not None and purpose_of(project) is not CharitablePurpose.OTHER


def purpose_for(
    fund: Fund, project: Project | None, chosen: CharitablePurpose | None
) -> CharitablePurpose | None:
    """The category of a payout: its project's, else the one chosen, else the only one that its fund allows."""
    if project is not None and tells(project):
        return purpose_of(project)
    if chosen is None and fund.restricted and len(fund.purposes) == 1:
        return fund.purposes[0]
    return chosen or (purpose_of(project) if project is not None else None)


def check_purpose(
    kind: DisbursementKind,
    fund: Fund,
    project: Project | None,
    purpose: CharitablePurpose | None,
    errors: dict[str, Sentence],
) -> None:
    """Refuse what the fund may not pay for; its own costs an organisation pays from what nobody bound."""
    if not fund.restricted:
        return
    if kind in COST_OF_KIND:
        errors["fund"] = _l(
            "“%(fund)s”限定用途：%(restriction)s，不能付本组织的管理费用和募捐成本，请换一个不限定用途的基金。",
            fund=fund.name,
            restriction=fund.restriction,
        )
        return
    message = refusal(fund, purpose)
    if message is not None:
        errors["project" if tells(project) else "purpose_kind"] = message


def require_allowed(disbursement: Disbursement) -> None:
    """The fund may have been bound anew while the payout waited.

    Raises:
        Invalid: it does not pay for that any more.
    """
    fund = disbursement.fund
    if disbursement.cost_kind is not CostKind.PROGRAMME:
        return
    message = refusal(fund, disbursement.purpose_kind)
    if message is not None:
        raise Invalid({"fund": message})
