"""Black out what must not be seen. What comes of it waits for a second person."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.db import writing
from portal.evidence.attaching import ROOM, SUBJECT, keep_file
from portal.evidence.boxes import read_boxes
from portal.evidence.listing import find
from portal.evidence.models import Evidence, Redaction, RedactionBox
from portal.files import cleaning, storage
from portal.files.boxes import Box
from portal.i18n import gettext as _
from portal.periods import now
from portal.refusals import Conflict, Invalid, NotFound
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

LONGEST_CAPTION = 80
OPEN = (DocumentState.DRAFT, DocumentState.RETURNED, DocumentState.PENDING)


@dataclass(frozen=True)
class RedactionDetails:
    """Boxes as lines (``boxes.py``), the public words, and whether somebody says that nothing needs hiding."""

    boxes: str
    caption: str = ""
    nothing_to_hide: bool = False


def redact(evidence_id: int, details: RedactionDetails, by: StaffMember, version: int) -> Evidence:
    """Burn boxes into the pixels and hand the result to review.

    Raises:
        NotFound: there is no such piece, or none for this person.
        Conflict: it is published or withdrawn, or somebody else has blacked it out meanwhile.
        Invalid: a box cannot be read, or there is none and nobody says that there need be none.
    """
    with writing() as session:
        piece = find(session, evidence_id, by)
        piece.require_state(*OPEN)
        piece.require_version(version)
        boxes = _checked(details, piece.pages)
        content = content_of(piece)
    # Drawing takes its time and holds no lock; whoever came first meanwhile is noticed below.
    made = cleaning.black_out(content, boxes)
    with writing() as session:
        piece = find(session, evidence_id, by, lock=True)
        piece.require_state(*OPEN)
        piece.require_version(version)
        piece.version += 1
        redaction = Redaction(
            evidence_id=piece.id,
            number=piece.version,
            caption=details.caption.strip(),
            media_type=made.file.media_type,
            extension=made.file.extension,
            size_bytes=len(made.file.content),
            pages=made.file.pages,
            sha256=keep_file(session, made.file.content),
            thumbnail_sha256=keep_file(session, made.thumbnail),
            made_by_id=by.id,
            made_at=now(),
            boxes=[
                RedactionBox(page=page, from_left=left, from_top=top, width=width, height=height)
                for page, left, top, width, height in boxes
            ],
        )
        session.add(redaction)
        if by.id != piece.maker_id:
            piece.editor_id = by.id
        piece.state, piece.submitted_at = DocumentState.PENDING, now()
        audit.record(session, staff=by, action="evidence.redacted", subject_kind=SUBJECT, subject_id=piece.id)
        session.flush()
        session.refresh(piece, ["redactions"])
        return piece


def suggestions(piece: Evidence) -> Sequence[Box]:
    """Boxes to begin with: those of the version before, else those over numbers in the text of a PDF."""
    if piece.redaction is not None:
        return [one.box for one in piece.redaction.boxes]
    return cleaning.suggest(content_of(piece)) if piece.extension == "pdf" else []


def content_of(piece: Evidence) -> bytes:
    """What was handed in, made anew; for staff only.

    Raises:
        NotFound: it was erased, or is not in the storage folder.
    """
    return _kept(piece.sha256) if piece.erased_at is None else _gone()


def redacted_content_of(piece: Evidence) -> bytes:
    """The newest blacked-out version.

    Raises:
        NotFound: there is none, it was erased, or is not in the storage folder.
    """
    redaction = piece.redaction
    return _kept(redaction.sha256) if redaction and piece.erased_at is None else _gone()


def _kept(name: str) -> bytes:
    content = storage.kept(ROOM, name)
    return content if content is not None else _gone()


def _gone() -> bytes:
    raise NotFound(_("这个文件不在存储里。"))


def _checked(details: RedactionDetails, pages: int) -> list[Box]:
    if len(details.caption.strip()) > LONGEST_CAPTION:
        raise Invalid({"caption": _("公开说明最多 %(most)d 个字。", most=LONGEST_CAPTION)})
    boxes = read_boxes(details.boxes, pages)
    if not boxes and not details.nothing_to_hide:
        raise Invalid({"boxes": _("还没有框。请遮住人脸、姓名和号码；确实没有需要遮住的，请在下面打勾。")})
    return boxes


__all__ = ["Conflict", "RedactionDetails", "content_of", "redact", "redacted_content_of", "suggestions"]
