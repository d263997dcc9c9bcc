"""Donors: enlist, mend, reveal a contact, merge doubles and undo it. Each function is one transaction."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.donors import vault
from portal.donors.contacts import ContactTyped
from portal.donors.models import Donor, DonorContact, DonorKind, DonorMerge
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.pinyin import initials_of, spelled
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit, quota
from portal.staff.models import StaffMember

SUBJECT = "donor"
KNOWN_BY_NAME = frozenset({DonorKind.ENTERPRISE, DonorKind.INSTITUTION})
"""Of a registered body there is one with a name; of persons there are many."""


@dataclass(frozen=True)
class DonorDetails:
    """Who a donor is."""

    name: str
    kind: DonorKind


def enlist(
    session: Session,
    details: DonorDetails,
    by: StaffMember,
    *,
    organisation_id: int,
    station_id: int | None = None,
) -> Donor:
    """Add a donor inside the caller's transaction."""
    donor = Donor(
        organisation_id=organisation_id,
        station_id=station_id,
        made_at=now(),
        maker_id=by.id,
        kind=details.kind,
        **_name(details.name),
    )
    session.add(donor)
    session.flush()
    audit.record(session, staff=by, action="donor.enlisted", subject_kind=SUBJECT, subject_id=donor.id)
    return donor


def find(session: Session, donor_id: int, by: StaffMember) -> Donor:
    """A donor within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    donor = session.get(Donor, donor_id)
    if donor is None or donor.erased_at or not by.scope.permits(donor.organisation_id, donor.station_id):
        raise NotFound(_l("没有找到这位捐赠人。"))
    return donor


def edit(donor_id: int, details: DonorDetails, by: StaffMember) -> Donor:
    """Change how a donor is called from now on; gifts keep the name under which they came.

    Raises:
        NotFound: there is none, or none for this person.
        Invalid: there is no name, or the kind has none.
    """
    with writing() as session:
        donor = find(session, donor_id, by)
        if not 1 <= len(details.name.strip()) <= 200:
            raise Invalid({"name": _l("请填写 1 至 200 个字的姓名或名称。")})
        if details.kind is DonorKind.ANONYMOUS:
            raise Invalid({"kind": _l("匿名的捐赠不建捐赠人档案。")})
        donor.kind = details.kind
        for column, value in _name(details.name.strip()).items():
            setattr(donor, column, value)
        audit.record(session, staff=by, action="donor.edited", subject_kind=SUBJECT, subject_id=donor.id)
        return donor


def add_contact(donor_id: int, contact: ContactTyped, by: StaffMember) -> Donor:
    """Note how a donor is reached; the same contact twice is one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    with writing() as session:
        donor = find(session, donor_id, by)
        keep_contact(session, donor, contact, by)
        return donor


def keep_contact(session: Session, donor: Donor, contact: ContactTyped, by: StaffMember) -> None:
    """Note a contact inside the caller's transaction."""
    if all(one.digest != contact.digest for one in donor.contacts):
        donor.contacts.append(contact.row())
        audit.record(
            session,
            staff=by,
            action="donor.contact_added",
            subject_kind=SUBJECT,
            subject_id=donor.id,
            detail={"kind": contact.kind.value},
        )


def remove_contact(donor_id: int, contact_id: int, by: StaffMember) -> None:
    """Forget a contact."""
    with writing() as session:
        donor = find(session, donor_id, by)
        donor.contacts.remove(_contact(donor, contact_id))
        audit.record(
            session, staff=by, action="donor.contact_removed", subject_kind=SUBJECT, subject_id=donor.id
        )


