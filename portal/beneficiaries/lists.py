"""Lists of persons who are helped: made, mended row by row, and handed to one payout.

A list may be changed until its payout is under review. What its reviewer approves is exactly what the bank is told.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.beneficiaries import payouts
from portal.beneficiaries.judging import judge_of, state_after, streets
from portal.beneficiaries.models import Beneficiary, BeneficiaryList, PersonState
from portal.beneficiaries.person import Person
from portal.db import insert_many, take_row, writing
from portal.donors import vault
from portal.i18n import lazy_gettext as _l
from portal.money import MAX_FEN
from portal.periods import now
from portal.public_words import private_words
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.staff import audit
from portal.staff.models import StaffMember
from portal.staff.scope import Scope

SUBJECT = "beneficiary_list"
MOST_PERSONS = 20_000
_CHUNK = 500


@dataclass(frozen=True)
class StatedRow:
    """One person as stated, with the amount in fen and the number of the row in the file."""

    person: Person
    amount_fen: int | None
    row_no: int = 0
    group_words: str = ""


@dataclass(frozen=True)
class NewList:
    """What holds for a whole list."""

    organisation_id: int
    group_words: str
    with_amounts: bool = True
    title: str = ""
    file_name: str = ""
    stated_total_fen: int | None = None
    stated_count: int | None = None


def create(details: NewList, rows: Sequence[StatedRow], by: StaffMember) -> tuple[BeneficiaryList, bool]:
    """Take a list in; the same one that is still open is not taken in twice. Return it, and whether it is new.

    Raises:
        NotFound: the organisation is not within this person's reach.
        Invalid: the group's words are missing or not for the public, or the list is too long.
    """
    if not by.scope.permits(details.organisation_id, None):
        raise NotFound(_l("没有找到这个组织。"))
    _check(details, rows)
    print_of = fingerprint(details, rows)
    with writing() as session:
        same = _open_twin(session, print_of, details.organisation_id) if rows else None
        if same is not None:
            return same, False
        made = BeneficiaryList(
            **{name: value for name, value in vars(details).items() if name != "group_words"},
            group_words=details.group_words.strip(),
            fingerprint=print_of,
            rows=0,
            version=1,
            maker_id=by.id,
            made_at=now(),
        )
        session.add(made)
        session.flush()
        _insert(session, made, rows, 1)
        look_again(session, made)
        _note(session, made, by, "made")
        return made, True


def find(session: Session, list_id: int, by: StaffMember, *, lock: bool = False) -> BeneficiaryList:
    """A list within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, BeneficiaryList, list_id, lock=lock)
    if found is None or found.dropped_at or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这份名单。"))
    return found


def find_row(session: Session, of_list: BeneficiaryList, position: int) -> Beneficiary:
    """One person of a list.

    Raises:
        NotFound: there is none at this position.
    """
    query = select(Beneficiary).where(Beneficiary.list_id == of_list.id, Beneficiary.position == position)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_l("没有找到这一行。"))
    return found


def add(list_id: int, row: StatedRow, by: StaffMember, version: int) -> BeneficiaryList:
    """Add a person by hand; raises as ``mend``."""
    with writing() as session:
        of_list = _for_change(session, list_id, by, version)
        last = session.scalar(select(func.max(Beneficiary.position)).where(Beneficiary.list_id == of_list.id))
        position = (last or 0) + 1
        _insert(
            session, of_list, [StatedRow(row.person, row.amount_fen, position, row.group_words)], position
        )
        return _changed(session, of_list, by)


def mend(list_id: int, position: int, row: StatedRow, by: StaffMember, version: int) -> BeneficiaryList:
    """State a person anew.

    Raises:
        NotFound: there is no such list or row, or none for this person.
        Conflict: the list is under review or paid, or was changed after it was shown.
    """
    return take_again(list_id, [(position, row)], by, version)


def take_again(
    list_id: int, rows: Sequence[tuple[int, StatedRow]], by: StaffMember, version: int
) -> BeneficiaryList:
    """State several persons anew, each at its position; raises as ``mend``."""
    with writing() as session:
        of_list = _for_change(session, list_id, by, version)
        known = streets(session)
        for position, stated in rows:
            row = find_row(session, of_list, position)
            if row.erased_at is not None:
                raise Conflict(_l("这个人的信息已经按要求删除，不能再改。"))
            values = _values(of_list, stated, position, known)
            for column in ("list_id", "position", "row_no"):
                del values[column]
            for column, value in values.items():
                setattr(row, column, value)
        session.flush()
        return _changed(session, of_list, by)


