"""What evidence may belong to. A package above says how its things are found; this one knows them by kind and id."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.refusals import NotFound, Sentence
from portal.staff.models import StaffMember


@dataclass(frozen=True)
class Subject:
    """One thing: its public number, whose it is, and whether it takes evidence and stands before the public now."""

    number: str
    organisation_id: int
    takes_evidence: bool = True
    public: bool = True


@dataclass(frozen=True)
class SubjectKind:
    """A kind of thing: how one is found within a person's reach, and the page of the desk that shows it.

    ``find`` raises NotFound. ``endpoint`` takes the id as its argument ``argument``.
    """

    word: str
    name: Sentence
    find: Callable[[Session, int, StaffMember], Subject]
    endpoint: str
    argument: str

    def arguments(self, subject_id: int) -> dict[str, Any]:
        """What ``endpoint`` is called with."""
        return {self.argument: subject_id}


_KINDS: dict[str, SubjectKind] = {}


def register(kind: SubjectKind) -> None:
    """Let things of a kind have evidence; called once, where the kind's desk is put together."""
    _KINDS[kind.word] = kind


def kind_of(word: str) -> SubjectKind:
    """A registered kind.

    Raises:
        NotFound: there is none of that name.
    """
    if word not in _KINDS:
        raise NotFound(_l("没有这一类单据。"))
    return _KINDS[word]