def reveal(donor_id: int, contact_id: int, by: StaffMember) -> str:
    """The whole of a contact; that it was looked at stays in the audit trail.

    Raises:
        NotFound: there is no such donor, or none for this person.
        Conflict: the contact is gone.
        Forbidden: the day's quota of full views is used up; that is on record, too.
    """
    try:
        with writing() as session:
            donor = find(session, donor_id, by)
            contact = _contact(donor, contact_id)
            quota.require_full_view(session, by)
            audit.record(
                session,
                staff=by,
                action="donor.contact_revealed",
                subject_kind=SUBJECT,
                subject_id=donor.id,
                detail={"kind": contact.kind.value},
            )
            return vault.unseal(contact.sealed)
    except quota.QuotaUsedUp:
        quota.note_refusal(by, SUBJECT, donor_id)
        raise


def merge(kept_id: int, merged_id: int, by: StaffMember) -> DonorMerge:
    """Take two donors for the same. Nothing is moved: the second points to the first, and can be let go again.

    Raises:
        NotFound: the one to keep is not there, or not for this person.
        Conflict: the other is not there, they are the same already, or of two organisations.
    """
    with writing() as session:
        kept = find(session, kept_id, by)
        try:
            merged = find(session, merged_id, by)
        except NotFound:
            raise Conflict(_l("没有找到要合并的那一位捐赠人，请刷新页面再选。")) from None
        if kept.id == merged.id or kept.merged_into_id or merged.merged_into_id:
            raise Conflict(_l("这位捐赠人已经合并过，请刷新页面看最新的状态。"))
        if kept.organisation_id != merged.organisation_id:
            raise Conflict(_l("两位捐赠人属于不同的组织，不能合并。"))
        merged.merged_into_id = kept.id
        record = DonorMerge(kept_id=kept.id, merged_id=merged.id, merged_at=now(), merged_by_id=by.id)
        session.add(record)
        session.flush()
        audit.record(
            session,
            staff=by,
            action="donor.merged",
            subject_kind=SUBJECT,
            subject_id=kept.id,
            detail={"merged": merged.id},
        )
        return record


def undo_merge(kept_id: int, merge_id: int, by: StaffMember) -> DonorMerge:
    """Let a merged donor go again, exactly as it was.

    Raises:
        NotFound: there is no such merge, or none for this person.
        Conflict: it was undone before.
    """
    with writing() as session:
        kept = find(session, kept_id, by)
        record = session.get(DonorMerge, merge_id, with_for_update=True)
        if record is None or record.kept_id != kept.id:
            raise NotFound(_l("没有找到这次合并。"))
        if record.undone_at is not None:
            raise Conflict(_l("这次合并已经撤销。"))
        record.undone_at, record.undone_by_id = now(), by.id
        session.get_one(Donor, record.merged_id).merged_into_id = None
        audit.record(
            session,
            staff=by,
            action="donor.merge_undone",
            subject_kind=SUBJECT,
            subject_id=kept.id,
            detail={"merged": record.merged_id},
        )
        return record


def erase(donor: Donor) -> None:
    """Forget who a donor is, inside the caller's transaction (PIPL 47)."""
    donor.name = donor.pinyin = donor.initials = ""
    donor.contacts.clear()
    donor.erased_at = now()


def merges_of(session: Session, donor: Donor) -> list[DonorMerge]:
    """What was merged into a donor and stands."""
    query = select(DonorMerge).where(DonorMerge.kept_id == donor.id, DonorMerge.undone_at.is_(None))
    return list(session.scalars(query.order_by(DonorMerge.id)))


def family(session: Session, donor: Donor) -> list[int]:
    """A donor and all that were merged into it, directly or in turn, by id."""
    found = [donor.id]
    edge = found
    while edge:
        edge = list(session.scalars(select(Donor.id).where(Donor.merged_into_id.in_(edge))))
        found = [*found, *edge]
    return found


def _contact(donor: Donor, contact_id: int) -> DonorContact:
    for one in donor.contacts:
        if one.id == contact_id:
            return one
    raise Conflict(_l("这个联系方式已经删除，请刷新页面。"))


def _name(name: str) -> dict[str, str]:
    return {"name": name, "pinyin": spelled(name), "initials": initials_of(name)}
