"""A citizen asks, and may ask once more about the answer."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import local, now, today
from portal.questions import numbers
from portal.questions.clock import due_after
from portal.questions.codes import hashed, require_code, tracking_code
from portal.questions.guards import FormGuard, SentForm, SuspectForm
from portal.questions.leaves import turn_leaf
from portal.questions.limits import count_asking
from portal.questions.models import Question, QuestionTurn, TurnKind
from portal.questions.rules import Deed
from portal.questions.screening import SENTENCES, cleaned, found_in
from portal.questions.subjects import About
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.registry.models import Organisation
from portal.staff import audit
from portal.translog.appending import append
from portal.translog.canonical import new_salt

SUBJECT = "question"
SHORTEST, LONGEST = 5, 500
LONGEST_NICKNAME = 20
MOST_FOLLOW_UPS = 2
MOST_ALIKE_A_DAY = 3
"""The same words under different things, as advertisers send them."""
ALIKE_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """A question that was taken, and the code that only the asker gets to know."""

    question: Question
    code: str


class AlreadyAsked(Conflict):
    """The same was asked already; ``question_no`` leads there."""

    def __init__(self, message: Sentence, question_no: str) -> None:
        super().__init__(message)
        self.question_no = question_no


@dataclass(frozen=True)
class Asking:
    """What a citizen typed."""

    words: str
    nickname: str = ""

    def checked(self) -> "Asking":
        """The same, cleaned.

        Raises:
            Invalid: too short, too long, or there is something in it that may not be made public.
        """
        mended = Asking(cleaned(self.words), " ".join(cleaned(self.nickname).split()))
        errors: dict[str, Sentence] = {}
        if not SHORTEST <= len(mended.words) <= LONGEST:
            errors["words"] = _l(
                "请写 %(least)d 到 %(most)d 个字，现在有 %(count)d 个。",
                least=SHORTEST,
                most=LONGEST,
                count=len(mended.words),
            )
        elif found := found_in(mended.words):
            errors["words"] = SENTENCES[found[0]]
        if len(mended.nickname) > LONGEST_NICKNAME:
            errors["nickname"] = _l("称呼最多 %(most)d 个字。", most=LONGEST_NICKNAME)
        elif found := found_in(mended.nickname):
            errors["nickname"] = SENTENCES[found[0]]
        if errors:
            raise Invalid(errors)
        return mended

    def content_hash(self, about: str) -> str:
        """SHA-256 of what is asked about what, to tell a form that was sent twice from another text."""
        return hashlib.sha256(f"{about}\x1f{self.words}\x1f{self.nickname}".encode()).hexdigest()

    def words_hash(self) -> str:
        """SHA-256 of the letters and digits alone, to find the same words again."""
        plain = unicodedata.normalize("NFKC", self.words).lower()
        return hashlib.sha256("".join(one for one in plain if one.isalnum()).encode()).hexdigest()


def ask(about: About, asking: Asking, sent: SentForm, secret: str) -> Asked:
    """Take a question; it stands before the public at once, its words as soon as somebody looked (or a day later).

    Args:
        about: what it is about.
        asking: what was typed.
        sent: what the form brought along.
        secret: the deployment's secret, which tokens and codes are made from.

    Raises:
        SuspectForm: no person sent it, or the form was used for another text.
        Invalid: the text breaks a rule; the errors name the field.
        AlreadyAsked: the same was asked about the same thing.
        TooMuchAsked: too much came from this address.
        Unavailable: the books are in doubt.
    """
    key = FormGuard(secret).key_of(sent, purpose_of(about))
    typed = asking.checked()
    content = typed.content_hash(f"{about.kind}:{about.number}")
    with writing() as session:
        take_turn(session, f"question:{key}", f"question-words:{typed.words_hash()}")
        earlier = session.scalar(select(Question).where(Question.idempotency_key == key))
        if earlier is not None:
            return Asked(_same(earlier, content), tracking_code(secret, key))
        _refuse_repetition(session, about, typed)
        count_asking(session, sent.address, secret)
        return take(session, about, typed, key, secret)


def take(
    session: Session, about: About, typed: Asking, key: str, secret: str, at: datetime | None = None
) -> Asked:
    """Keep a question that passed every guard. Call inside ``writing()``.

    Args:
        session: the transaction.
        about: what it is about.
        typed: what was typed, checked.
        key: what tells a form that was sent twice; the code is made from it.
        secret: the deployment's secret.
        at: when it was asked, if that is not now: a demonstration has a past.
    """
    asked_at = at or now()
    question = _question(about, typed, asked_at)
    question.question_no = numbers.next_question_no(session)
    question.idempotency_key, question.code_hash = key, hashed(tracking_code(secret, key))
    session.add(question)
    session.flush()
    turn = QuestionTurn(kind=TurnKind.ASKED, idempotency_key=key, said_at=asked_at, **_words(typed))
    _say(session, question, turn)
    audit.record(session, staff=None, action="question.asked", subject_kind=SUBJECT, subject_id=question.id)
    return Asked(question, tracking_code(secret, key))


def follow_up(question_no: str, code: str, asking: Asking, sent: SentForm, secret: str) -> Question:
    """Ask once more about an answer; only who holds the code may.

    Raises:
        NotFound: there is no such question.
        WrongTrackingCode: the code belongs to another one.
        Conflict: nothing was answered yet, or enough was asked.
        SuspectForm, Invalid, TooMuchAsked, Unavailable: as for a question.
    """
    key = FormGuard(secret).key_of(sent, f"more:{question_no}")
    typed = Asking(asking.words).checked()
    with writing() as session:
        question = by_number(session, question_no, lock=True)
        require_code(code, question.code_hash)
        earlier = session.scalar(select(QuestionTurn).where(QuestionTurn.idempotency_key == key))
        if earlier is not None:
            if earlier.words != typed.words:
                raise _used()
            return question
        require_room(session, question)
        count_asking(session, sent.address, secret)
        day, number = today(), _next_turn(session, question)
        question.waiting_turn, question.waiting_due_on = number, due_after(Deed.ANSWER, day)
        question.hidden_through_on = due_after(Deed.SHOW, day)
        _say(session, question, _more(typed, key))
        audit.record(
            session, staff=None, action="question.followed_up", subject_kind=SUBJECT, subject_id=question.id
        )
        return question


def by_number(session: Session, question_no: str, *, lock: bool = False) -> Question:
    """The question with a number, read anew; with ``lock`` nobody else changes it before the transaction ends.

    Raises:
        NotFound: there is none.
    """
    query = select(Question).where(Question.question_no == question_no.strip().upper()[:20])
    if lock:
        query = query.with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound(_l("没有找到这个问题。请核对编号，例如 Q-2026-000123。"))
    return found


def purpose_of(about: About) -> str:
    """What a form's token is for."""
    return f"ask:{about.kind.value}:{about.number}"


