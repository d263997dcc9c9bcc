"""A list becomes the list of one payout: its persons are the payout's beneficiaries, its sum the payout's amount."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries import lists, payouts
from portal.beneficiaries.models import BeneficiaryList, CountOnlyLimit
from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.money import format_yuan
from portal.periods import now
from portal.public_words import private_words
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.staff.scope import Scope

COUNT_ONLY_FEN = 20_000_000
"""Where an organisation set no limit of its own: from 200,000 yuan on, aid to persons carries its list."""


def check_words(
    session: Session, words: Mapping[str, str], list_id: int | None, errors: dict[str, Sentence]
) -> None:
    """Refuse public words that name somebody on the list, or hold a number of a person."""
    of_list = session.get(BeneficiaryList, list_id) if list_id else None
    names = lists.names_on(session, of_list) if of_list else []
    for field, message in private_words(words, names).items():
        errors.setdefault(field, message)


def check_list(
    session: Session,
    list_id: int,
    organisation_id: int,
    amount_fen: int | None,
    scope: Scope,
    errors: dict[str, Sentence],
) -> BeneficiaryList | None:
    """Hold a list against the payout it is for; ``amount_fen`` is None for goods."""
    of_list = session.get(BeneficiaryList, list_id)
    if of_list is None or of_list.dropped_at or not scope.permits(of_list.organisation_id, None):
        errors["beneficiary_list"] = _l("没有找到这份名单，请从“受助名单”里重新选择。")
        return None
    if of_list.organisation_id != organisation_id:
        errors["fund"] = _l("名单是另一家组织的，请选择那家组织的基金。")
    elif not of_list.mended:
        errors["beneficiary_list"] = _l("名单里还有人需要改正或确认，请先处理完。")
    elif of_list.with_amounts != (amount_fen is not None):
        errors["beneficiary_list"] = _l("发钱要用写明金额的名单，发物资要用不写金额的名单。")
    elif amount_fen is not None and amount_fen != of_list.total_fen:
        errors["amount"] = _l(
            "名单逐人相加是 %(total)s 元，与金额不同。请按名单填写，或先改名单。",
            total=format_yuan(of_list.total_fen),
        )
    return of_list


def require_list(
    session: Session, organisation_id: int, amount_fen: int, count: int | None, errors: dict[str, Sentence]
) -> None:
    """Aid to persons says how many they are, and above the organisation's limit who they are."""
    limit = limit_of(session, organisation_id)
    if amount_fen > limit:
        errors.setdefault(
            "beneficiary_count",
            _l(
                "超过 %(limit)s 元的个人救助要附名单：请在“受助名单”里上传或填写，再用名单申请支出。",
                limit=format_yuan(limit),
            ),
        )
    elif count is None:
        errors.setdefault("beneficiary_count", _l("救助个人要写明帮助了几个人；名单另行保存的也要写人数。"))


def people_on(session: Session, list_id: int) -> int:
    """How many persons a list is for."""
    return session.get_one(BeneficiaryList, list_id).fine


def attach(session: Session, list_id: int | None, disbursement_id: int, by: StaffMember) -> None:
    """Give a list to a payout inside the caller's transaction.

    Raises:
        Conflict: another payout has it.
    """
    free_others(session, list_id, disbursement_id)
    if list_id is None:
        return
    of_list = session.get_one(BeneficiaryList, list_id, with_for_update=True, populate_existing=True)
    holder = payouts.find(session, of_list.disbursement_id)
    if holder is not None and holder.id != disbursement_id and holder.state not in payouts.GONE:
        raise Conflict(_l("这份名单已经用来申请了 %(no)s。", no=holder.disbursement_no))
    of_list.disbursement_id = disbursement_id
    session.flush()
    audit.record(
        session,
        staff=by,
        action="beneficiary_list.requested",
        subject_kind=lists.SUBJECT,
        subject_id=of_list.id,
        detail={"disbursement_id": disbursement_id, "persons": of_list.fine},
    )


def free_others(session: Session, list_id: int | None, disbursement_id: int) -> None:
    """Part a payout from a list it no longer goes by."""
    held = session.scalar(select(BeneficiaryList).where(BeneficiaryList.disbursement_id == disbursement_id))
    if held is not None and held.id != list_id:
        held.disbursement_id = None
        session.flush()


def require_settled(session: Session, disbursement_id: int, amount_fen: int | None) -> int | None:
    """Before a payout goes to review its list must be in order, and add up to it; return how many stand on it.

    Raises:
        Invalid: it is not, or does not.
    """
    of_list = list_of(session, disbursement_id)
    if of_list is None:
        return None
    if not of_list.mended:
        raise Invalid({"beneficiary_list": _l("名单里还有人需要改正或确认，请先处理完。")})
    if amount_fen is not None and of_list.total_fen != amount_fen:
        raise Invalid(
            {
                "amount": _l(
                    "名单逐人相加是 %(total)s 元，与金额不同。请按名单填写，或先改名单。",
                    total=format_yuan(of_list.total_fen),
                )
            }
        )
    return of_list.fine


def list_of(session: Session, disbursement_id: int) -> BeneficiaryList | None:
    """The list of a payout."""
    found: BeneficiaryList | None = session.scalar(
        select(BeneficiaryList).where(BeneficiaryList.disbursement_id == disbursement_id)
    )
    return found


def limit_of(session: Session, organisation_id: int) -> int:
    """Up to which amount in fen an organisation's aid may go with a count only."""
    own = session.get(CountOnlyLimit, organisation_id)
    return own.amount_fen if own is not None else COUNT_ONLY_FEN


def set_limit(organisation_id: int, amount_fen: int, by: StaffMember) -> None:
    """Set an organisation's limit.

    Raises:
        NotFound: the organisation is not within this person's reach.
    """
    if not by.scope.permits(organisation_id, None):
        raise NotFound(_l("没有找到这个组织。"))
    with writing() as session:
        session.merge(
            CountOnlyLimit(
                organisation_id=organisation_id, amount_fen=amount_fen, set_by_id=by.id, set_at=now()
            )
        )
        audit.record(
            session,
            staff=by,
            action="beneficiary_list.limit_set",
            subject_kind="organisation",
            subject_id=organisation_id,
            detail={"amount_fen": amount_fen},
        )
