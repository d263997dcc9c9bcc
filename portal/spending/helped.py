"""Who is helped by a payout: a list of persons, or a count; and words for the public that name none of them."""

from collections.abc import Mapping
from typing import Protocol

from sqlalchemy.orm import Session

from portal.beneficiaries import taking
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Form
from portal.refusals import Sentence
from portal.registry.models import Fund
from portal.spending.models import Disbursement, DisbursementKind
from portal.staff.scope import Scope

LISTED = (DisbursementKind.AID, DisbursementKind.GOODS)
"""Only what goes to persons has a list of them."""


class Stated(Protocol):
    """What a person states of a payout, so far as it is about who is helped."""

    @property
    def kind(self) -> DisbursementKind: ...  # noqa: D102
    @property
    def form(self) -> Form: ...  # noqa: D102
    @property
    def recipient(self) -> str: ...  # noqa: D102
    @property
    def purpose(self) -> str: ...  # noqa: D102
    @property
    def amount_fen(self) -> int: ...  # noqa: D102
    @property
    def beneficiary_count(self) -> int | None: ...  # noqa: D102
    @property
    def beneficiary_list(self) -> int | None: ...  # noqa: D102


def check_helped(
    session: Session,
    details: Stated,
    fund: Fund | None,
    scope: Scope,
    errors: dict[str, Sentence],
) -> None:
    """Hold the list of a payout against it, or its count against the organisation's limit."""
    words = {"recipient": details.recipient, "purpose": details.purpose}
    taking.check_words(session, words, details.beneficiary_list, errors)
    if details.beneficiary_list is not None and details.kind not in LISTED:
        errors["beneficiary_list"] = _l("只有救助个人和发放物资才用受助名单。")
    elif fund is None:
        return
    elif details.beneficiary_list is not None:
        amount = details.amount_fen if details.form is Form.MONEY else None
        taking.check_list(session, details.beneficiary_list, fund.organisation_id, amount, scope, errors)
    elif details.kind is DisbursementKind.AID:
        taking.require_list(
            session, fund.organisation_id, details.amount_fen, details.beneficiary_count, errors
        )


def people_of(session: Session, details: Stated) -> int | None:
    """How many a payout helps: as many as stand on its list, else as stated."""
    if details.beneficiary_list is None:
        return details.beneficiary_count
    return taking.people_on(session, details.beneficiary_list)


def settle_list(session: Session, disbursement: Disbursement) -> None:
    """Before review: the list is in order and adds up, and the payout helps as many as stand there.

    Raises:
        Invalid: it is not, or does not.
    """
    amount = disbursement.amount_fen if disbursement.form is Form.MONEY else None
    people = taking.require_settled(session, disbursement.id, amount)
    if people is not None:
        disbursement.beneficiary_count = people


def check_public_words(
    session: Session, disbursement: Disbursement, words: Mapping[str, str], errors: dict[str, Sentence]
) -> None:
    """Refuse words about a payout that will be public and name somebody on its list."""
    of_list = taking.list_of(session, disbursement.id)
    taking.check_words(session, words, of_list.id if of_list else None, errors)
