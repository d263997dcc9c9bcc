"""What the desk shows of each kind of thing: its words, its form, its facts and its history in words."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from sqlalchemy.orm import Session

from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.registry.forms import (
    CampaignForm,
    FundForm,
    LandmarkForm,
    OrganisationForm,
    ProjectForm,
    RegistryForm,
    StationForm,
)
from portal.registry.labels import FIELD_LABELS
from portal.registry.models import (
    AcceptedKind,
    FundKind,
    LandmarkKind,
    OrganisationKind,
    ProjectCategory,
    Status,
)
from portal.registry.purposes import CharitablePurpose
from portal.registry.services import changes
from portal.registry.services.campaigns import CAMPAIGNS
from portal.registry.services.funds import FUNDS
from portal.registry.services.keeping import Keeper
from portal.registry.services.landmarks import LANDMARKS
from portal.registry.services.organisations import ORGANISATIONS
from portal.registry.services.projects import PROJECTS
from portal.registry.services.stations import STATIONS

_LISTED: dict[str, type[StrEnum]] = {"purposes": CharitablePurpose, "accepted": AcceptedKind}
"""Fields that hold several members of an enumeration."""


@dataclass(frozen=True)
class Sheet:
    """One kind of thing on the desk; ``word`` is its part of the address."""

    word: str
    keeper: Keeper[Any, Any]
    form: type[RegistryForm]
    title: LazyString
    new: LazyString
    why_empty: LazyString
    kinds: type[StrEnum] | None = None

    def endpoint(self, action: str) -> str:
        """The endpoint of one of its pages, as the table of access names it."""
        return f"registry_desk.{self.keeper.subject.value}_{action}"

    def code(self, thing: Any) -> str:
        """The code in a thing's address."""
        return str(getattr(thing, self.keeper.code_field))

    @property
    def code_label(self) -> LazyString:
        """What that code is called."""
        return FIELD_LABELS[self.keeper.code_field]

    def facts(self, thing: Any) -> list[tuple[Any, str]]:
        """Label and words of everything that is known about a thing."""
        details = asdict(self.keeper.details(thing))
        return [
            (FIELD_LABELS[field], self._named(thing, field, value))
            for field, value in details.items()
            if field not in (self.keeper.code_field, "name")
        ]

    def history(self, session: Session, thing: Any) -> list["ShownChange"]:
        """The changes of a thing in words, the newest first."""
        return [
            ShownChange(
                change,
                [
                    (
                        FIELD_LABELS.get(one.field, one.field),
                        self.words(one.field, one.before),
                        self.words(one.field, one.after),
                    )
                    for one in change.differences
                ],
            )
            for change in changes.history(session, self.keeper.subject, thing.id)
        ]

    def words(self, field: str, value: Any) -> str:
        """A kept value as people read it."""
        if value is None or value in ("", ()):
            return "—"
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, date):
            return value.isoformat()
        if field in _LISTED:
            named = value.split("、") if isinstance(value, str) else value
            return "、".join(str(label(_LISTED[field](one))) for one in named)
        if isinstance(value, tuple):
            return "、".join(value)
        enumeration = {"status": Status, "kind": self.kinds, "category": ProjectCategory}.get(field)
        return str(label(enumeration(value))) if enumeration else str(value)

    def _named(self, thing: Any, field: str, value: Any) -> str:
        related = getattr(thing, field, None)
        if isinstance(value, tuple) and value and field not in _LISTED:
            return "、".join(f"{one.name}（{one.code}）" for one in related or ())
        if related is not None and hasattr(related, "name") and not isinstance(related, StrEnum):
            return f"{related.name}（{value}）"
        return self.words(field, value)


@dataclass(frozen=True)
class ShownChange:
    """One change in words: label, before, after of each column that differs."""

    change: changes.Change
    lines: list[tuple[Any, str, str]]


SHEETS = {
    sheet.word: sheet
    for sheet in (
        Sheet(
            "organisations",
            ORGANISATIONS,
            OrganisationForm,
            _l("慈善组织"),
            _l("登记慈善组织"),
            _l("这里列出本区登记的慈善组织。还没有登记，或者没有符合条件的。"),
            OrganisationKind,
        ),
        Sheet(
            "funds",
            FUNDS,
            FundForm,
            _l("基金"),
            _l("设立基金"),
            _l("这里列出各组织的基金。还没有设立，或者没有符合条件的。"),
            FundKind,
        ),
        Sheet(
            "stations",
            STATIONS,
            StationForm,
            _l("捐赠站点"),
            _l("登记捐赠站点"),
            _l("这里列出街道和社区的捐赠站点。还没有登记，或者没有符合条件的。"),
        ),
        Sheet(
            "projects",
            PROJECTS,
            ProjectForm,
            _l("慈善项目"),
            _l("登记慈善项目"),
            _l("这里列出各组织的慈善项目。还没有登记，或者没有符合条件的。"),
        ),
        Sheet(
            "campaigns",
            CAMPAIGNS,
            CampaignForm,
            _l("公开募捐活动"),
            _l("登记公开募捐活动"),
            _l("这里列出已备案的公开募捐活动。还没有登记，或者没有符合条件的。"),
        ),
        Sheet(
            "landmarks",
            LANDMARKS,
            LandmarkForm,
            _l("慈善空间"),
            _l("登记慈善空间"),
            _l("这里列出慈善广场、慈善社区和慈善公园。还没有登记，或者没有符合条件的。"),
            LandmarkKind,
        ),
    )
}
