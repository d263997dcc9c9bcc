"""Whose record a gift belongs to: one that the clerk chose, one that cannot be anybody else's, or a new one."""

from sqlalchemy.orm import Session

from portal.donors import lookup
from portal.donors import service as donors
from portal.donors.contacts import read_contact
from portal.donors.models import ContactKind, Donor, DonorKind
from portal.giving.details import DonationDetails, Placement
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid, NotFound
from portal.staff.models import StaffMember


def donor_of(session: Session, details: DonationDetails, place: Placement, by: StaffMember) -> int | None:
    """The donor's record, made when there is none; None for a gift without a name.

    A person is only taken for a known one if the clerk chose so, or name and telephone number agree: two people of one
    name must not read each other's gifts.

    Raises:
        Invalid: the chosen donor is not one of this organisation, or the number is none.
    """
    contact = (
        read_contact(ContactKind.PHONE, details.donor_phone, "donor_phone") if details.donor_phone else None
    )
    if details.anonymous or not details.donor_name or details.donor_kind is DonorKind.ANONYMOUS:
        return None
    owner = place.organisation.id
    donor = _chosen(session, details, owner, by)
    if donor is None and details.donor_kind in donors.KNOWN_BY_NAME:
        donor = lookup.body_called(session, details.donor_name, details.donor_kind, owner)
    if donor is None and contact is not None:
        donor = lookup.with_contact(session, details.donor_name, contact, by, owner)
    if donor is None:
        donor = donors.enlist(
            session,
            donors.DonorDetails(details.donor_name, details.donor_kind),
            by,
            organisation_id=owner,
            station_id=place.station.id if place.station else None,
        )
    if contact is not None:
        donors.keep_contact(session, donor, contact, by)
    return donor.id


def _chosen(session: Session, details: DonationDetails, owner: int, by: StaffMember) -> Donor | None:
    if details.donor_id is None:
        return None
    try:
        donor = donors.find(session, details.donor_id, by)
    except NotFound:
        donor = None
    if donor is None or donor.organisation_id != owner:
        raise Invalid({"donor_name": _l("所选的捐赠人不在这个组织的档案里，请重新输入姓名。")})
    # The name was typed over after the choice: it is somebody else.
    return lookup.root_of(session, donor) if donor.name == details.donor_name else None
