"""Take statements in, say which entry a line is, make the entry of a fee, and sign how the books stand."""

import hashlib
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, insert_many, take_turn, writing
from portal.files import storage
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.imports import layouts
from portal.imports.reading.movements import Movement, read_movements
from portal.ledger import accounts
from portal.ledger.models import Channel, Entry
from portal.periods import now, today
from portal.reconciliation import figures
from portal.reconciliation.figures import Account
from portal.reconciliation.models import BankStatement, LineMatch, Reconciliation, StatementLine
from portal.refusals import Conflict, Invalid, NotFound
from portal.registry import lookups
from portal.registry.models import Organisation
from portal.spending import service as spending
from portal.spending.details import DisbursementDetails, PaymentDetails
from portal.spending.models import ENDED, Disbursement, DisbursementKind
from portal.staff import audit, review
from portal.staff.models import Decision, StaffMember

SUBJECT = "reconciliation"
ROOM = "statements"
ACCOUNTS = (accounts.BANK, accounts.PLATFORM)
_CHANNEL_OF = {accounts.BANK: Channel.BANK, accounts.PLATFORM: Channel.WECHAT}


def take_in(
    content: bytes, file_name: str, account: tuple[str, str], by: StaffMember
) -> tuple[BankStatement, int]:
    """Take a statement in for an account (credit code, account code); return it and how many lines were known already.

    Raises:
        UnreadableFile: the file is no statement.
        Invalid: the account is none, or lines cannot be read; nothing is kept then.
        NotFound: there is no such organisation, or none for this person.
    """
    uscc, code = account
    organisation = lookups.organisation_by_uscc(db.session(), uscc)
    if not by.scope.permits(organisation.id, None):
        raise NotFound(_l("没有找到这个组织。"))
    if code not in ACCOUNTS:
        raise Invalid({"account": _l("请选择银行账户或支付平台账户。")})
    known = layouts.known(db.session(), organisation.id)
    moved, unread = read_movements(content, file_name, today=today(), layouts=known)
    if unread:
        raise Invalid(
            {
                "file": _l(
                    "第 %(row)d 行的日期或金额看不懂（%(words)s），共 %(count)d 行这样；请改好再上传，一行也没有存。",
                    row=unread[0].row_no,
                    words=unread[0].words,
                    count=len(unread),
                )
            }
        )
    sha256 = storage.keep(ROOM, content)
    with writing() as session:
        take_turn(session, f"statement:{organisation.id}:{code}")
        keys = _keys(moved)
        present = set(
            session.scalars(
                select(StatementLine.content_key).where(
                    StatementLine.organisation_id == organisation.id, StatementLine.account_code == code
                )
            )
        )
        fresh = [(one, key) for one, key in zip(moved, keys, strict=True) if key not in present]
        if not fresh:
            raise Conflict(_l("这份流水的每一行都已经在系统里。"))
        statement = BankStatement(
            organisation_id=organisation.id,
            account_code=code,
            file_name=file_name[-255:],
            file_sha256=sha256,
            first_day=min(one.day for one in moved),
            last_day=max(one.day for one in moved),
            made_by_id=by.id,
            made_at=now(),
        )
        session.add(statement)
        session.flush()
        insert_many(
            session,
            StatementLine,
            [
                {
                    "statement_id": statement.id,
                    "organisation_id": organisation.id,
                    "account_code": code,
                    "position": position,
                    "row_no": one.row_no,
                    "day": one.day,
                    "amount_fen": one.amount_fen,
                    "counterparty": one.counterparty[:200],
                    "reference": one.reference[:120],
                    "remark": one.remark[:500],
                    "content_key": key,
                    "fee_disbursement_id": None,
                }
                for position, (one, key) in enumerate(fresh, start=1)
            ],
        )
        _note(session, by, "taken_in", statement.id)
        return statement, len(moved) - len(fresh)


def accept(line_id: int, entry_ids: Sequence[int], by: StaffMember) -> StatementLine:
    """Say that a line is these entries.

    Raises:
        NotFound: there is no such line or entry, or none for this person.
        Conflict: the line or an entry has been matched meanwhile.
        Invalid: the entries do not come to the line's amount.
    """
    with writing() as session:
        line = find_line(session, line_id, by)
        account = Account(line.organisation_id, line.account_code)
        take_turn(session, _turn(account))
        _match(session, line, entry_ids, by)
        if figures.moved_by(session, account, entry_ids) != line.amount_fen:
            raise Invalid({"entries": _l("所选记录的合计与流水这一行的金额不同，不能对上。")})
        _note(session, by, "matched", line.id)
        return line


def accept_sure(account: Account, by: StaffMember) -> int:
    """Take every suggestion that leaves no doubt; return how many."""
    with writing() as session:
        take_turn(session, _turn(account))
        lines = figures.open_lines(session, account)
        found = figures.suggestions(session, account, lines)
        sure = [(line, found[line.id]) for line in lines if line.id in found and found[line.id].sure]
        for line, suggestion in sure:
            _match(session, line, [suggestion.entry_id], by)
        if sure:
            _note(session, by, "matched_sure", sure[0][0].statement_id)
        return len(sure)


