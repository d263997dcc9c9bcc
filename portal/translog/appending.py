"""Adding leaves, inside the transaction of whatever they record: both are there, or neither."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from portal.db import Base, connection_of, insert_many
from portal.periods import now
from portal.translog.canonical import canonical
from portal.translog.models import Leaf, LogHead, Node
from portal.translog.tiles import HEIGHT
from portal.translog.tree import Frontier, leaf_hash

# Statements that every posting runs are built once: building one costs more than running it.
_HEAD = Base.metadata.tables[LogHead.__tablename__]
_LOCK = select(_HEAD.c.size, _HEAD.c.frontier).where(_HEAD.c.id == 1).with_for_update()
_MOVE = update(_HEAD).where(_HEAD.c.id == 1)


class Appending:
    """The end of the log, locked until the transaction ends. Leaves are added, then written all at once."""

    def __init__(self, session: Session) -> None:
        if not session.info.get("writing"):
            raise RuntimeError("leaves are added inside writing()")
        self._session = session
        head = connection_of(session).execute(_LOCK).one_or_none()
        if head is None:
            session.execute(insert(LogHead).values(id=1, size=0, frontier=b""))
        self._frontier = Frontier.unpack(head.size, head.frontier) if head else Frontier.empty()
        self._leaves: list[dict[str, object]] = []
        self._nodes: list[dict[str, object]] = []

    @property
    def size(self) -> int:
        """How many leaves there are: the index of the next."""
        return self._frontier.size

    def add(self, document: Mapping[str, Any]) -> int:
        """Add a leaf; its index is put in as ``seq``. Returns the index."""
        return self.add_bytes(canonical({"v": 1, "seq": self._frontier.size, **document}))

    def add_bytes(self, data: bytes) -> int:
        """Add a leaf that was published before, byte for byte. Returns its index."""
        index = self._frontier.size
        hashed = leaf_hash(data)
        self._leaves.append({"index": index, "data": data, "hash": hashed})
        for level, at, node in self._frontier.append(hashed):
            if level % HEIGHT == 0:
                self._nodes.append({"level": level // HEIGHT, "index": at, "hash": node})
        return index

    def write(self) -> None:
        """Store what was added."""
        if not self._leaves:
            return
        insert_many(self._session, Leaf, self._leaves)
        insert_many(self._session, Node, self._nodes)
        connection_of(self._session).execute(
            _MOVE, {"size": self._frontier.size, "frontier": self._frontier.pack(), "written_at": now()}
        )
        self._leaves, self._nodes = [], []


def append(session: Session, document: Mapping[str, Any]) -> int:
    """Add a single leaf and return its index."""
    log = Appending(session)
    index = log.add(document)
    log.write()
    return index
