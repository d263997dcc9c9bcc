"""How far a person's work reaches: the whole district, one organisation, or one station of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """``None`` means everything on that level."""

    organisation_id: int | None = None
    station_id: int | None = None

    @classmethod
    def district(cls) -> "Scope":
        """The whole district."""
        return cls()

    def permits(self, organisation_id: int | None, station_id: int | None) -> bool:
        """Whether a thing of an organisation and station lies within."""
        if self.organisation_id is not None and self.organisation_id != organisation_id:
            return False
        return self.station_id is None or self.station_id == station_id
