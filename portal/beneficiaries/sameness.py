"""The same person on other lists, in this organisation or another.

Two rows are of the same person when their documents are equal; where one of them states none, when name and telephone,
or name and account, are equal. Only digests are compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, union
from sqlalchemy.orm import Session, aliased

from portal.beneficiaries import payouts
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.i18n import gettext as _
from portal.ledger.models import Entry
from portal.money import format_yuan
from portal.periods import local
from portal.registry.models import Organisation
from portal.staff.scope import Scope

WITHIN = timedelta(days=365)
"""So long before or after a payout another one to the same person is pointed out."""

_Other = aliased(Beneficiary, name="other")


@dataclass(frozen=True)
class Aid:
    """Aid that the person at a position of a list had by another payout; amount 0 for goods."""

    position: int
    disbursement_id: int
    disbursement_no: str
    organisation_id: int
    organisation_name: str
    day: date
    amount_fen: int

    @property
    def when(self) -> str:
        """The month."""
        return _("%(year)d 年 %(month)d 月", year=self.day.year, month=self.day.month)

    @property
    def what(self) -> str:
        """What was had."""
        return _("%(amount)s 元", amount=format_yuan(self.amount_fen)) if self.amount_fen else _("物资")

    def known_to(self, scope: Scope) -> bool:
        """Whether somebody may know which organisation it was, and how much."""
        return scope.organisation_id in (None, self.organisation_id)


def aided_elsewhere(
    session: Session, of_list: BeneficiaryList, around: date, positions: Sequence[int] = ()
) -> list[Aid]:
    """Aid that persons of a list had by other payouts within a year of a day, by position and newest first."""
    rows = payouts.table()
    pairs = union(*(_pairs(of_list, how, positions) for how in _ways(Beneficiary))).subquery()
    reversal = aliased(Entry)
    reversed_ = select(reversal.id).where(reversal.reverses_id == rows.c.entry_id).exists()
    query = (
        select(
            pairs.c.position,
            rows.c.id,
            rows.c.disbursement_no,
            rows.c.organisation_id,
            Organisation.name,
            rows.c.paid_on,
            rows.c.made_at,
            _Other.amount_fen,
        )
        .join(_Other, _Other.id == pairs.c.other_id)
        .join(BeneficiaryList, BeneficiaryList.id == _Other.list_id)
        .join(rows, rows.c.id == BeneficiaryList.disbursement_id)
        .join(Organisation, Organisation.id == rows.c.organisation_id)
        .where(
            payouts.state_column().in_(sorted(payouts.COUNTS_AS_AID)),
            payouts.within(around - WITHIN, around + WITHIN),
            ~reversed_,
        )
        .order_by(pairs.c.position, rows.c.id.desc())
    )
    return [
        Aid(position, id_, number, organisation_id, name, paid_on or local(made_at).date(), amount or 0)
        for position, id_, number, organisation_id, name, paid_on, made_at, amount in session.execute(query)
    ]


def is_same_as(person: Beneficiary) -> ColumnElement[bool]:
    """Whether a row is of the same person as a given one; an erased one is nobody's."""
    conditions: list[ColumnElement[bool]] = []
    if person.document_digest:
        conditions.append(Beneficiary.document_digest == person.document_digest)
    for column in (Beneficiary.name_phone_digest, Beneficiary.name_account_digest):
        stated = getattr(person, column.key)
        if stated:
            told_apart = Beneficiary.document_digest.is_not(None) if person.document_digest else false()
            conditions.append(and_(column == stated, ~told_apart))
    return or_(Beneficiary.id == person.id, *conditions)


def _ways(me: type[Beneficiary]) -> list[ColumnElement[bool]]:
    one_without = or_(me.document_digest.is_(None), _Other.document_digest.is_(None))
    return [
        me.document_digest == _Other.document_digest,
        and_(me.name_phone_digest == _Other.name_phone_digest, one_without),
        and_(me.name_account_digest == _Other.name_account_digest, one_without),
    ]


def _pairs(of_list: BeneficiaryList, how: ColumnElement[bool], positions: Sequence[int]) -> Select[int, int]:
    query = (
        select(Beneficiary.position, _Other.id.label("other_id"))
        .join(_Other, how)
        .where(
            Beneficiary.list_id == of_list.id,
            Beneficiary.state != PersonState.LEFT_OUT,
            _Other.list_id != of_list.id,
            _Other.state == PersonState.FINE,
            _Other.returned_on.is_(None),
        )
    )
    return query.where(Beneficiary.position.in_(positions)) if positions else query
