"""What a reviewer should know of the persons on a payout's list, as the payout's page shows it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries import bank_file, listing, payouts
from portal.beneficiaries.interests import Interest, interests_in, notes_on
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, InterestNote
from portal.beneficiaries.payouts import Payout
from portal.beneficiaries.person import Person, masked, masked_name
from portal.beneficiaries.sameness import Aid, aided_elsewhere
from portal.beneficiaries.taking import list_of
from portal.i18n import gettext as _
from portal.staff.models import Role, StaffMember

SHOWN = 20


@dataclass(frozen=True)
class AidedBefore:
    """A person of the list who had aid before: the row, the masked name, and what may be told of it."""

    row_no: int
    shown: str
    words: str


@dataclass(frozen=True)
class OfPayout:
    """Everything the payout's page shows of its beneficiaries."""

    of_list: BeneficiaryList
    payout: Payout
    persons: Sequence[tuple[Beneficiary, Person]]
    aided: Sequence[AidedBefore]
    aided_count: int
    interests: Sequence[Interest]
    notes: Sequence[InterestNote]
    reason_needed: bool
    returned_count: int
    returned_fen: int
    can_export: bool


def of_payout(session: Session, disbursement_id: int, by: StaffMember) -> OfPayout | None:
    """What there is to know; None where a payout has no list."""
    payout, of_list = payouts.find(session, disbursement_id), list_of(session, disbursement_id)
    if payout is None or of_list is None:
        return None
    rows = listing.rows(session, of_list)[:SHOWN]
    aided = defaultdict(list)
    for aid in aided_elsewhere(session, of_list, payout.day):
        aided[aid.position].append(aid)
    interests = interests_in(session, payout, by)
    notes = notes_on(session, payout.id)
    explained = any(one.noted_by_id == by.id and one.version == payout.version for one in notes)
    may_review = by.role is Role.REVIEWER and by.id not in payout.makers and payout.entry_id is None
    returned_count, returned_fen = bank_file.returned_of(session, of_list)
    return OfPayout(
        of_list=of_list,
        payout=payout,
        persons=[(row, masked(Person.of(row))) for row in rows],
        aided=_told(session, of_list, dict(list(aided.items())[:SHOWN]), by),
        aided_count=len(aided),
        interests=interests,
        notes=notes,
        reason_needed=bool(interests) and may_review and not explained,
        returned_count=returned_count,
        returned_fen=returned_fen,
        can_export=of_list.with_amounts and payout.state in payouts.TO_PAY,
    )


def _told(
    session: Session, of_list: BeneficiaryList, aided: dict[int, list[Aid]], by: StaffMember
) -> list[AidedBefore]:
    rows = session.scalars(
        select(Beneficiary)
        .where(Beneficiary.list_id == of_list.id, Beneficiary.position.in_(aided))
        .order_by(Beneficiary.position)
    )
    return [
        AidedBefore(row.row_no, masked_name(Person.of(row).name), words_of(aided[row.position], by))
        for row in rows
    ]


def words_of(aid: Sequence[Aid], by: StaffMember) -> str:
    """What somebody may be told: everything within their reach, of the rest only that there is some."""
    known = [one for one in aid if one.known_to(by.scope)]
    told = [
        _(
            "%(when)s在%(where)s领过 %(what)s（%(no)s）",
            when=one.when,
            where=one.organisation_name,
            what=one.what,
            no=one.disbursement_no,
        )
        for one in known[:3]
    ]
    if len(known) > len(told):
        told.append(_("另有 %(count)d 次", count=len(known) - len(told)))
    if len(known) < len(aid):
        told.append(_("一年内在另一家组织也领过"))
    return "；".join(told)