def leave_out(list_id: int, position: int, by: StaffMember, version: int) -> BeneficiaryList:
    """Leave a person out; raises as ``mend``."""
    return _set(list_id, position, by, version, _left_out)


def keep(list_id: int, position: int, by: StaffMember, version: int) -> BeneficiaryList:
    """Keep a person who was left out, or of whom something looked odd; raises as ``mend``."""
    return _set(list_id, position, by, version, _kept)


def drop(list_id: int, by: StaffMember, version: int) -> None:
    """Forget a list that no payout was requested with: nothing of its persons is kept.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: a payout was requested with it.
    """
    with writing() as session:
        of_list = _for_change(session, list_id, by, version)
        if of_list.disbursement_id is not None:
            raise Conflict(_l("这份名单已经用来申请过支出，不能丢弃。"))
        session.execute(delete(Beneficiary).where(Beneficiary.list_id == of_list.id))
        look_again(session, of_list)
        of_list.dropped_at = now()
        _note(session, of_list, by, "dropped")


def look_again(session: Session, of_list: BeneficiaryList) -> None:
    """Judge every row anew, and count."""
    judge = judge_of(session, of_list, Scope.district())
    rows = session.scalars(
        select(Beneficiary)
        .where(Beneficiary.list_id == of_list.id, Beneficiary.state != PersonState.LEFT_OUT)
        .execution_options(yield_per=1_000)
    )
    changed: dict[PersonState, list[int]] = defaultdict(list)
    for row in rows:
        if row.erased_at is not None:
            continue
        found = judge.findings(row, Person.of(row), row.amount_fen)
        state = state_after(found, confirmed=row.confirmed)
        if state is not row.state:
            changed[state].append(row.id)
    for state, ids in changed.items():
        for start in range(0, len(ids), _CHUNK):
            chosen = Beneficiary.id.in_(ids[start : start + _CHUNK])
            session.execute(update(Beneficiary).where(chosen).values(state=state))
    recount(session, of_list)


def recount(session: Session, of_list: BeneficiaryList) -> None:
    """Bring a list's counts and sum in line with its rows."""
    session.flush()
    query = (
        select(Beneficiary.state, func.count(), func.sum(Beneficiary.amount_fen))
        .where(Beneficiary.list_id == of_list.id)
        .group_by(Beneficiary.state)
    )
    found = {state: (count, int(total or 0)) for state, count, total in session.execute(query)}
    of_list.fine, of_list.total_fen = found.get(PersonState.FINE, (0, 0))
    of_list.to_mend = found.get(PersonState.TO_MEND, (0, 0))[0]
    of_list.to_confirm = found.get(PersonState.TO_CONFIRM, (0, 0))[0]
    of_list.left_out = found.get(PersonState.LEFT_OUT, (0, 0))[0]
    of_list.rows = sum(count for count, _total in found.values())
    session.flush()


def sum_of(session: Session, of_list: BeneficiaryList) -> int:
    """What everybody on a list gets together in fen, in order or not; without those left out."""
    total = session.scalar(
        select(func.sum(Beneficiary.amount_fen)).where(
            Beneficiary.list_id == of_list.id, Beneficiary.state != PersonState.LEFT_OUT
        )
    )
    return int(total or 0)


def can_be_changed(session: Session, of_list: BeneficiaryList) -> bool:
    """Whether a list is still in its maker's hands: no payout has it under review, or paid it."""
    payout = payouts.find(session, of_list.disbursement_id)
    return payout is None or payout.state in payouts.IN_HAND | payouts.GONE


def names_on(session: Session, of_list: BeneficiaryList) -> list[str]:
    """The names on a list, for comparing; never to be shown."""
    rows = session.scalars(
        select(Beneficiary).where(
            Beneficiary.list_id == of_list.id, Beneficiary.state != PersonState.LEFT_OUT
        )
    )
    return [name for row in rows if (name := Person.of(row).name)]


