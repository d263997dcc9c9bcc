"""What the log says of a published piece (docs/adr/0011), and whether the file behind it is still the same."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from portal.evidence.attaching import ROOM
from portal.evidence.models import Evidence, Redaction
from portal.files import storage
from portal.translog.models import Leaf

Finding = tuple[str, str | None, str]


def evidence_leaf(piece: Evidence, day: date) -> dict[str, Any]:
    """The leaf that fixes a published version: which thing it is about, what it is, and the hash of its bytes."""
    redaction = piece.redaction
    if redaction is None:
        raise ValueError("there is nothing to publish")
    return {
        "kind": "evidence",
        "date": day.isoformat(),
        "subject": piece.subject_kind,
        "document": piece.subject_no,
        "evidence": piece.kind.value,
        "sha256": redaction.sha256,
    }


def erasure_leaf(index: int, day: date) -> dict[str, Any]:
    """The leaf that says that the file of an earlier leaf was deleted; it gives no reason."""
    return {"kind": "erasure", "date": day.isoformat(), "of": index}


def lost_evidence(session: Session) -> Iterator[Finding]:
    """Pieces that the log says were published, which nobody has any more and no leaf says were deleted."""
    if not inspect(session.connection()).has_table(Evidence.__tablename__):
        return  # an older copy of the books, before it is migrated
    known = set(session.scalars(select(Evidence.leaf_index).where(Evidence.leaf_index.is_not(None))))
    for index, document in _said_published(session):
        if index not in known:
            yield "evidence", document, f"what leaf {index} says was published is gone"


def _said_published(session: Session) -> Iterator[tuple[int, str]]:
    rows = session.execute(
        select(Leaf.index, Leaf.data).order_by(Leaf.index).execution_options(yield_per=5_000)
    )
    for index, data in rows:
        # Leaves are canonical JSON: the kind stands in them as these very bytes.
        if b'"kind":"evidence"' in data:
            leaf = json.loads(data)
            if leaf.get("kind") == "evidence":
                yield index, leaf["document"]


def doubtful_evidence(session: Session) -> Iterator[Finding]:
    """Published pieces whose leaf says another hash, or whose file is missing or is not the one that was published."""
    if not inspect(session.connection()).has_table(Evidence.__tablename__):
        return  # an older copy of the books, before it is migrated
    rows = session.execute(
        select(Evidence, Redaction.sha256, Leaf.data)
        .join(Redaction, (Redaction.evidence_id == Evidence.id) & (Redaction.number == Evidence.version))
        .outerjoin(Leaf, Leaf.index == Evidence.leaf_index)
        .where(Evidence.leaf_index.is_not(None))
        .order_by(Evidence.leaf_index)
    )
    for piece, sha256, data in rows:
        number = piece.subject_no
        leaf = json.loads(data) if data else {}
        said = (leaf.get("kind"), leaf.get("document"), leaf.get("sha256"))
        if said != ("evidence", number, sha256):
            yield "evidence", number, f"piece {piece.id} is not the one in the log"
        elif piece.erased_at is None and not storage.is_whole(ROOM, sha256):
            yield "evidence_file", number, f"the published file of piece {piece.id} is missing or was changed"
