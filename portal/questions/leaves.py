"""What the log says of questions (docs/adr/0011, 0030), and whether their rows still say the same.

What a citizen asked is sealed, and the seal opened in public when the words are: so the log holds a question from the
second it was asked, and never words that had to be withheld. An answer is public at once, and its hash stands there.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from portal.ledger.models import Entry
from portal.periods import local
from portal.questions.models import Question, QuestionCounter, QuestionTurn, Withholding
from portal.registry.models import Organisation
from portal.translog.canonical import canonical, seal
from portal.translog.models import Leaf

KIND = "question"
_MARK = canonical({"kind": KIND}).strip(b"{}")
"""What the canonical bytes of a leaf of this kind hold, and those of no other."""
Finding = tuple[str, str | None, str]
Document = dict[str, Any]


def asked_document(turn: QuestionTurn) -> Document:
    """The part of a question that the seal stands for; with its salt, anybody can check the seal."""
    return {"words": turn.words, "nickname": turn.nickname}


def answer_document(question: Question, turn: QuestionTurn) -> Document:
    """The public text of an answer, whose hash stands in the log."""
    return {
        "no": question.question_no,
        "turn": turn.number,
        "date": local(turn.said_at).date().isoformat(),
        "by": turn.function.value if turn.function else "",
        "words": turn.words,
    }


def turn_leaf(question: Question, turn: QuestionTurn, uscc: str) -> Document:
    """The leaf of a turn; ``uscc`` is the credit code of the organisation that is asked."""
    leaf: Document = {
        "kind": KIND,
        "date": local(turn.said_at).date().isoformat(),
        "no": question.question_no,
        "turn": turn.number,
        "step": turn.kind.value,
        "organisation": uscc,
        "subject": question.about_kind.value,
        "document": question.about_no,
    }
    if turn.salt is None:
        digest = hashlib.sha256(canonical(answer_document(question, turn))).hexdigest()
        return leaf | {"sha256": digest}
    due = turn.due_on.isoformat() if turn.due_on else ""
    return leaf | {"due": due, "sealed": {"words": seal(turn.salt, asked_document(turn))}}


def withheld_leaf(question: Question, withholding: Withholding) -> Document:
    """The leaf that says that the words of a turn are withheld, and why."""
    decided = withholding.decided_at or withholding.proposed_at
    return {
        "kind": KIND,
        "date": local(decided).date().isoformat(),
        "no": question.question_no,
        "turn": withholding.turn_number,
        "step": "withheld",
        "reason": withholding.reason.value,
    }


def doubtful_questions(session: Session) -> Iterator[Finding]:
    """Turns and withheld words whose leaf is missing or does not say what their rows say."""
    if not inspect(session.connection()).has_table(Question.__tablename__):
        return  # an older copy of the books, before it is migrated
    turns = session.execute(
        select(Question, QuestionTurn, Organisation.uscc, Leaf.data)
        .join(QuestionTurn, QuestionTurn.question_id == Question.id)
        .join(Organisation, Organisation.id == Question.organisation_id)
        .outerjoin(Leaf, Leaf.index == QuestionTurn.leaf_index)
        .order_by(QuestionTurn.leaf_index)
    )
    for question, turn, uscc, data in turns:
        yield from _compare(turn.leaf_index, turn_leaf(question, turn, uscc), data, question.question_no)
    upheld = session.execute(
        select(Question, Withholding, Leaf.data)
        .join(Withholding, Withholding.question_id == Question.id)
        .outerjoin(Leaf, Leaf.index == Withholding.leaf_index)
        .where(Withholding.leaf_index.is_not(None))
    )
    for question, withholding, data in upheld:
        leaf = withheld_leaf(question, withholding)
        yield from _compare(withholding.leaf_index or 0, leaf, data, question.question_no)
    yield from _missing(session)


def _missing(session: Session) -> Iterator[Finding]:
    """Whether the log holds as many leaves of questions as there are rows that made them."""
    others = (
        select(Leaf.data).where(Leaf.index.not_in(select(Entry.index))).execution_options(yield_per=1_000)
    )
    logged = sum(_MARK in data for data in session.scalars(others))
    turns = session.scalar(select(func.count(QuestionTurn.id))) or 0
    upheld = session.scalar(select(func.count(Withholding.leaf_index))) or 0
    lost = session.scalar(select(func.sum(QuestionCounter.lost_leaves))) or 0
    if logged != turns + upheld + lost:
        yield "question", None, f"the log has {logged} leaves of questions, {turns + upheld + lost} were kept"


def _compare(index: int, leaf: Document, data: bytes | None, number: str) -> Iterator[Finding]:
    stored = json.loads(data) if data else {}
    if stored != {"v": 1, "seq": index, **leaf}:
        yield "question", number, f"what is kept of {leaf['step']} is not what the log says"
