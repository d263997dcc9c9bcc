"""Which keeper keeps which kind of thing."""

from typing import Any

from portal.registry.models import SubjectKind
from portal.registry.services.campaigns import CAMPAIGNS
from portal.registry.services.funds import FUNDS
from portal.registry.services.keeping import Keeper
from portal.registry.services.landmarks import LANDMARKS
from portal.registry.services.organisations import ORGANISATIONS
from portal.registry.services.projects import PROJECTS
from portal.registry.services.stations import STATIONS

KEEPERS: dict[SubjectKind, Keeper[Any, Any]] = {
    keeper.subject: keeper for keeper in (ORGANISATIONS, FUNDS, STATIONS, PROJECTS, CAMPAIGNS, LANDMARKS)
}
"""All of them, in the order in which a register is taken in: what belongs to another comes after it."""


def keeper_of(kind: SubjectKind) -> Keeper[Any, Any]:
    """The keeper of one kind of thing."""
    return KEEPERS[kind]
