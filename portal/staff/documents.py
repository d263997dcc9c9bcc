"""What every document under review has in common: a state, a version, and the people who made it.

Most documents go draft → pending → posted; a reviewer may return one, its maker may mend or withdraw it. Payouts live
longer and have states of their own (``portal/spending/models.py``). What a reviewer approves is exactly the version
shown: each edit raises ``version``.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.db import Instant, words
from portal.i18n import lazy_gettext as _l
from portal.refusals import Conflict


class DocumentState(StrEnum):
    """How far a document is on its way into the ledger."""

    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"


class Made:
    """Columns of a document that people make and others decide about; how far it is, its class says itself."""

    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)

    @declared_attr
    def maker_id(cls) -> Mapped[int]:
        """Who made it."""
        return mapped_column(ForeignKey("staff_member.id"), index=True)

    @declared_attr
    def editor_id(cls) -> Mapped[int | None]:
        """Who changed it last, when that was not its maker."""
        return mapped_column(ForeignKey("staff_member.id"))

    @property
    def makers(self) -> set[int]:
        """Everybody whose hand is in this version: none of them may review it."""
        return {self.maker_id} | ({self.editor_id} if self.editor_id else set())

    def require_version(self, version: int) -> None:
        """Refuse when what was shown is no longer what is there.

        Raises:
            Conflict: the document was changed after it was shown.
        """
        if self.version != version:
            raise Conflict(_l("在您查看之后内容又被修改过，请刷新页面核对最新的内容再操作。"))


class Reviewed(Made):
    """A document that one second person reviews."""

    state: Mapped[DocumentState] = mapped_column(
        words(DocumentState), default=DocumentState.DRAFT, index=True
    )

    @property
    def can_be_edited(self) -> bool:
        """Whether it is still in its maker's hands."""
        return self.state in (DocumentState.DRAFT, DocumentState.RETURNED)

    def require_state(self, *states: DocumentState) -> None:
        """Refuse when somebody else has moved the document on.

        Raises:
            Conflict: the document is in another state.
        """
        if self.state not in states:
            raise moved_on()


def moved_on() -> Conflict:
    """What to say when a document is no longer in the state in which it was shown."""
    return Conflict(_l("这份单据的状态已经变化，请刷新页面看最新的状态。"))
