"""Each person of a list against itself, against the others on it, and against earlier aid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries import payouts
from portal.beneficiaries.faults import Finding, PersonFault, findings_of
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.beneficiaries.person import Person
from portal.beneficiaries.sameness import Aid, aided_elsewhere
from portal.i18n import gettext as _
from portal.periods import today
from portal.registry.models import Street
from portal.staff.scope import Scope


class Marked(Protocol):
    """What tells a row from the others of its list, and finds it equal to one."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def row_no(self) -> int: ...  # noqa: D102
    @property
    def document_digest(self) -> str | None: ...  # noqa: D102
    @property
    def name_digest(self) -> str | None: ...  # noqa: D102
    @property
    def account_digest(self) -> str | None: ...  # noqa: D102
    @property
    def name_phone_digest(self) -> str | None: ...  # noqa: D102
    @property
    def name_account_digest(self) -> str | None: ...  # noqa: D102


MARKS = ("document_digest", "name_phone_digest", "name_account_digest", "account_digest")


class Neighbours:
    """The rows of one list that count, by what may make two of them one person."""

    def __init__(self, rows: Iterable[Marked]) -> None:
        self._first: dict[tuple[str, str], Marked] = {}
        for row in rows:
            for mark in MARKS:
                stated = getattr(row, mark)
                if stated:
                    self._first.setdefault((mark, stated), row)

    def findings(self, row: Marked) -> list[Finding]:
        """What is wrong with a row because of one that stands above it."""
        same = self._same_person(row)
        if same is not None:
            return [Finding(PersonFault.SAME_PERSON, "name", facts={"row": str(same.row_no)})]
        above = self._above(row, "account_digest")
        if above is not None and above.name_digest != row.name_digest:
            return [Finding(PersonFault.SAME_ACCOUNT, "account", facts={"row": str(above.row_no)})]
        return []

    def _same_person(self, row: Marked) -> Marked | None:
        above = self._above(row, "document_digest")
        if above is not None:
            return above
        for mark in ("name_phone_digest", "name_account_digest"):
            above = self._above(row, mark)
            if above is not None and not (above.document_digest and row.document_digest):
                return above
        return None

    def _above(self, row: Marked, mark: str) -> Marked | None:
        stated = getattr(row, mark)
        first = self._first.get((mark, stated)) if stated else None
        return first if first is not None and first.position < row.position else None


@dataclass(frozen=True)
class Judge:
    """What rows of a list are held against; ``scope`` is how far the person who asks may see."""

    with_amounts: bool
    day: date
    neighbours: Neighbours
    streets: Mapping[str, int]
    aided: Mapping[int, Aid]
    scope: Scope

    def findings(self, row: Marked, person: Person, amount_fen: int | None) -> list[Finding]:
        """Everything that is wrong with a row."""
        found = findings_of(person, amount_fen, with_amounts=self.with_amounts, day=self.day)
        if person.street and person.street not in self.streets:
            found.append(Finding(PersonFault.UNKNOWN_STREET, "street", person.street))
        found += self.neighbours.findings(row)
        aid = self.aided.get(row.position)
        if aid is not None:
            found.append(Finding(PersonFault.AIDED_ALREADY, "name", facts=self._words_of(aid)))
        return found

    def _words_of(self, aid: Aid) -> dict[str, str]:
        if not aid.known_to(self.scope):
            return {"when": _("时间不便告知"), "where": _("另一家组织")}
        return {"when": aid.when, "where": f"{aid.organisation_name} {aid.what}"}


def judge_of(
    session: Session, of_list: BeneficiaryList, scope: Scope, positions: Sequence[int] = ()
) -> Judge:
    """What the rows of a list (or some of them) are held against now."""
    payout = payouts.find(session, of_list.disbursement_id)
    day = payout.day if payout else today()
    columns = [getattr(Beneficiary, name) for name in (*MARKS, "name_digest", "position", "row_no")]
    counting = session.execute(
        select(*columns)
        .where(Beneficiary.list_id == of_list.id, Beneficiary.state != PersonState.LEFT_OUT)
        .order_by(Beneficiary.position)
    )
    aided: dict[int, Aid] = {}
    for aid in aided_elsewhere(session, of_list, day, positions):
        known = aided.get(aid.position)
        if known is None or (aid.known_to(scope) and not known.known_to(scope)):
            aided[aid.position] = aid
    return Judge(of_list.with_amounts, day, Neighbours(counting), streets(session), aided, scope)


def streets(session: Session) -> dict[str, int]:
    """The streets by name."""
    return dict(session.execute(select(Street.name, Street.id)).all())


def state_after(found: Sequence[Finding], *, confirmed: bool) -> PersonState:
    """What becomes of a row in which so much was found."""
    if any(not one.soft for one in found):
        return PersonState.TO_MEND
    return PersonState.TO_CONFIRM if found and not confirmed else PersonState.FINE
