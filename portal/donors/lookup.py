"""Find a donor while a clerk types: by name, pinyin, initials, or telephone number; and find likely doubles."""

import unicodedata
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from portal.donors.contacts import ContactTyped, phone_digests
from portal.donors.models import Donor, DonorContact, DonorKind
from portal.staff.models import StaffMember

MATCHES = 8
PAGE = 50
_DIGITS_ENOUGH = 4


def look_up(
    session: Session, text: str, by: StaffMember, *, organisation_id: int | None = None
) -> list[Donor]:
    """At most eight donors whose name holds a text, whose pinyin or initials begin with it, or whose number it is.

    Digits are compared with whole numbers and their last four digits. One who was merged is found as the one that was
    kept.
    """
    wanted = unicodedata.normalize("NFKC", text).strip()
    if not wanted:
        return []
    query = _within(select(Donor), by).where(Donor.erased_at.is_(None), _matches(wanted))
    if organisation_id is not None:
        query = query.where(Donor.organisation_id == organisation_id)
    query = query.order_by(Donor.name != wanted, func.length(Donor.name), Donor.id.desc())
    found: dict[int, Donor] = {}
    for donor in session.scalars(query.limit(MATCHES * 3)):
        kept = root_of(session, donor)
        found.setdefault(kept.id, kept)
    return list(found.values())[:MATCHES]


def page(session: Session, by: StaffMember, *, text: str = "", before: int | None = None) -> Sequence[Donor]:
    """Donors within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(Donor), by).where(Donor.erased_at.is_(None), Donor.merged_into_id.is_(None))
    wanted = unicodedata.normalize("NFKC", text).strip()
    if wanted:
        query = query.where(_matches(wanted))
    if before is not None:
        query = query.where(Donor.id < before)
    return session.scalars(query.order_by(Donor.id.desc()).limit(PAGE)).all()


def body_called(session: Session, name: str, kind: DonorKind, organisation_id: int) -> Donor | None:
    """The registered body with a name, if an organisation knows it."""
    query = select(Donor).where(
        Donor.organisation_id == organisation_id,
        Donor.name == name,
        Donor.kind == kind,
        Donor.erased_at.is_(None),
    )
    found = session.scalars(query.order_by(Donor.id).limit(1)).first()
    return root_of(session, found) if found else None


def with_contact(
    session: Session, name: str, contact: ContactTyped, by: StaffMember, organisation_id: int
) -> Donor | None:
    """The donor with a name and a contact, if an organisation knows one."""
    query = (
        _within(select(Donor), by)
        .join(DonorContact, DonorContact.donor_id == Donor.id)
        .where(
            Donor.organisation_id == organisation_id,
            Donor.name == name,
            Donor.erased_at.is_(None),
            DonorContact.digest == contact.digest,
        )
    )
    found = session.scalars(query.order_by(Donor.id).limit(1)).first()
    return root_of(session, found) if found else None


def doubles_of(session: Session, donor: Donor, by: StaffMember) -> Sequence[Donor]:
    """Donors of the organisation who may be the same: an equal name, or an equal contact."""
    mine = select(DonorContact.digest).where(DonorContact.donor_id == donor.id)
    sharing = select(DonorContact.donor_id).where(DonorContact.digest.in_(mine))
    query = _within(select(Donor), by).where(
        Donor.organisation_id == donor.organisation_id,
        Donor.id != donor.id,
        Donor.merged_into_id.is_(None),
        Donor.erased_at.is_(None),
        or_(Donor.name == donor.name, Donor.id.in_(sharing)),
    )
    return session.scalars(query.order_by(Donor.id).limit(PAGE)).all()


def with_doubles(session: Session, by: StaffMember) -> Sequence[Donor]:
    """Donors who share name and kind with a later one, to go through and merge."""
    other = aliased(Donor)
    later = (
        select(other.id)
        .where(
            other.organisation_id == Donor.organisation_id,
            other.name == Donor.name,
            other.kind == Donor.kind,
            other.id > Donor.id,
            other.merged_into_id.is_(None),
            other.erased_at.is_(None),
        )
        .exists()
    )
    query = _within(select(Donor), by).where(Donor.merged_into_id.is_(None), Donor.erased_at.is_(None), later)
    return session.scalars(query.order_by(Donor.name, Donor.id).limit(PAGE)).all()


def root_of(session: Session, donor: Donor) -> Donor:
    """The donor that was kept when this one was merged, perhaps more than once."""
    while donor.merged_into_id is not None:
        donor = session.get_one(Donor, donor.merged_into_id)
    return donor


def _matches(wanted: str) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Donor.name.contains(wanted, autoescape=True)]
    letters = "".join(one for one in wanted.lower() if one.isalnum())
    if letters.isascii() and letters:
        conditions.append(Donor.pinyin.startswith(letters, autoescape=True))
        conditions.append(Donor.initials.startswith(letters, autoescape=True))
    digits = "".join(one for one in wanted if one.isascii() and one.isdigit())
    if len(digits) >= _DIGITS_ENOUGH and len(digits) >= len(wanted) - 4:
        whole, tail = phone_digests(digits)
        ids = select(DonorContact.donor_id)
        hit = DonorContact.digest == whole
        conditions.append(
            Donor.id.in_(
                ids.where(hit | (DonorContact.tail_digest == tail) if len(digits) == _DIGITS_ENOUGH else hit)
            )
        )
    return or_(*conditions)


def _within(query: Select[Donor], by: StaffMember) -> Select[Donor]:
    scope = by.scope
    if scope.organisation_id is not None:
        query = query.where(Donor.organisation_id == scope.organisation_id)
    if scope.station_id is not None:
        query = query.where(Donor.station_id == scope.station_id)
    return query
