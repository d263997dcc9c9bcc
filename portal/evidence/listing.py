"""Pieces of evidence: one, those of a subject, those that wait, and what the public sees of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from portal.db import take_row
from portal.evidence.models import Evidence, EvidenceKind, Redaction
from portal.i18n import lazy_gettext as _l
from portal.periods import local
from portal.refusals import NotFound
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

_CHUNK = 500


@dataclass(frozen=True)
class PublicPiece:
    """A published piece as anybody may see it; of a withdrawn one only that it was there."""

    kind: EvidenceKind
    caption: str
    sha256: str
    thumbnail_sha256: str
    extension: str
    pages: int
    published_on: date
    withdrawn: bool


@dataclass(frozen=True)
class PublicFile:
    """A file that everybody may fetch."""

    sha256: str
    media_type: str
    extension: str


def find(session: Session, evidence_id: int, by: StaffMember, *, lock: bool = False) -> Evidence:
    """A piece within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, Evidence, evidence_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这份凭证。"))
    return found


def of_subject(session: Session, subject_kind: str, subject_id: int) -> Sequence[Evidence]:
    """All pieces of a subject, oldest first, with their versions."""
    query = select(Evidence).where(Evidence.subject_kind == subject_kind, Evidence.subject_id == subject_id)
    return session.scalars(query.options(selectinload(Evidence.redactions)).order_by(Evidence.id)).all()


def waiting(session: Session, by: StaffMember, *, limit: int) -> Sequence[Evidence]:
    """Pieces that wait to be published, oldest first."""
    query = _within(select(Evidence), by).where(Evidence.state == DocumentState.PENDING)
    query = query.options(joinedload(Evidence.maker), selectinload(Evidence.redactions))
    return session.scalars(query.order_by(Evidence.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many pieces wait to be published."""
    query = _within(select(func.count(Evidence.id)), by)
    return session.scalar(query.where(Evidence.state == DocumentState.PENDING)) or 0


def published_of(session: Session, subject_kind: str, ids: Iterable[int]) -> dict[int, list[PublicPiece]]:
    """What the public sees of subjects, by id, in the order in which it was published."""
    wanted, found = list(ids), defaultdict[int, list[PublicPiece]](list)
    for start in range(0, len(wanted), _CHUNK):
        rows = session.execute(
            select(Evidence, Redaction)
            .join(Redaction, (Redaction.evidence_id == Evidence.id) & (Redaction.number == Evidence.version))
            .where(
                Evidence.subject_kind == subject_kind,
                Evidence.subject_id.in_(wanted[start : start + _CHUNK]),
                Evidence.leaf_index.is_not(None),
            )
            .order_by(Evidence.leaf_index)
        )
        for piece, redaction in rows:
            found[piece.subject_id].append(_public(piece, redaction))
    return dict(found)


def public_file(session: Session, sha256: str) -> PublicFile:
    """A file that everybody may fetch: a published version or the small picture of one.

    Raises:
        NotFound: there is none; it is not told apart whether something of the kind waits or was withdrawn.
    """
    redaction = session.scalars(
        select(Redaction)
        .join(Evidence, (Redaction.evidence_id == Evidence.id) & (Redaction.number == Evidence.version))
        .where(
            or_(Redaction.sha256 == sha256, Redaction.thumbnail_sha256 == sha256),
            Evidence.state == DocumentState.POSTED,
        )
        .limit(1)
    ).one_or_none()
    if redaction is None:
        raise NotFound(_l("没有找到这个文件。"))
    if redaction.sha256 == sha256:
        return PublicFile(sha256, redaction.media_type, redaction.extension)
    return PublicFile(sha256, "image/jpeg", "jpg")


def _public(piece: Evidence, redaction: Redaction) -> PublicPiece:
    assert piece.published_at is not None  # noqa: S101 - a leaf and its day come together, by a CHECK
    withdrawn = piece.state is not DocumentState.POSTED
    return PublicPiece(
        kind=piece.kind,
        caption="" if withdrawn else redaction.caption,
        sha256=redaction.sha256,
        thumbnail_sha256=redaction.thumbnail_sha256,
        extension=redaction.extension,
        pages=redaction.pages,
        published_on=local(piece.published_at).date(),
        withdrawn=withdrawn,
    )


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(Evidence.organisation_id == by.scope.organisation_id)
    return query
