"""A second person publishes a blacked-out version, or sends it back; anybody may take it down at once."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.evidence import subjects
from portal.evidence.attaching import ROOM, SUBJECT
from portal.evidence.leaves import erasure_leaf, evidence_leaf
from portal.evidence.listing import find
from portal.evidence.models import Evidence, Redaction
from portal.files import storage
from portal.i18n import gettext as _
from portal.periods import now, today
from portal.refusals import Conflict, Forbidden, Invalid
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.translog.appending import append

LONGEST_REASON = 500


def publish(evidence_id: int, by: StaffMember, version: int) -> Evidence:
    """Publish the version that was shown: its hash goes into the log, and everybody may fetch it.

    Raises:
        Forbidden: the person is no reviewer, or had a hand in it.
        Conflict: it does not wait, was blacked out anew, or its subject is not public yet.
    """
    with writing() as session:
        piece = _decide(session, evidence_id, by, version, Decision.APPROVED)
        subject = subjects.kind_of(piece.subject_kind).find(session, piece.subject_id, by)
        if not subject.public:
            raise Conflict(_("%(no)s 还没有公开，凭证要等它公开之后才能公开。", no=subject.number))
        piece.leaf_index = append(session, evidence_leaf(piece, today()))
        piece.state, piece.published_at, piece.published_by_id = DocumentState.POSTED, now(), by.id
        _note(session, piece, by, "published")
        return piece


def send_back(evidence_id: int, by: StaffMember, version: int, reason: str) -> Evidence:
    """Send a version back to be blacked out anew, with a reason.

    Raises:
        Invalid: there is no reason.
        Forbidden, Conflict: as for publishing.
    """
    words = _reason(reason, _("请写明退回的原因，经办人才知道怎么改。"))
    with writing() as session:
        piece = _decide(session, evidence_id, by, version, Decision.RETURNED, words)
        piece.state = DocumentState.RETURNED
        _note(session, piece, by, "returned")
        return piece


def withdraw(evidence_id: int, by: StaffMember, reason: str) -> Evidence:
    """Take a piece down at once. What the log says of it stays, and the public page says that it was taken down.

    Raises:
        Invalid: there is no reason.
        Conflict: it was taken down already.
    """
    words = _reason(reason, _("请写明撤下的原因。原因只供内部查看。"))
    with writing() as session:
        piece = find(session, evidence_id, by, lock=True)
        if piece.state is DocumentState.WITHDRAWN:
            raise Conflict(_("这份凭证已经撤下。"))
        piece.state, piece.withdrawn_at, piece.withdrawn_by_id = DocumentState.WITHDRAWN, now(), by.id
        piece.withdrawn_reason = words
        _note(session, piece, by, "withdrawn")
        return piece


def erase(evidence_id: int, by: StaffMember) -> Evidence:
    """Delete the files of a piece that was taken down: what was handed in, every version, the small pictures.

    The rows keep the hashes and the log its leaf; a second leaf says that the file is gone (个人信息保护法 47).

    Raises:
        Conflict: it is not taken down, or erased already.
        Forbidden: the same person took it down; destroying evidence takes two.
    """
    with writing() as session:
        piece = find(session, evidence_id, by, lock=True)
        piece.require_state(DocumentState.WITHDRAWN)
        if piece.erased_at is not None:
            raise Conflict(_("这份凭证的文件已经删除。"))
        if piece.withdrawn_by_id == by.id:
            raise Forbidden(_("撤下和删除原件必须由两个人完成，请由另一位同事删除。"))
        piece.erased_by_id = by.id
        _erase_files(session, piece)
        if piece.leaf_index is not None:
            append(session, erasure_leaf(piece.leaf_index, today()))
        _note(session, piece, by, "erased")
        return piece


def erase_again(session: Session, leaf_index: int) -> None:
    """Erase what was erased before, after an older copy of the books was put back."""
    piece = session.scalar(select(Evidence).where(Evidence.leaf_index == leaf_index))
    if piece is not None and piece.erased_at is None:
        if piece.state is not DocumentState.WITHDRAWN:
            piece.state, piece.withdrawn_at = DocumentState.WITHDRAWN, now()
            piece.withdrawn_reason = "备份之后已经撤下"
        _erase_files(session, piece)


def _erase_files(session: Session, piece: Evidence) -> None:
    """Delete what no other piece needs. Should the transaction fail, too much is gone, not too little."""
    piece.erased_at = now()
    session.flush()
    names = {piece.sha256}
    names |= {name for one in piece.redactions for name in (one.sha256, one.thumbnail_sha256)}
    for name in sorted(names):
        take_turn(session, f"evidence-file:{name}")
        if not _is_needed(session, name):
            storage.forget(ROOM, name)


def _is_needed(session: Session, name: str) -> bool:
    query = (
        select(func.count(Evidence.id))
        .outerjoin(Redaction, Redaction.evidence_id == Evidence.id)
        .where(
            Evidence.erased_at.is_(None),
            or_(Evidence.sha256 == name, Redaction.sha256 == name, Redaction.thumbnail_sha256 == name),
        )
    )
    return bool(session.scalar(query))


def _decide(
    session: Session, evidence_id: int, by: StaffMember, version: int, decision: Decision, reason: str = ""
) -> Evidence:
    piece = find(session, evidence_id, by, lock=True)
    piece.require_state(DocumentState.PENDING)
    piece.require_version(version)
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=piece.id,
        version=version,
        makers=piece.hands,
        checker=by,
        decision=decision,
        reason=reason,
    )
    return piece


def _reason(reason: str, missing: str) -> str:
    words = reason.strip()
    if not words:
        raise Invalid({"reason": missing})
    if len(words) > LONGEST_REASON:
        raise Invalid({"reason": _("原因最多 %(most)d 个字。", most=LONGEST_REASON)})
    return words


def _note(session: Session, piece: Evidence, by: StaffMember, what: str) -> None:
    audit.record(session, staff=by, action=f"evidence.{what}", subject_kind=SUBJECT, subject_id=piece.id)
