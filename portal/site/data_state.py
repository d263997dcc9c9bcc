"""A name for what is committed in the database: the same name, the same data. Asking for it costs microseconds.

SQLite tells a connection whether others have committed since it last looked (``PRAGMA data_version``); PostgreSQL tells
which transactions a reader sees (``pg_current_snapshot()``). Nothing is written for it, so posting pays nothing, and
what somebody changes by hand changes the name as well. The name means nothing in another process.
"""

from threading import Lock

from sqlalchemy import Engine, PoolProxiedConnection, event

_ASK = {
    "sqlite": "PRAGMA data_version",
    # A replica's snapshot does not say all: there nothing is kept.
    "postgresql": "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_snapshot()::text END",
}


class DataState:
    """Asks over one connection of its own, which never writes: SQLite answers by comparing with its last look."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = Lock()
        self._connection: PoolProxiedConnection | None = None
        self._looks = 0
        event.listen(engine, "engine_disposed", lambda _engine: self.close())

    def name(self) -> str | None:
        """The name of the state; None where nothing can be said.

        It is asked before a page reads: then the page shows this state, or a later one, under which it is not found.
        """
        with self._lock:
            try:
                connection = self._connected()
                cursor = connection.cursor()
                try:
                    answer = cursor.execute(_ASK[self._engine.dialect.name]).fetchone()[0]
                finally:
                    cursor.close()
            except self._engine.dialect.loaded_dbapi.Error:
                self._close()
                return None
            return None if answer is None else f"{self._looks}.{answer}"

    def close(self) -> None:
        """Give the connection up; the next question opens another, under other names."""
        with self._lock:
            self._close()

    def _connected(self) -> PoolProxiedConnection:
        if self._connection is None:
            connection = self._engine.raw_connection()
            connection.detach()
            if self._engine.dialect.name == "postgresql":
                connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]
            self._connection = connection
            # SQLite counts from the same number on every connection.
            self._looks += 1
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
