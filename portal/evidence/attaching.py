"""Hand in evidence about a subject: cleaned, kept in private, the same file once a subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.evidence.models import Evidence, EvidenceKind
from portal.evidence.subjects import Subject
from portal.files import storage
from portal.files.cleaning import CleanFile, clean
from portal.i18n import gettext as _
from portal.periods import now
from portal.public_words import private_words
from portal.refusals import Conflict, Invalid
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

ROOM = "evidence"
SUBJECT = "evidence"
MOST_PIECES = 50
MOST_AT_ONCE = 20
LONGEST_NOTE = 200
LONGEST_SIDE = 4_000
"""Pixels of what is kept: small print on a voucher stays readable for years."""


@dataclass(frozen=True)
class HandedIn:
    """A file as it came. Its name is used in messages and then forgotten: names tell of people and places."""

    name: str
    content: bytes


@dataclass(frozen=True)
class EvidenceDetails:
    """Files of one kind, handed in together."""

    kind: EvidenceKind
    files: Sequence[HandedIn]
    note: str = ""


@dataclass
class Attached:
    """What was kept, and the names of files that the subject had already."""

    pieces: list[Evidence] = field(default_factory=list)
    known: list[str] = field(default_factory=list)


def attach(place: tuple[str, int], subject: Subject, details: EvidenceDetails, by: StaffMember) -> Attached:
    """Keep files about a subject, all or none; ``place`` is its kind and id.

    The content of a file is the key of this command: sent again, it adds nothing.

    Raises:
        Invalid: a file cannot be kept, or there are too many; the message names the file.
        Conflict: the subject takes no evidence now.
    """
    if not subject.takes_evidence:
        raise Conflict(_("%(no)s 现在不能再加凭证。", no=subject.number))
    if not details.files:
        raise Invalid({"files": _("请选择文件。")})
    if len(details.files) > MOST_AT_ONCE:
        raise Invalid({"files": _("一次最多 %(most)d 个文件，请分几次上传。", most=MOST_AT_ONCE)})
    if len(details.note) > LONGEST_NOTE:
        raise Invalid({"note": _("说明最多 %(most)d 个字。", most=LONGEST_NOTE)})
    private = private_words({"note": details.note})
    if private:
        raise Invalid(private)
    cleaned = _cleaned(details.files)
    with writing() as session:
        take_turn(session, f"evidence:{place[0]}:{place[1]}")
        attached, count = Attached(), count_of(session, *place)
        for one, made in zip(details.files, cleaned, strict=True):
            source = storage.sha256_of(one.content)
            if _is_known(session, place, source):
                attached.known.append(one.name)
                continue
            if count + len(attached.pieces) >= MOST_PIECES:
                words = _("%(no)s 最多 %(most)d 份凭证。", no=subject.number, most=MOST_PIECES)
                raise Invalid({"files": words})
            piece = Evidence(
                subject_kind=place[0],
                subject_id=place[1],
                subject_no=subject.number,
                organisation_id=subject.organisation_id,
                kind=details.kind,
                note=details.note.strip(),
                source_sha256=source,
            )
            attached.pieces.append(_keep(session, piece, made, by))
        return attached


def count_of(session: Session, subject_kind: str, subject_id: int) -> int:
    """How many pieces of evidence a subject has; withdrawn ones do not count."""
    query = select(func.count(Evidence.id)).where(
        Evidence.subject_kind == subject_kind,
        Evidence.subject_id == subject_id,
        Evidence.state != DocumentState.WITHDRAWN,
    )
    return session.scalar(query) or 0


def _cleaned(files: Sequence[HandedIn]) -> list[CleanFile]:
    cleaned, problems = [], []
    for one in files:
        try:
            cleaned.append(clean(one.content, longest_side=LONGEST_SIDE))
        except Invalid as problem:
            problems.append(_("“%(name)s”：%(problem)s", name=one.name, problem=problem.errors["file"]))
    if problems:
        raise Invalid({"files": " ".join(problems)})
    return cleaned


def _is_known(session: Session, place: tuple[str, int], source: str) -> bool:
    query = select(Evidence.id).where(
        Evidence.subject_kind == place[0],
        Evidence.subject_id == place[1],
        Evidence.source_sha256 == source,
        Evidence.state != DocumentState.WITHDRAWN,
    )
    return session.scalar(query) is not None


def _keep(session: Session, piece: Evidence, made: CleanFile, by: StaffMember) -> Evidence:
    """Keep a file under a piece that says what it is about."""
    piece.media_type, piece.extension = made.media_type, made.extension
    piece.size_bytes, piece.pages = len(made.content), made.pages
    piece.sha256 = keep_file(session, made.content)
    piece.state, piece.maker_id, piece.made_at = DocumentState.DRAFT, by.id, now()
    session.add(piece)
    session.flush()
    audit.record(session, staff=by, action="evidence.attached", subject_kind=SUBJECT, subject_id=piece.id)
    return piece


def keep_file(session: Session, content: bytes) -> str:
    """Keep a file of evidence inside the transaction that names it, so that nobody erases it meanwhile."""
    take_turn(session, f"evidence-file:{storage.sha256_of(content)}")
    return storage.keep(ROOM, content)