def take_back(line_id: int, by: StaffMember) -> StatementLine:
    """Undo what was said of a line; raises ``NotFound`` as ``accept``."""
    with writing() as session:
        line = find_line(session, line_id, by)
        take_turn(session, _turn(Account(line.organisation_id, line.account_code)))
        line.matches.clear()
        _note(session, by, "taken_back", line.id)
        return line


def book_fee(line_id: int, entry_id: int, by: StaffMember) -> Disbursement:
    """Request the payout of what the platform kept of a gift, from the fund of the gift; its life is the usual one.

    Raises:
        NotFound, Conflict: as ``accept``; a fee was made from the line already.
        Invalid: the line is not a little less than the entry, or the fund cannot pay the fee.
    """
    with writing() as session:
        line = find_line(session, line_id, by)
        account = Account(line.organisation_id, line.account_code)
        take_turn(session, _turn(account))
        earlier = session.get(Disbursement, line.fee_disbursement_id or 0)
        if earlier is not None and earlier.state not in ENDED:
            raise Conflict(_l("这一行的手续费已经登记过了。"))
        if earlier is not None:
            line.matches.clear()
        fee = figures.moved_by(session, account, [entry_id]) - line.amount_fen
        if line.amount_fen <= 0 or fee <= 0:
            raise Invalid({"entries": _l("流水的金额不比所选记录少，没有手续费可以登记。")})
        _match(session, line, [entry_id], by)
        entry = session.get_one(Entry, entry_id)
        if entry.organisation_id != line.organisation_id:
            raise Invalid({"entries": _l("这是别的组织划转来的钱，没有收款手续费；请和划出的组织核对金额。")})
        details = DisbursementDetails(
            fund=lookups.fund_by_id(session, entry.fund_id).code,
            kind=DisbursementKind.FUNDRAISING,
            amount_fen=fee,
            recipient=_("收款平台或银行"),
            purpose=_("收款手续费（对账发现）"),
            payment=PaymentDetails(line.day, _CHANNEL_OF[line.account_code], line.reference[:60]),
        )
        made = spending.request(
            details, by, f"reconciliation-fee:{line.id}:{line.fee_disbursement_id or 0}", submit_now=True
        )
        line.fee_disbursement_id = made.id
        _note(session, by, "fee_requested", line.id)
        return made


def join_fees(account: Account, by: StaffMember) -> int:
    """Match the entries of fees that were paid meanwhile to their lines; return how many."""
    with writing() as session:
        take_turn(session, _turn(account))
        rows = session.execute(
            select(StatementLine, Entry.id)
            .join(Disbursement, Disbursement.id == StatementLine.fee_disbursement_id)
            .join(Entry, Entry.id == Disbursement.entry_id)
            .outerjoin(LineMatch, LineMatch.entry_id == Disbursement.entry_id)
            .where(
                StatementLine.organisation_id == account.organisation_id,
                StatementLine.account_code == account.code,
                LineMatch.id.is_(None),
            )
        ).all()
        for line, entry_id in rows:
            line.matches.append(_said(line, entry_id, by))
        return len(rows)


def close(account: Account, through: date, by: StaffMember) -> Reconciliation:
    """Write down how ledger and bank stand at the end of a day; it waits for a second person.

    Raises:
        Invalid: the day has not passed, or statements do not reach that far.
    """
    with writing() as session:
        take_turn(session, _turn(account))
        covered = figures.period_of(session, account)
        if through >= today() or covered is None or not covered[0] <= through <= covered[1]:
            raise Invalid({"through": _l("只能对到流水覆盖的、已经过去的日子。")})
        stands = figures.standing(session, account, through)
        made = Reconciliation(
            organisation_id=account.organisation_id,
            account_code=account.code,
            through=through,
            ledger_fen=stands.ledger_fen,
            bank_fen=stands.bank_fen,
            open_lines=len(stands.open_lines),
            open_lines_fen=sum(abs(one.amount_fen) for one in stands.open_lines),
            open_entries=len(stands.open_entries),
            open_entries_fen=sum(abs(one.amount_fen) for one in stands.open_entries),
            made_by_id=by.id,
            made_at=now(),
            signed_by_id=None,
            signed_at=None,
        )
        session.add(made)
        session.flush()
        _note(session, by, "closed", made.id)
        return made


