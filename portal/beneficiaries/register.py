"""Persons who were helped, at the desk: found by what they state, looked at in full on record, erased on request."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from portal.beneficiaries import payouts
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.beneficiaries.person import Person
from portal.beneficiaries.sameness import is_same_as
from portal.db import take_row, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit, quota
from portal.staff.models import StaffMember

SUBJECT = "beneficiary"
MOST_FOUND = 100


def look_up(session: Session, text: str, by: StaffMember) -> Sequence[Beneficiary]:
    """Rows of persons whose document, name or telephone number is exactly this, newest first.

    Only whole words are found: half a name or number would let one fish for persons.
    """
    stated = Person(name=text, document_no=text, phone=text).tidy()
    digests = stated.digests()
    wanted = [
        column == digest
        for column in (Beneficiary.document_digest, Beneficiary.name_digest, Beneficiary.phone_digest)
        if (digest := digests[column.key]) is not None
    ]
    if not wanted:
        return []
    query = (
        select(Beneficiary)
        .join(BeneficiaryList, BeneficiaryList.id == Beneficiary.list_id)
        .where(or_(*wanted), Beneficiary.state != PersonState.LEFT_OUT, BeneficiaryList.dropped_at.is_(None))
        .options(joinedload(Beneficiary.on_list).joinedload(BeneficiaryList.organisation))
    )
    if by.scope.organisation_id is not None:
        query = query.where(BeneficiaryList.organisation_id == by.scope.organisation_id)
    return session.scalars(query.order_by(Beneficiary.id.desc()).limit(MOST_FOUND)).all()


def find(session: Session, beneficiary_id: int, by: StaffMember, *, lock: bool = False) -> Beneficiary:
    """A person within reach; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, Beneficiary, beneficiary_id, lock=lock)
    of_list = session.get(BeneficiaryList, found.list_id) if found else None
    if found is None or of_list is None or not by.scope.permits(of_list.organisation_id, None):
        raise NotFound(_l("没有找到这位受益人。"))
    return found


def reveal(beneficiary_id: int, by: StaffMember) -> Person:
    """The whole of what is known of a person; that it was looked at stays in the audit trail.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: the person was erased.
        Forbidden: the day's quota of full views is used up; that is on record, too.
    """
    try:
        with writing() as session:
            found = find(session, beneficiary_id, by)
            if found.erased_at is not None:
                raise Conflict(_l("这个人的信息已经按要求删除。"))
            quota.require_full_view(session, by)
            audit.record(
                session, staff=by, action="beneficiary.revealed", subject_kind=SUBJECT, subject_id=found.id
            )
            return Person.of(found)
    except quota.QuotaUsedUp:
        quota.note_refusal(by, SUBJECT, beneficiary_id)
        raise


def aid_of(session: Session, person: Beneficiary, by: StaffMember) -> Sequence[Beneficiary]:
    """Every row of the same person within reach, newest first."""
    query = (
        select(Beneficiary)
        .join(BeneficiaryList, BeneficiaryList.id == Beneficiary.list_id)
        .where(is_same_as(person), Beneficiary.state != PersonState.LEFT_OUT)
        .options(joinedload(Beneficiary.on_list).joinedload(BeneficiaryList.organisation))
    )
    if by.scope.organisation_id is not None:
        query = query.where(BeneficiaryList.organisation_id == by.scope.organisation_id)
    return session.scalars(query.order_by(Beneficiary.id.desc()).limit(MOST_FOUND)).all()


def erase(beneficiary_id: int, by: StaffMember, confirmed: str) -> int:
    """Forget who a person is on every list of the organisation (个人信息保护法 47); return on how many rows.

    Amounts, groups and counts stay, and every proof holds: no leaf of the log ever held anything of the person.

    Raises:
        NotFound: there is none, or none for this person.
        Invalid: the words typed to confirm are not the name.
        Conflict: the person was erased before, or a payout to them is under way.
    """
    with writing() as session:
        found = find(session, beneficiary_id, by, lock=True)
        if found.erased_at is not None:
            raise Conflict(_l("这个人的信息已经删除。"))
        if confirmed.strip() != Person.of(found).name:
            raise Invalid({"confirmed": _l("请照抄这个人的姓名，确认要删除。")})
        own = session.get_one(BeneficiaryList, found.list_id).organisation_id
        rows = session.scalars(
            select(Beneficiary)
            .join(BeneficiaryList, BeneficiaryList.id == Beneficiary.list_id)
            .where(is_same_as(found), BeneficiaryList.organisation_id == own)
        ).all()
        for row in rows:
            _require_done(session, row)
        for row in rows:
            _erase(row)
            audit.record(
                session, staff=by, action="beneficiary.erased", subject_kind=SUBJECT, subject_id=row.id
            )
        return len(rows)


def _require_done(session: Session, row: Beneficiary) -> None:
    of_list = session.get_one(BeneficiaryList, row.list_id)
    payout = payouts.find(session, of_list.disbursement_id)
    if payout is not None and payout.entry_id is None and payout.state not in payouts.GONE:
        raise Conflict(
            _l(
                "%(no)s 还没有支付完，付款还要用到这个人的账号。请先付完或撤回，再删除。",
                no=payout.disbursement_no,
            )
        )


def _erase(row: Beneficiary) -> None:
    row.sealed = None
    row.document_digest = row.name_digest = row.phone_digest = row.account_digest = None
    row.name_phone_digest = row.name_account_digest = None
    row.return_reason = ""
    row.erased_at = now()