def require_room(session: Session, question: Question) -> None:
    """Refuse one more question while one waits, or after enough of them.

    Raises:
        Conflict: one waits, none was answered, or there were enough.
    """
    if question.waiting_turn is not None or question.answered_on is None:
        raise Conflict(_l("这个问题还没有答复，答复之后可以追问。"))
    asked = select(func.count(QuestionTurn.id)).where(
        QuestionTurn.question_id == question.id, QuestionTurn.kind == TurnKind.FOLLOW_UP
    )
    if (session.scalar(asked) or 0) >= MOST_FOLLOW_UPS:
        raise Conflict(
            _l("一个问题最多追问 %(count)d 次。还不满意，可以向民政部门投诉。", count=MOST_FOLLOW_UPS)
        )


def _same(earlier: Question, content: str) -> Question:
    if earlier.content_hash != content:
        raise _used(earlier.question_no)
    return earlier


def _used(question_no: str = "") -> SuspectForm:
    if question_no:
        return SuspectForm(
            _l(
                "这一页已经提交过一个问题，编号 %(no)s。要另外再问一个，请再按一次提交。",
                no=question_no,
            )
        )
    return SuspectForm(_l("这一页已经提交过一次。要另外再问，请再按一次提交。"))


def _refuse_repetition(session: Session, about: About, typed: Asking) -> None:
    alike = select(Question).where(Question.words_hash == typed.words_hash()).order_by(Question.id.desc())
    same = session.scalar(
        alike.where(
            Question.about_kind == about.kind,
            Question.about_no == about.number,
            Question.asked_at > now() - ALIKE_FOR,
        ).limit(1)
    )
    if same is not None:
        raise AlreadyAsked(
            _l("同样的问题已经有人问过，编号 %(no)s，可以直接去看。", no=same.question_no), same.question_no
        )
    recent = session.scalars(alike.where(Question.asked_at > now() - timedelta(days=1))).all()
    if len(recent) >= MOST_ALIKE_A_DAY:
        raise Invalid({"words": _l("同样的话今天已经提交过好几次了，请写清楚这一次想问什么。")})


def _question(about: About, typed: Asking, asked_at: datetime) -> Question:
    day = local(asked_at).date()
    due_on = due_after(Deed.ANSWER, day)
    return Question(
        organisation_id=about.organisation_id,
        about_kind=about.kind,
        about_no=about.number,
        about_name=about.name[:200],
        asked_at=asked_at,
        due_on=due_on,
        waiting_turn=1,
        waiting_due_on=due_on,
        hidden_through_on=due_after(Deed.SHOW, day),
        content_hash=typed.content_hash(f"{about.kind}:{about.number}"),
        words_hash=typed.words_hash(),
    )


def _more(typed: Asking, key: str) -> QuestionTurn:
    return QuestionTurn(kind=TurnKind.FOLLOW_UP, idempotency_key=key, said_at=now(), **_words(typed))


def _words(typed: Asking) -> dict[str, object]:
    return {"words": typed.words, "nickname": typed.nickname, "salt": new_salt()}


def _next_turn(session: Session, question: Question) -> int:
    last = select(func.max(QuestionTurn.number)).where(QuestionTurn.question_id == question.id)
    return (session.scalar(last) or 0) + 1


def _say(session: Session, question: Question, turn: QuestionTurn) -> None:
    turn.question_id = question.id
    turn.number, turn.due_on = question.waiting_turn or 1, question.waiting_due_on
    owner = session.get_one(Organisation, question.organisation_id)
    turn.leaf_index = append(session, turn_leaf(question, turn, owner.uscc))
    session.add(turn)
    session.flush()
