"""Reports that were made, each for one state of the books, and those that were published for good."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.i18n import lazy_gettext as _l
from portal.refusals import Conflict
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

APPEND_ONLY_TABLES = ("published_report",)


class ReportFacts:
    """What is known of a report's file.

    ``entries`` is how many entries the ledger had, ``log_size`` and ``log_root`` name the signed head at its foot (0
    and empty while nothing was signed), ``words_mark`` the last change of public words that it knows of.
    """

    kind: Mapped[str] = mapped_column(String(40))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(16))
    appendix: Mapped[bool]
    title: Mapped[str] = mapped_column(String(300))
    entries: Mapped[int] = mapped_column(BigInteger)
    log_size: Mapped[int] = mapped_column(BigInteger)
    log_root: Mapped[str] = mapped_column(String(64))
    words_mark: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    pages: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Instant)

    @declared_attr
    def organisation_id(cls) -> Mapped[int | None]:
        """Whose report it is; None is the whole district's."""
        return mapped_column(ForeignKey("organisation.id"), index=True)

    @declared_attr
    def maker_id(cls) -> Mapped[int | None]:
        """Who had it made; None where a citizen asked for it, or the time of the year."""
        return mapped_column(ForeignKey("staff_member.id"))


class MadeReport(ReportFacts, Base):
    """A file made for one state of the books, kept until it is of no more use.

    ``content_key`` says what it is (kind, parameters, language, appendix), ``state_key`` from which books. A draft is
    nobody's business; one that is pending waits for a second person to publish it.
    """

    __tablename__ = "made_report"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    content_key: Mapped[str] = mapped_column(String(64))
    state_key: Mapped[str] = mapped_column(String(120))
    scheduled: Mapped[bool] = mapped_column(default=False)
    state: Mapped[DocumentState] = mapped_column(words(DocumentState), default=DocumentState.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    offered_at: Mapped[datetime | None] = mapped_column(Instant)
    offered_by_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))

    maker: Mapped[StaffMember | None] = relationship(
        viewonly=True, primaryjoin="MadeReport.maker_id == StaffMember.id"
    )
    offered_by: Mapped[StaffMember | None] = relationship(
        viewonly=True, primaryjoin="MadeReport.offered_by_id == StaffMember.id"
    )

    __table_args__ = (UniqueConstraint("content_key", "state_key"),)

    @property
    def makers(self) -> set[int]:
        """Everybody who had a hand in it: none of them may publish it."""
        return {one for one in (self.maker_id, self.offered_by_id) if one is not None}

    def require_state(self, *states: DocumentState) -> None:
        """Refuse what does not fit how far it is.

        Raises:
            Conflict: it is in another state.
        """
        if self.state not in states:
            raise Conflict(_l("这份报告的状态已经变了，请刷新页面再看。"))


class PublishedReport(ReportFacts, Base):
    """A report that was published: its hash is a leaf of the log, its file is kept."""

    __tablename__ = "published_report"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    report_no: Mapped[str] = mapped_column(String(20), unique=True)
    leaf_index: Mapped[int] = mapped_column(BigInteger, unique=True)
    published_at: Mapped[datetime] = mapped_column(Instant)
    publisher_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
