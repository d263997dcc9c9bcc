"""What report is wanted, from which books: the two keys by which a file is found again."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.disclosure.checkpoints import Mark, mark
from portal.i18n import DEFAULT_LOCALE, LOCALES
from portal.i18n import lazy_gettext as _l
from portal.ledger.figures import ledger_size
from portal.opendata.models import PublicWordsChange
from portal.periods import today
from portal.refusals import NotFound
from portal.reports.kinds import KINDS, Kind
from portal.staff.models import AuditEvent

LAYOUT = "2"
"""Raised when the same books are to give other files than before."""

_INDIFFERENT = (
    "",
    "job",
    "report",
    "staff_member",
    "donor",
    "inquiry",
    "import_batch",
    "import_layout",
    "acknowledgement",
    "till_count",
    "reconciliation",
    "fiscal_receipt",
)
"""Subjects of the audit trail of which nothing stands in a report that the ledger or the log does not say as well."""


@dataclass(frozen=True)
class Wanted:
    """A report of a kind, with what it is asked for with, in a language, with or without every entry behind it."""

    kind: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    language: str = DEFAULT_LOCALE
    appendix: bool = False

    @classmethod
    def from_json(cls, text: str) -> "Wanted":
        """The opposite of ``to_json``."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """In words that go through a command line, and make the key."""
        return json.dumps(self.as_document(), sort_keys=True, ensure_ascii=False)

    def as_document(self) -> dict[str, Any]:
        """In plain values."""
        return {
            "kind": self.kind,
            "parameters": {name: text for name, text in self.parameters.items() if text},
            "language": self.language,
            "appendix": self.appendix,
        }

    @property
    def content_key(self) -> str:
        """The same for the same report, whatever the state of the books."""
        return hashlib.sha256(f"{LAYOUT} {self.to_json()}".encode()).hexdigest()

    def known_kind(self) -> Kind:
        """Its kind.

        Raises:
            NotFound: there is no such kind, or no such language.
        """
        kind = KINDS.get(self.kind)
        if kind is None or self.language not in LOCALES:
            raise NotFound(_l("没有这种报告。"))
        return kind


@dataclass(frozen=True)
class BooksState:
    """The state of the books that a report is made from: the same state gives the same file."""

    entries: int
    signed: Mark | None
    words_mark: int
    deeds_mark: int

    @property
    def key(self) -> str:
        """All of it in one name; the day is in it, since a year that runs is told up to today."""
        size = self.signed.size if self.signed else 0
        return f"{today():%Y%m%d}-{self.entries}-{size}-{self.words_mark}-{self.deeds_mark}"


def state_of(session: Session) -> BooksState:
    """The state of a session's snapshot, by a few look-ups by key."""
    deeds = select(AuditEvent.id).where(AuditEvent.subject_kind.not_in(_INDIFFERENT))
    return BooksState(
        entries=ledger_size(session),
        signed=mark(session),
        words_mark=words_mark(session),
        deeds_mark=session.scalar(deeds.order_by(AuditEvent.id.desc()).limit(1)) or 0,
    )


def words_mark(session: Session) -> int:
    """The last change of public words."""
    return session.scalar(select(func.max(PublicWordsChange.id))) or 0
