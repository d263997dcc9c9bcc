"""Donation stations: a code of their own, a street, and a community of that street."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.refusals import Invalid
from portal.registry.models import AcceptedKind, Station, StationAccepted, SubjectKind
from portal.registry.services import checks
from portal.registry.services.keeping import Act, Errors, Keeper


@dataclass(frozen=True, kw_only=True)
class StationDetails:
    """What is registered about a station. ``organisation`` is the operator's credit code."""

    code: str
    name: str
    organisation: str
    street: str
    community: str | None = None
    address: str = ""
    hours: str = ""
    accepts: str = ""
    accepted: tuple[AcceptedKind, ...] = ()


class _Stations(Keeper[Station, StationDetails]):
    subject = SubjectKind.STATION

    def details(self, thing: Station) -> StationDetails:
        return StationDetails(
            code=thing.code,
            name=thing.name,
            organisation=thing.organisation.uscc,
            street=thing.street.code,
            community=thing.community.code if thing.community else None,
            address=thing.address,
            hours=thing.hours,
            accepts=thing.accepts,
            accepted=thing.accepted,
        )

    def columns(
        self, session: Session, details: StationDetails, existing: Station | None, act: Act
    ) -> dict[str, Any]:
        errors: Errors = {}
        code = checks.own_code(errors, session, Station, details.code, existing)
        texts = checks.texts(
            errors, Station, details, ("name", "address", "hours", "accepts"), required="name address"
        )
        organisation = checks.owner(errors, session, details.organisation, act.scope, existing)
        street = checks.street(errors, session, details.street)
        if not details.street:
            errors["street"] = _("请选择站点所在的街道。")
        community = checks.community(errors, session, details.community, street)
        if errors or organisation is None or street is None:
            raise Invalid(errors)
        return {
            **texts,
            "code": code,
            "organisation_id": organisation.id,
            "street_id": street.id,
            "community_id": community.id if community else None,
            "accepted_rows": _rows(details, existing),
        }

    def organisation_id(self, thing: Station) -> int:
        return thing.organisation_id


def _rows(details: StationDetails, existing: Station | None) -> list[StationAccepted]:
    kept = {row.kind: row for row in existing.accepted_rows} if existing else {}
    wanted = [one for one in AcceptedKind if one in details.accepted]
    return [kept.get(one) or StationAccepted(kind=one) for one in wanted]


STATIONS = _Stations(Station)
"""Keeps the donation stations."""