def twins_of(session: Session, of_list: BeneficiaryList) -> list[BeneficiaryList]:
    """Other lists of the organisation that say the same, and are with a payout that stands."""
    if not of_list.fingerprint:
        return []
    rows = payouts.table()
    query = (
        select(BeneficiaryList)
        .join(rows, rows.c.id == BeneficiaryList.disbursement_id)
        .where(
            BeneficiaryList.fingerprint == of_list.fingerprint,
            BeneficiaryList.organisation_id == of_list.organisation_id,
            BeneficiaryList.id != of_list.id,
            payouts.state_column().not_in(sorted(payouts.GONE)),
        )
    )
    return list(session.scalars(query.order_by(BeneficiaryList.id)))


def fingerprint(details: NewList, rows: Sequence[StatedRow]) -> str:
    """A keyed digest of what a list says; row numbers aside, so that a copy with another head is the same."""
    said = [[*sorted(asdict(row.person).items()), ("fen", str(row.amount_fen))] for row in rows]
    return vault.digest(f"beneficiary list:{details.with_amounts}:{sorted(said)!r}") if rows else ""


def _open_twin(session: Session, print_of: str, organisation_id: int) -> BeneficiaryList | None:
    query = select(BeneficiaryList).where(
        BeneficiaryList.fingerprint == print_of,
        BeneficiaryList.organisation_id == organisation_id,
        BeneficiaryList.disbursement_id.is_(None),
        BeneficiaryList.dropped_at.is_(None),
    )
    found: BeneficiaryList | None = session.scalar(query.limit(1))
    return found


def _check(details: NewList, rows: Sequence[StatedRow]) -> None:
    group = details.group_words.strip()
    errors: dict[str, Sentence] = {}
    if not 1 <= len(group) <= 60:
        errors["group"] = _l("请用一句话写明帮助的是哪一类人，如“困难家庭学生”，公众会看到。")
    errors |= private_words({"group": group}, [row.person.name for row in rows])
    if len(rows) > MOST_PERSONS:
        errors["file"] = _l("一份名单最多 %(most)d 人，请拆成几份。", most=MOST_PERSONS)
    if errors:
        raise Invalid(errors)


def _insert(session: Session, of_list: BeneficiaryList, rows: Sequence[StatedRow], first: int) -> None:
    known = streets(session)
    values = [_values(of_list, row, position, known) for position, row in enumerate(rows, start=first)]
    insert_many(session, Beneficiary, values)


def _values(of_list: BeneficiaryList, row: StatedRow, position: int, known: dict[str, int]) -> dict[str, Any]:
    person = row.person.tidy()
    amount = row.amount_fen if of_list.with_amounts else None
    return {
        "list_id": of_list.id,
        "position": position,
        "row_no": row.row_no or position,
        "state": PersonState.FINE,
        "confirmed": False,
        "group_words": (row.group_words.strip() or of_list.group_words)[:60],
        "street_id": known.get(person.street),
        "amount_fen": amount if amount and 0 < amount <= MAX_FEN else None,
        "sealed": person.seal(),
        "return_reason": "",
        **person.digests(),
    }


def _for_change(session: Session, list_id: int, by: StaffMember, version: int) -> BeneficiaryList:
    of_list = find(session, list_id, by, lock=True)
    if not can_be_changed(session, of_list):
        raise Conflict(_l("这份名单的支出已在复核或已支付，不能修改。请先请复核人退回支出。"))
    if of_list.version != version:
        raise Conflict(_l("在您查看之后名单又被修改过，请刷新页面再改。"))
    return of_list


def _changed(session: Session, of_list: BeneficiaryList, by: StaffMember) -> BeneficiaryList:
    look_again(session, of_list)
    of_list.version += 1
    if of_list.disbursement_id is not None:
        payouts.raise_version(session, of_list.disbursement_id)
    _note(session, of_list, by, "mended")
    return of_list


def _set(
    list_id: int, position: int, by: StaffMember, version: int, change: Callable[[Beneficiary], None]
) -> BeneficiaryList:
    with writing() as session:
        of_list = _for_change(session, list_id, by, version)
        change(find_row(session, of_list, position))
        session.flush()
        return _changed(session, of_list, by)


def _left_out(row: Beneficiary) -> None:
    row.state = PersonState.LEFT_OUT


def _kept(row: Beneficiary) -> None:
    row.state, row.confirmed = PersonState.FINE, True


def _note(session: Session, of_list: BeneficiaryList, by: StaffMember, what: str) -> None:
    audit.record(
        session,
        staff=by,
        action=f"beneficiary_list.{what}",
        subject_kind=SUBJECT,
        subject_id=of_list.id,
        detail={"persons": of_list.fine, "total_fen": of_list.total_fen},
    )
