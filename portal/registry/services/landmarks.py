"""Charity landmarks: squares, communities and parks, each in a street and kept by an organisation."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.refusals import Invalid
from portal.registry.models import Landmark, LandmarkKind, SubjectKind
from portal.registry.services import checks
from portal.registry.services.keeping import Act, Errors, Keeper


@dataclass(frozen=True, kw_only=True)
class LandmarkDetails:
    """What is registered about a landmark. ``organisation`` is the credit code of whoever keeps it."""

    code: str
    name: str
    kind: LandmarkKind
    organisation: str
    street: str
    address: str
    community: str | None = None
    opened_on: date | None = None
    description: str = ""


class _Landmarks(Keeper[Landmark, LandmarkDetails]):
    subject = SubjectKind.LANDMARK

    def details(self, thing: Landmark) -> LandmarkDetails:
        return LandmarkDetails(
            code=thing.code,
            name=thing.name,
            kind=thing.kind,
            organisation=thing.organisation.uscc,
            street=thing.street.code,
            address=thing.address,
            community=thing.community.code if thing.community else None,
            opened_on=thing.opened_on,
            description=thing.description,
        )

    def columns(
        self, session: Session, details: LandmarkDetails, existing: Landmark | None, act: Act
    ) -> dict[str, Any]:
        errors: Errors = {}
        code = checks.own_code(errors, session, Landmark, details.code, existing)
        texts = checks.texts(
            errors, Landmark, details, ("name", "address", "description"), required="name address"
        )
        organisation = checks.owner(errors, session, details.organisation, act.scope, existing)
        street = checks.street(errors, session, details.street)
        if not details.street:
            errors["street"] = _("请选择所在的街道。")
        community = checks.community(errors, session, details.community, street)
        checks.not_in_future(errors, opened_on=details.opened_on)
        if errors or organisation is None or street is None:
            raise Invalid(errors)
        return {
            **texts,
            "code": code,
            "kind": details.kind,
            "organisation_id": organisation.id,
            "street_id": street.id,
            "community_id": community.id if community else None,
            "opened_on": details.opened_on,
        }

    def organisation_id(self, thing: Landmark) -> int:
        return thing.organisation_id


LANDMARKS = _Landmarks(Landmark)
"""Keeps the landmarks."""