def sign(reconciliation_id: int, by: StaffMember) -> Reconciliation:
    """Sign as the second person; from now on the figure is public.

    Raises:
        NotFound: there is none, or none for this person.
        Conflict: it is signed, or the books have changed since it was made.
        Forbidden: the person made it, or is no reviewer.
    """
    with writing() as session:
        found = find(session, reconciliation_id, by)
        account = Account(found.organisation_id, found.account_code)
        take_turn(session, _turn(account))
        if found.signed_at is not None:
            raise Conflict(_l("这份对账单已经签过。"))
        stands = figures.standing(session, account, found.through)
        now_open = (stands.ledger_fen, stands.bank_fen, len(stands.open_lines), len(stands.open_entries))
        if now_open != (found.ledger_fen, found.bank_fen, found.open_lines, found.open_entries):
            raise Conflict(_l("做好对账单以后，账或流水又有变化，请重新做一份再签。"))
        review.record_decision(
            session,
            subject_kind=SUBJECT,
            subject_id=found.id,
            version=1,
            makers=[found.made_by_id],
            checker=by,
            decision=Decision.APPROVED,
        )
        found.signed_by_id, found.signed_at = by.id, now()
        _note(session, by, "signed", found.id)
        return found


def find_line(session: Session, line_id: int, by: StaffMember) -> StatementLine:
    """A line within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    line = session.get(StatementLine, line_id)
    if line is None or not by.scope.permits(line.organisation_id, None):
        raise NotFound(_l("没有找到这一行流水。"))
    return line


def find(session: Session, reconciliation_id: int, by: StaffMember) -> Reconciliation:
    """A statement of reconciliation within a person's scope; raises as ``find_line``."""
    found = session.get(Reconciliation, reconciliation_id)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这份对账单。"))
    return found


def account_of(session: Session, uscc: str, code: str, by: StaffMember) -> tuple[Organisation, Account]:
    """An account within a person's scope; raises as ``find_line``."""
    organisation = lookups.organisation_by_uscc(session, uscc)
    if code not in ACCOUNTS or not by.scope.permits(organisation.id, None):
        raise NotFound(_l("没有找到这个账户。"))
    return organisation, Account(organisation.id, code)


def listing(session: Session, by: StaffMember) -> Sequence[BankStatement]:
    """Statements within a person's reach, newest first."""
    query = select(BankStatement).order_by(BankStatement.id.desc()).limit(50)
    if by.scope.organisation_id is not None:
        query = query.where(BankStatement.organisation_id == by.scope.organisation_id)
    return session.scalars(query).all()


def closings(session: Session, account: Account) -> Sequence[Reconciliation]:
    """The statements of reconciliation of an account, newest first."""
    return session.scalars(
        select(Reconciliation)
        .where(
            Reconciliation.organisation_id == account.organisation_id,
            Reconciliation.account_code == account.code,
        )
        .order_by(Reconciliation.id.desc())
        .limit(12)
    ).all()


def published(session: Session, organisation_id: int) -> list[Reconciliation]:
    """The newest signed one of each account of an organisation: what the public sees."""
    found: dict[str, Reconciliation] = {}
    for one in session.scalars(
        select(Reconciliation)
        .where(Reconciliation.organisation_id == organisation_id, Reconciliation.signed_at.is_not(None))
        .order_by(Reconciliation.through.desc(), Reconciliation.id.desc())
    ):
        found.setdefault(one.account_code, one)
    return list(found.values())


def _match(session: Session, line: StatementLine, entry_ids: Sequence[int], by: StaffMember) -> None:
    ids = sorted(set(entry_ids))
    if not ids:
        raise Invalid({"entries": _l("请先选择账上的记录。")})
    if line.matches:
        raise Conflict(_l("这一行流水已经对上了，请刷新页面。"))
    if len(figures.own_entries(session, line.organisation_id, ids)) != len(ids):
        raise NotFound(_l("没有找到所选的记录。"))
    taken = select(LineMatch.id).where(
        LineMatch.entry_id.in_(ids), LineMatch.organisation_id == line.organisation_id
    )
    if session.scalar(taken.limit(1)) is not None:
        raise Conflict(_l("所选的记录已经与别的流水对上，请刷新页面。"))
    for entry_id in ids:
        line.matches.append(_said(line, entry_id, by))
    session.flush()


def _said(line: StatementLine, entry_id: int, by: StaffMember) -> LineMatch:
    return LineMatch(entry_id=entry_id, organisation_id=line.organisation_id, made_by_id=by.id, made_at=now())


def _keys(moved: Sequence[Movement]) -> list[str]:
    """What makes a line itself; of equal lines in one file each counts."""
    seen: dict[str, int] = {}
    keys = []
    for one in moved:
        words = "\x1f".join(
            (one.day.isoformat(), str(one.amount_fen), one.reference, one.counterparty, one.remark)
        )
        seen[words] = seen.get(words, 0) + 1
        keys.append(hashlib.sha256(f"{words}\x1f{seen[words]}".encode()).hexdigest())
    return keys


def _turn(account: Account) -> str:
    return f"reconciliation:{account.organisation_id}:{account.code}"


def _note(session: Session, by: StaffMember, what: str, subject_id: int) -> None:
    audit.record(
        session, staff=by, action=f"reconciliation.{what}", subject_kind=SUBJECT, subject_id=subject_id
    )
