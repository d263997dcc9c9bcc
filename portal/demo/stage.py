"""What every part of the demonstration needs at hand while it plays."""

from dataclasses import dataclass
from datetime import date
from random import Random

from sqlalchemy.orm import Session

from portal.demo.registering import Registered
from portal.periods import Month
from portal.registry.models import Station
from portal.staff.models import StaffMember


@dataclass
class Stage:
    """The transaction, the dice, the registry, the people at the desk, and the day on which all of it is made."""

    session: Session
    random: Random
    made: Registered
    clerk: StaffMember
    reviewer: StaffMember
    second_reviewer: StaffMember
    station_clerk: StaffMember
    station: Station
    today: date
    keys: int = 0

    def key(self) -> str:
        """The next idempotency key."""
        self.keys += 1
        return f"demonstration-{self.keys}"

    def recent_day(self) -> date:
        """A day of this week in a month whose books are open."""
        days = min(6, (self.today - Month.of(self.today).first).days)
        return date.fromordinal(self.today.toordinal() - self.random.randint(0, days))
