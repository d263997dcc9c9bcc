"""Whose site the papers lead to, as the registry and the settings say."""

from portal.db import db
from portal.i18n import gettext as _
from portal.registry.geography import current_district
from portal.reports.pages import base_address
from portal.reports.papers import Publisher


def current_publisher() -> Publisher:
    """The publisher of this site's papers."""
    district = current_district(db.session())
    return Publisher(
        _("%(district)s慈善阳光账本", district=district.name if district else ""),
        base_address(),
        demonstration=bool(district and district.demonstration),
    )
