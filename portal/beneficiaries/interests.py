"""Persons with an interest (E35): a beneficiary who gave to the fund, governs the organisation, or handles the payout.

Donors may not name persons with an interest in them, and relatives of those in charge may not be favoured (慈善法 40,
59). Nothing is forbidden here: a person is pointed out, and who approves writes down why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.beneficiaries import lists, payouts
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, InterestNote, PersonState
from portal.beneficiaries.payouts import Payout
from portal.beneficiaries.person import Person, masked_name
from portal.beneficiaries.taking import list_of
from portal.db import is_any_of, writing
from portal.donors.models import Donor, DonorContact
from portal.giving.models import Donation
from portal.i18n import lazy_gettext as _l
from portal.periods import now, today
from portal.public_words import named, private_words
from portal.refusals import Conflict, Forbidden, Invalid, NotFound, Sentence
from portal.registry.models import Fund, Organisation, SubjectKind
from portal.registry.record_models import Officer
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import Role, StaffMember


class InterestKind(StrEnum):
    """What a beneficiary is besides."""

    DONOR_PHONE = "donor_phone"
    DONOR_NAME = "donor_name"
    OFFICER = "officer"
    STAFF = "staff"


@dataclass(frozen=True)
class Interest:
    """A beneficiary who is pointed out; ``shown`` is the masked name."""

    kind: InterestKind
    position: int
    row_no: int
    shown: str

    @property
    def sentence(self) -> Sentence:
        """Why, in words."""
        return _SENTENCES[self.kind]


_SENTENCES: dict[InterestKind, Sentence] = {
    InterestKind.DONOR_PHONE: _l("电话与这个基金的一位捐赠人相同"),
    InterestKind.DONOR_NAME: _l("与这个基金的一位捐赠人同名"),
    InterestKind.OFFICER: _l("与组织或基金的负责人、理事、监事同名"),
    InterestKind.STAFF: _l("与经办或复核这笔支出的人同名"),
}


def interests_in(session: Session, payout: Payout, viewer: StaffMember | None = None) -> list[Interest]:
    """Beneficiaries of a payout with an interest, in the order of its list; ``viewer`` may become its reviewer."""
    of_list = list_of(session, payout.id)
    if of_list is None:
        return []
    rows = session.scalars(
        select(Beneficiary)
        .where(
            Beneficiary.list_id == of_list.id,
            Beneficiary.state != PersonState.LEFT_OUT,
            Beneficiary.erased_at.is_(None),
        )
        .order_by(Beneficiary.position)
    ).all()
    names = {row.id: Person.of(row).name for row in rows}
    spelled = sorted({name for name in names.values() if name})
    donors = _donor_names(session, payout, spelled)
    phones = _donor_phones(session, payout, of_list)
    officers, staff = _officers(session, payout), _hands(session, payout, viewer)
    found: list[Interest] = []
    for row in rows:
        name = named(names[row.id])
        kinds = (
            (InterestKind.DONOR_PHONE, row.phone_digest in phones),
            (InterestKind.DONOR_NAME, name in donors),
            (InterestKind.OFFICER, name in officers),
            (InterestKind.STAFF, name in staff),
        )
        shown = masked_name(names[row.id])
        found += [Interest(kind, row.position, row.row_no, shown) for kind, hit in kinds if hit]
    return found


def note_reason(disbursement_id: int, reason: str, by: StaffMember) -> None:
    """Put down why a payout is approved though somebody has an interest in it.

    Raises:
        NotFound: there is no such payout within reach.
        Forbidden: this person may not review it.
        Invalid: no reason is given, or it names somebody.
    """
    with writing() as session:
        payout = _payout(session, disbursement_id, by)
        if by.role is not Role.REVIEWER or by.id in payout.makers:
            raise Forbidden(_l("只有复核这笔支出的人可以写明理由。"))
        of_list = list_of(session, payout.id)
        names = lists.names_on(session, of_list) if of_list else []
        text = reason.strip()
        if not 5 <= len(text) <= 500:
            raise Invalid({"interest_reason": _l("请用 5 至 500 个字写明核实了什么、为什么仍然可以支付。")})
        if private_words({"reason": text}, names):
            raise Invalid(
                {"interest_reason": _l("理由会永久保存，请不要写姓名、证件号、电话或账号，写“第几行”即可。")}
            )
        session.add(
            InterestNote(
                disbursement_id=payout.id,
                version=payout.version,
                reason=text,
                noted_by_id=by.id,
                noted_at=now(),
            )
        )
        kinds = sorted({one.kind.value for one in interests_in(session, payout, by)})
        audit.record(
            session,
            staff=by,
            action="disbursement.interest_explained",
            subject_kind="disbursement",
            subject_id=payout.id,
            detail={"kinds": kinds, "reason": text},
        )


def require_reason(session: Session, disbursement_id: int, by: StaffMember) -> None:
    """Before a payout is approved: if somebody has an interest in it, this reviewer wrote down why.

    Raises:
        Conflict: no reason was written for this version.
    """
    payout = payouts.find(session, disbursement_id)
    if payout is None or notes_on(session, payout.id, version=payout.version, by=by):
        return
    if interests_in(session, payout, by):
        raise Conflict(
            _l("名单里有人与捐赠人、负责人或经办人同名或同号。请先在“利害关系”里写明核实的结果，再同意。")
        )


def notes_on(
    session: Session, disbursement_id: int, *, version: int | None = None, by: StaffMember | None = None
) -> Sequence[InterestNote]:
    """The reasons that were written, in order."""
    query = select(InterestNote).where(InterestNote.disbursement_id == disbursement_id)
    if version is not None:
        query = query.where(InterestNote.version == version)
    if by is not None:
        query = query.where(InterestNote.noted_by_id == by.id)
    return session.scalars(query.order_by(InterestNote.id)).all()


def _payout(session: Session, disbursement_id: int, by: StaffMember) -> Payout:
    payout = payouts.find(session, disbursement_id)
    if payout is None or not by.scope.permits(payout.organisation_id, None):
        raise NotFound(_l("没有找到这笔支出。"))
    return payout


def _gave_to(payout: Payout) -> list[ColumnElement[bool]]:
    return [
        Donation.fund_id == payout.fund_id,
        Donation.state == DocumentState.POSTED,
        Donation.erased_at.is_(None),
    ]


def _donor_names(session: Session, payout: Payout, names: Sequence[str]) -> set[str]:
    """Of the names, those of donors of the fund who have a record. A name on a list of small gifts says nothing."""
    if not names:
        return set()
    gave = select(Donation.id).where(Donation.donor_id == Donor.id, *_gave_to(payout)).exists()
    query = select(Donor.name).where(
        Donor.organisation_id == payout.organisation_id, is_any_of(session, Donor.name, names), gave
    )
    return {named(name) for name in session.scalars(query.distinct())}


def _donor_phones(session: Session, payout: Payout, of_list: BeneficiaryList) -> set[str | None]:
    query = (
        select(DonorContact.digest)
        .join(Donor, Donor.id == DonorContact.donor_id)
        .join(Beneficiary, Beneficiary.phone_digest == DonorContact.digest)
        .join(Donation, Donation.donor_id == Donor.id)
        .where(Beneficiary.list_id == of_list.id, *_gave_to(payout))
    )
    return set(session.scalars(query.distinct()))


def _officers(session: Session, payout: Payout) -> set[str]:
    organisation = session.get_one(Organisation, payout.organisation_id)
    fund = session.get_one(Fund, payout.fund_id)
    of_both = or_(
        (Officer.subject_kind == SubjectKind.ORGANISATION) & (Officer.subject_id == organisation.id),
        (Officer.subject_kind == SubjectKind.FUND) & (Officer.subject_id == fund.id),
    )
    names = session.scalars(
        select(Officer.name).where(of_both, or_(Officer.until.is_(None), Officer.until >= today()))
    )
    return {named(name) for name in (*names, organisation.legal_representative) if name}


def _hands(session: Session, payout: Payout, viewer: StaffMember | None) -> set[str]:
    ids = set(payout.makers) | ({viewer.id} if viewer is not None and viewer.role is Role.REVIEWER else set())
    names = session.scalars(select(StaffMember.display_name).where(StaffMember.id.in_(ids)))
    return {named(name) for name in names}
