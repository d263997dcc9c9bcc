"""Papers about a thing: kept clean, public or for staff only, withdrawn when they no longer hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.files import storage
from portal.files.cleaning import clean
from portal.i18n import gettext as _
from portal.periods import now
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry.models import PUBLIC, SubjectKind
from portal.registry.record_models import Attachment, AttachmentKind
from portal.registry.services import changes, checks
from portal.registry.services.keepers import keeper_of
from portal.registry.services.keeping import Errors, Keeper
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.staff.scope import Scope

ROOM = "registry"
MOST_ATTACHMENTS = 50


@dataclass(frozen=True, kw_only=True)
class AttachmentDetails:
    """A paper as handed in."""

    title: str
    kind: AttachmentKind
    public: bool
    content: bytes


def add(keeper: Keeper[Any, Any], code: str, details: AttachmentDetails, by: StaffMember) -> Attachment:
    """Keep a paper about a thing.

    Raises:
        NotFound, Conflict: as for editing the thing.
        Invalid: there is no title, or the file is none that may be kept.
    """
    with writing() as session:
        thing = keeper.find(session, code, by.scope)
        keeper.refuse_ended(thing)
        errors: Errors = {}
        texts = checks.texts(errors, Attachment, details, ("title",), required="title")
        if len(of_thing(session, keeper.subject, thing.id)) >= MOST_ATTACHMENTS:
            errors["file"] = _("最多 %(count)d 个文件，请先撤下旧的。", count=MOST_ATTACHMENTS)
        if errors:
            raise Invalid(errors)
        cleaned = clean(details.content)
        attachment = Attachment(
            subject_kind=keeper.subject,
            subject_id=thing.id,
            kind=details.kind,
            media_type=cleaned.media_type,
            extension=cleaned.extension,
            size_bytes=len(cleaned.content),
            sha256=storage.keep(ROOM, cleaned.content),
            public=details.public,
            uploaded_by_id=by.id,
            uploaded_at=now(),
            withdrawn_at=None,
            **texts,
        )
        session.add(attachment)
        _record(session, attachment, by, {"attachment": None}, {"attachment": attachment.title})
        return attachment


def withdraw(attachment_id: int, by: StaffMember) -> Attachment:
    """Take a paper down; it stays kept as evidence.

    Raises:
        NotFound: there is no such paper, or none for this person.
        Conflict: it was withdrawn already.
    """
    with writing() as session:
        attachment = find(session, attachment_id, by.scope)
        if attachment.withdrawn_at is not None:
            raise Conflict(_("这个文件已经撤下。"))
        attachment.withdrawn_at = now()
        _record(session, attachment, by, {"attachment": attachment.title}, {"attachment": None})
        return attachment


def find(session: Session, attachment_id: int, scope: Scope) -> Attachment:
    """A paper about a thing within a scope.

    Raises:
        NotFound: there is none.
    """
    found = session.get(Attachment, attachment_id)
    if found is None or not keeper_of(found.subject_kind).reaches(session, found.subject_id, scope):
        raise NotFound(_("没有找到这个文件。"))
    return found


def find_public(session: Session, attachment_id: int) -> Attachment:
    """A paper that everybody may read.

    Raises:
        NotFound: there is none, it is not public, or it was withdrawn.
    """
    found = session.get(Attachment, attachment_id)
    if found is not None and found.public and found.withdrawn_at is None:
        thing = session.get(keeper_of(found.subject_kind).model, found.subject_id)
        if thing is not None and thing.status in PUBLIC:
            return found
    raise NotFound(_("没有找到这个文件。"))


def content_of(attachment: Attachment) -> bytes:
    """The file itself.

    Raises:
        NotFound: it is no longer in the storage folder.
    """
    content = storage.kept(ROOM, attachment.sha256)
    if content is None:
        raise NotFound(_("这个文件不在存储里，请联系管理员。"))
    return content


def of_thing(
    session: Session, kind: SubjectKind, subject_id: int, *, public_only: bool = False
) -> Sequence[Attachment]:
    """The papers about a thing that were not withdrawn, oldest first."""
    query = select(Attachment).where(
        Attachment.subject_kind == kind,
        Attachment.subject_id == subject_id,
        Attachment.withdrawn_at.is_(None),
    )
    if public_only:
        query = query.where(Attachment.public)
    return session.scalars(query.order_by(Attachment.id)).all()


def _record(
    session: Session, attachment: Attachment, by: StaffMember, before: changes.Facts, after: changes.Facts
) -> None:
    session.flush()
    changes.record(session, (attachment.subject_kind, attachment.subject_id), by, before, after, "")
    audit.record(
        session,
        staff=by,
        action="registry.attachment",
        subject_kind=attachment.subject_kind.value,
        subject_id=attachment.subject_id,
    )
