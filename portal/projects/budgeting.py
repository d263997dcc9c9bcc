"""A project's budget is set and changed by a paper with a reason that a second person approves."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import writing
from portal.i18n import lazy_gettext as _l
from portal.money import MAX_FEN, format_yuan
from portal.projects import handing_in
from portal.projects.models import BudgetLine
from portal.projects.paper_models import BudgetChange, BudgetChangeLine
from portal.refusals import Conflict, Invalid, Sentence
from portal.staff.models import StaffMember

MOST_LINES = 30


@dataclass(frozen=True)
class LineDetails:
    """A line as it is to be; ``line_no`` says which line of the present budget it was, if any."""

    name: str
    amount_fen: int
    line_no: int | None = None


@dataclass(frozen=True)
class BudgetDetails:
    """A budget as it is to be; lines that are not named stay as they are."""

    lines: tuple[LineDetails, ...]
    reason: str


def propose(code: str, details: BudgetDetails, by: StaffMember, idempotency_key: str) -> BudgetChange:
    """Hand in a new budget, or a change of the present one.

    Raises:
        NotFound, Conflict: as for ``handing_in.project_of``; or a change waits already.
        Invalid: a line breaks a rule, nothing differs, or there is no reason; lines are named ``items-0-amount``.
    """
    with writing() as session:
        known = handing_in.earlier(session, BudgetChange, idempotency_key, by)
        if known is not None:
            return known
        project = handing_in.project_of(session, code, by)
        handing_in.require_none_waiting(session, BudgetChange, project)
        present = {line.line_no: line for line in all_lines(session, project.id)}
        errors: dict[str, Sentence] = {}
        reason = handing_in.text(
            errors, "reason", details.reason, required=True, longest=handing_in.LONGEST_WORDS
        )
        lines = _lines(details.lines, present, errors)
        if not errors and not any(line.differs for line in lines):
            errors["items"] = _l("和现在的预算一样，没有要改的。")
        if errors:
            raise Invalid(errors)
        change = BudgetChange(
            project_id=project.id, reason=reason, lines=lines, idempotency_key=idempotency_key
        )
        return handing_in.hand_in(session, change, by)


def take_effect(session: Session, change: BudgetChange, by: StaffMember) -> None:
    """Make an approved change the budget.

    Raises:
        Conflict: the project ended meanwhile, or more was spent or asked for than a line is to have.
    """
    handing_in.project_of(session, change.project.code, by)
    for line in change.lines:
        if line.differs and line.name_before:
            _change(session, change.project_id, line)
        elif line.differs:
            session.add(
                BudgetLine(
                    project_id=change.project_id,
                    line_no=line.line_no,
                    name=line.name_after,
                    amount_fen=line.after_fen,
                    committed_fen=0,
                    spent_fen=0,
                )
            )
    session.flush()


def all_lines(session: Session, project_id: int) -> Sequence[BudgetLine]:
    """Every line that a project's budget ever had."""
    query = select(BudgetLine).where(BudgetLine.project_id == project_id).order_by(BudgetLine.line_no)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _lines(
    stated: Sequence[LineDetails], present: dict[int, BudgetLine], errors: dict[str, Sentence]
) -> list[BudgetChangeLine]:
    if not stated:
        errors["items"] = _l("请至少填写一行预算。")
    if len(stated) > MOST_LINES:
        errors["items"] = _l("预算最多 %(most)d 行。", most=MOST_LINES)
    following = max(present, default=0) + 1
    names: set[str] = set()
    lines = []
    for number, one in enumerate(stated):
        line = present.get(one.line_no) if one.line_no is not None else None
        name = one.name.strip()
        _check(f"items-{number}", (name, one.amount_fen), line, names, errors)
        names.add(name)
        lines.append(
            BudgetChangeLine(
                line_no=line.line_no if line else following,
                name_before=line.name if line else "",
                name_after=name,
                before_fen=line.amount_fen if line else 0,
                after_fen=one.amount_fen,
            )
        )
        following += line is None
    return lines


def _check(
    place: str,
    stated: tuple[str, int],
    line: BudgetLine | None,
    names: set[str],
    errors: dict[str, Sentence],
) -> None:
    name, amount_fen = stated
    if not name:
        errors[f"{place}-name"] = _l("请写明这一行是什么开支。")
    elif len(name) > 60:
        errors[f"{place}-name"] = _l("最多 %(longest)d 个字。", longest=60)
    elif name in names:
        errors[f"{place}-name"] = _l("“%(name)s”写了两行，请合并。", name=name)
    if not 0 <= amount_fen <= MAX_FEN or (line is None and amount_fen == 0):
        errors[f"{place}-amount"] = _l("金额必须大于零，且不超过一千亿元。")
    elif line is not None and amount_fen < line.committed_fen + line.spent_fen:
        errors[f"{place}-amount"] = _too_little(line)


def _change(session: Session, project_id: int, line: BudgetChangeLine) -> None:
    changed = session.execute(
        update(BudgetLine)
        .where(
            BudgetLine.project_id == project_id,
            BudgetLine.line_no == line.line_no,
            BudgetLine.amount_fen == line.before_fen,
            BudgetLine.committed_fen + BudgetLine.spent_fen <= line.after_fen,
        )
        .values(name=line.name_after, amount_fen=line.after_fen)
        .returning(BudgetLine.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        present = session.scalars(
            select(BudgetLine)
            .where(BudgetLine.project_id == project_id, BudgetLine.line_no == line.line_no)
            .execution_options(populate_existing=True)
        ).one()
        raise Conflict(_too_little(present))


def _too_little(line: BudgetLine) -> Sentence:
    return _l(
        "“%(name)s”已支出和已申请待付共 %(used)s 元，预算不能比这更少。",
        name=line.name,
        used=format_yuan(line.committed_fen + line.spent_fen),
    )
