"""Where a soak run happens: one database, one signing key, an organisation with three funds, a clerk and a reviewer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from portal import create_app
from portal.config import Settings
from portal.db import db, writing
from portal.translog.beginning import begin
from portal.translog.signing import FileSigner
from tests import databases, factories, people

FUNDS = 3


@dataclass(frozen=True)
class Scene:
    """A prepared portal; ``server`` is its PostgreSQL server where that may be killed."""

    app: Flask
    settings: Settings
    folder: Path
    server: databases.Cluster | None = None

    @property
    def engine(self) -> str:
        """The name of the database engine."""
        return "sqlite" if self.settings.database_file else "postgresql"

    @property
    def journals(self) -> Path:
        """The folder of journals."""
        return self.folder / "journals"

    @property
    def signer(self) -> FileSigner:
        """Whoever signs the log."""
        return FileSigner(self.settings.signing_key)

    def let_go(self) -> None:
        """Close all connections, so that whoever opens the database next has to recover it from a crash."""
        with self.app.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@contextmanager
def prepared(database_url: str, folder: Path, server: databases.Cluster | None = None) -> Iterator[Scene]:
    """A scene on a migrated, empty database; journals and key are kept in the folder."""
    settings = Settings(
        environment="test",
        database_url=database_url,
        storage_dir=folder / "storage",
        signing_key_file=folder / "signing.key",
    )
    scene = Scene(create_app(settings), settings, folder, server)
    scene.journals.mkdir(parents=True)
    with scene.app.app_context():
        begin(settings)
        with writing() as session:
            organisation = factories.organisation(session)
            for number in range(FUNDS):
                restriction = "助学" if number == 0 else ""
                factories.fund(
                    session,
                    organisation_id=organisation.id,
                    restricted=bool(restriction),
                    restriction=restriction,
                )
            factories.station(session, organisation_id=organisation.id)
        people.clerk()
        people.reviewer()
    scene.let_go()
    try:
        yield scene
    finally:
        scene.let_go()
