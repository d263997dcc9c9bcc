"""The files that are given away: which there are, and each of them in its present state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from flask_babel import force_locale
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.i18n import DEFAULT_LOCALE
from portal.opendata.catalogue import Catalogue, brought_up_to_date
from portal.opendata.export import Export, Publisher
from portal.opendata.formats import FileFormat
from portal.opendata.shelf import Kept, Shelf
from portal.opendata.slices import WHOLE, Slice, years_of
from portal.registry.geography import current_district
from portal.turns import taking_turns

ROOM = "open-data"


@dataclass(frozen=True)
class Taken:
    """A file and the slice it was made of."""

    slice: Slice
    format: FileFormat
    kept: Kept


class OpenData:
    """What one portal gives away. Holds what is known of its months; safe to share between threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._shelf = Shelf(Path(settings.storage_dir) / ROOM)
        self._known = Catalogue()
        self._lock = Lock()

    def catalogue(self, session: Session) -> Catalogue:
        """The months of the session's snapshot; it is taken anew where another thread knows a newer one."""
        known = self._known
        found = brought_up_to_date(session, known)
        if found.size < known.size:
            session.rollback()
            found = brought_up_to_date(session, known)
        with self._lock:
            self._known = found
        return found

    def take(self, session: Session, name: str, wanted: FileFormat) -> Taken:
        """A file of a month, a year or everything, made where it does not lie on the shelf yet.

        Raises:
            NotFound: nothing happened then, or nothing that goes into this format.
            Unavailable: it has to be made, and as many are made already as may be.
        """
        catalogue = self.catalogue(session)
        one = catalogue.find(name)
        export = self.export(session, catalogue, one)
        kept = self._shelf.lying(one, wanted.kept_name(export))
        if kept is None:
            with taking_turns(), _as_source_language():
                kept = self._shelf.take(
                    one, wanted.kept_name(export), lambda path: wanted.write(export, path)
                )
        return Taken(one, wanted, kept)

    def sizes(self, one: Slice) -> dict[str, int]:
        """The files of a slice that were made already, by file name, and their length in bytes."""
        return self._shelf.sizes(one)

    def export(self, session: Session, catalogue: Catalogue, one: Slice) -> Export:
        """What the makers of files are given."""
        district = current_district(session)
        publisher = Publisher(
            self._settings.site_address,
            district.code if district else "",
            district.name if district else "",
            demonstration=bool(district and district.demonstration),
        )
        return Export(session, catalogue, one, self._shelf, publisher)

    def write(self, export: Export, wanted: FileFormat, path: Path) -> None:
        """Write a file somewhere else than on the shelf."""
        with _as_source_language():
            wanted.write(export, path)

    def sweep(self, session: Session) -> int:
        """Remove every file that shows what is no longer shown; return how many states of slices went."""
        if self._shelf.is_empty:
            return 0
        catalogue = self.catalogue(session)
        slices = [*catalogue.months, *years_of(catalogue.months)]
        return self._shelf.sweep([*slices, catalogue.find(WHOLE)])


@contextmanager
def _as_source_language() -> Iterator[None]:
    """Files are the same for everybody, whatever language a reader has chosen."""
    with force_locale(DEFAULT_LOCALE):
        yield
