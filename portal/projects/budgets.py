"""What stands against a project and its budget: kept by conditional updates, so that no line is ever overdrawn.

Every function takes the project's row first and the line's after it, so that two commands never wait for each other.
"""

from dataclasses import dataclass

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.i18n import lazy_gettext as _l
from portal.money import format_yuan
from portal.projects.models import BudgetLine, ProjectAccount, ProjectSpending
from portal.refusals import Conflict, Invalid, Sentence


@dataclass(frozen=True)
class Claim:
    """What one payout asks of a project: money, of a line where the project has lines; goods ask for none."""

    project_id: int
    line_id: int | None
    amount_fen: int


def commit(session: Session, claim: Claim) -> None:
    """Set aside what a payout that waits for review asks for.

    Raises:
        Invalid: the line has less left than that.
        Conflict: the project is being closed.
    """
    open_account(session, claim.project_id)
    kept = session.execute(
        update(ProjectAccount)
        .where(ProjectAccount.project_id == claim.project_id, ProjectAccount.open)
        .values(
            waiting=ProjectAccount.waiting + 1,
            committed_fen=ProjectAccount.committed_fen + claim.amount_fen,
        )
        .returning(ProjectAccount.project_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if kept is None:
        raise Conflict(_l("这个项目已经结项或正在结项，不能再支出。"))
    if claim.line_id is None:
        return
    held = session.execute(
        update(BudgetLine)
        .where(
            BudgetLine.id == claim.line_id,
            BudgetLine.project_id == claim.project_id,
            BudgetLine.amount_fen - BudgetLine.committed_fen - BudgetLine.spent_fen >= claim.amount_fen,
        )
        .values(committed_fen=BudgetLine.committed_fen + claim.amount_fen)
        .returning(BudgetLine.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if held is None:
        raise Invalid({"amount": shortage(session, claim.line_id)})


def free(session: Session, claim: Claim) -> None:
    """Free what was set aside for a payout that will not happen."""
    _settle(session, claim, spent_fen=0, helped=0)


def spend(session: Session, claim: Claim, entry_id: int, people: int | None) -> None:
    """Turn what was set aside into what was spent, by an entry of the ledger that helped so many people (人次)."""
    _settle(session, claim, spent_fen=claim.amount_fen, helped=people or 0)
    _note(session, entry_id, claim, people or 0)


def note_spent(session: Session, project_id: int, entry_id: int, people: int | None) -> None:
    """Count a payout that never waited and asks for no money of a budget, such as goods given out by a list."""
    open_account(session, project_id)
    _count(session, project_id, people or 0)
    _note(session, entry_id, Claim(project_id, None, 0), people or 0)


def give_back(session: Session, entry_id: int, reversal_id: int) -> None:
    """Give back what a reversed payout spent; entries that spent nothing of a project are none of its business."""
    spent = session.get(ProjectSpending, entry_id)
    if spent is None:
        return
    _count(session, spent.project_id, -spent.people)
    if spent.line_id is not None:
        session.execute(
            update(BudgetLine)
            .where(BudgetLine.id == spent.line_id)
            .values(spent_fen=BudgetLine.spent_fen - spent.amount_fen)
            .execution_options(synchronize_session=False)
        )
    _note(session, reversal_id, Claim(spent.project_id, spent.line_id, -spent.amount_fen), -spent.people)


def shut(session: Session, project_id: int) -> None:
    """Let a project take no more payouts.

    Raises:
        Conflict: payouts of it still wait.
    """
    open_account(session, project_id)
    done = session.execute(
        update(ProjectAccount)
        .where(ProjectAccount.project_id == project_id, ProjectAccount.waiting == 0)
        .values(open=False)
        .returning(ProjectAccount.project_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if done is None:
        waiting = account_of(session, project_id).waiting
        raise Conflict(
            _l("这个项目还有 %(count)d 笔支出没有办完，请先付清、退回或撤回，再结项。", count=waiting)
        )


def reopen(session: Session, project_id: int) -> None:
    """Let a project take payouts again."""
    session.execute(
        update(ProjectAccount)
        .where(ProjectAccount.project_id == project_id)
        .values(open=True)
        .execution_options(synchronize_session=False)
    )


def account_of(session: Session, project_id: int) -> ProjectAccount:
    """What stands against a project; one that never paid anything has nothing against it."""
    found = session.get(ProjectAccount, project_id, populate_existing=True)
    return found or ProjectAccount(project_id=project_id, open=True, waiting=0, committed_fen=0, helped=0)


def lines_of(session: Session, project_id: int) -> list[BudgetLine]:
    """The lines of a project's budget, those given up and never used left out."""
    query = (
        select(BudgetLine)
        .where(BudgetLine.project_id == project_id)
        .where((BudgetLine.amount_fen > 0) | (BudgetLine.spent_fen > 0))
    )
    return list(session.scalars(query.order_by(BudgetLine.line_no).execution_options(populate_existing=True)))


def shortage(session: Session, line_id: int) -> Sentence:
    """That a line has not so much left, and how much it has."""
    line = session.get_one(BudgetLine, line_id, populate_existing=True)
    return _l(
        "预算“%(name)s”只剩 %(left)s 元（预算 %(amount)s 元，已支出 %(spent)s 元，已申请待付 %(committed)s 元）。"
        "请减少金额、换一项，或先调整预算。",
        name=line.name,
        left=format_yuan(line.left_fen),
        amount=format_yuan(line.amount_fen),
        spent=format_yuan(line.spent_fen),
        committed=format_yuan(line.committed_fen),
    )


def open_account(session: Session, project_id: int) -> None:
    """Make a project's account if it has none yet."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        dialect.insert(ProjectAccount)
        .values(project_id=project_id, open=True, waiting=0, committed_fen=0, helped=0)
        .on_conflict_do_nothing()
    )


def _settle(session: Session, claim: Claim, *, spent_fen: int, helped: int) -> None:
    session.execute(
        update(ProjectAccount)
        .where(ProjectAccount.project_id == claim.project_id)
        .values(
            waiting=ProjectAccount.waiting - 1,
            committed_fen=ProjectAccount.committed_fen - claim.amount_fen,
            helped=ProjectAccount.helped + helped,
        )
        .execution_options(synchronize_session=False)
    )
    if claim.line_id is not None:
        session.execute(
            update(BudgetLine)
            .where(BudgetLine.id == claim.line_id)
            .values(
                committed_fen=BudgetLine.committed_fen - claim.amount_fen,
                spent_fen=BudgetLine.spent_fen + spent_fen,
            )
            .execution_options(synchronize_session=False)
        )


def _count(session: Session, project_id: int, people: int) -> None:
    session.execute(
        update(ProjectAccount)
        .where(ProjectAccount.project_id == project_id)
        .values(helped=ProjectAccount.helped + people)
        .execution_options(synchronize_session=False)
    )


def _note(session: Session, entry_id: int, claim: Claim, people: int) -> None:
    # Not by a flush: the payout's own row is in between two states while this runs.
    session.execute(
        insert(ProjectSpending).values(
            entry_id=entry_id,
            project_id=claim.project_id,
            line_id=claim.line_id,
            amount_fen=claim.amount_fen,
            people=people,
        )
    )
