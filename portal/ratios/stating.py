"""State audited figures of a year, and explain in public why management cost is over its limit."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.money import MAX_FEN
from portal.periods import now, today
from portal.ratios.models import BaseFigure, ExcuseGround, RatioExcuse
from portal.ratios.reviewing import Stated, note, organisation_of
from portal.refusals import Conflict, Invalid, Sentence
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember

FIRST_YEAR = 2000


@dataclass(frozen=True, kw_only=True)
class StatedFigures:
    """Figures in fen; None is not stated. Only net assets may be negative."""

    donations_fen: int | None = None
    income_fen: int | None = None
    unusable_fen: int | None = None
    released_fen: int | None = None
    net_assets_fen: int | None = None
    spending_fen: int | None = None
    management_fen: int | None = None
    fundraising_fen: int | None = None
    expense_fen: int | None = None


PARTS = (
    ("donations_fen", "income_fen", _l("捐赠收入不能多于总收入。")),
    ("unusable_fen", "income_fen", _l("当年不得使用的部分不能多于总收入。")),
    ("spending_fen", "expense_fen", _l("慈善活动支出不能多于总支出。")),
    ("management_fen", "expense_fen", _l("管理费用不能多于总支出。")),
    ("fundraising_fen", "expense_fen", _l("募捐成本不能多于总支出。")),
)
"""A part, its whole, and what is wrong when the part is larger."""


@dataclass(frozen=True, kw_only=True)
class BaseDetails:
    """What the final accounts of a year say, where that stands, and of which day the paper is."""

    organisation: str
    year: int
    figures: StatedFigures
    source: str
    sourced_on: date | None


@dataclass(frozen=True, kw_only=True)
class ExcuseDetails:
    """Why management cost of a year is over its limit, and when the registrar was told."""

    organisation: str
    year: int
    ground: ExcuseGround
    explanation: str
    reported_on: date | None


def state_figures(details: BaseDetails, by: StaffMember, idempotency_key: str) -> BaseFigure:
    """State figures of a year; they are in force once another person approves them.

    Raises:
        Invalid: a field breaks a rule.
        NotFound: there is no such organisation, or none for this person.
        Conflict: the key was used for something else.
    """
    with writing() as session:
        take_turn(session, f"ratio_base_figure:{idempotency_key}")
        organisation = organisation_of(session, details.organisation, by)
        fresh = BaseFigure(
            organisation_id=organisation.id,
            year=details.year,
            **asdict(details.figures),
            source=details.source.strip(),
            sourced_on=details.sourced_on,
            **_made(by, idempotency_key),
        )
        return _once(session, fresh, by, _figure_errors(details))


def state_excuse(details: ExcuseDetails, by: StaffMember, idempotency_key: str) -> RatioExcuse:
    """Explain a limit that was missed; public once another person approves it. Raises as ``state_figures``."""
    with writing() as session:
        take_turn(session, f"ratio_excuse:{idempotency_key}")
        organisation = organisation_of(session, details.organisation, by)
        fresh = RatioExcuse(
            organisation_id=organisation.id,
            year=details.year,
            ground=details.ground,
            explanation=details.explanation.strip(),
            reported_on=details.reported_on,
            **_made(by, idempotency_key),
        )
        return _once(session, fresh, by, _excuse_errors(details))


def _made(by: StaffMember, idempotency_key: str) -> dict[str, object]:
    at = now()
    return {
        "maker_id": by.id,
        "made_at": at,
        "submitted_at": at,
        "state": DocumentState.PENDING,
        "version": 1,
        "idempotency_key": idempotency_key,
    }


def _once(session: Session, fresh: Stated, by: StaffMember, errors: dict[str, Sentence]) -> Stated:
    """Keep a document, unless the same command was sent before."""
    model = type(fresh)
    earlier = session.scalar(select(model).where(model.idempotency_key == fresh.idempotency_key))
    if earlier is not None:
        if _content(earlier) != _content(fresh):
            raise Conflict(_l("这张表单已经提交过另一笔内容。请打开新的表单重新填写。"))
        return earlier
    if errors:
        raise Invalid(errors)
    session.add(fresh)
    session.flush()
    note(session, fresh, by, "stated")
    return fresh


def _content(document: BaseFigure | RatioExcuse) -> dict[str, object]:
    """What a document says, and who made it."""
    life = {"id", "state", "version", "made_at", "submitted_at", "approved_at", "editor_id"}
    columns = document.__table__.columns.keys()
    return {name: getattr(document, name) for name in columns if name not in life}


def _figure_errors(details: BaseDetails) -> dict[str, Sentence]:
    errors = _year_errors(details.year, last=today().year - 1)
    figures = asdict(details.figures)
    if all(fen is None for fen in figures.values()):
        errors["net_assets_fen"] = _l("请至少填写一个数字。")
    for name, fen in figures.items():
        if fen is not None and not (-MAX_FEN if name == "net_assets_fen" else 0) <= fen <= MAX_FEN:
            errors[name] = _l("请填写零或正数，不超过一千亿元。")
    for part, whole, sentence in PARTS:
        if figures[part] is not None and figures[whole] is not None and figures[part] > figures[whole]:
            errors[part] = sentence
    errors |= _words_errors(
        "source", details.source, 300, _l("请写明数字出自哪份报告，例如“2024 年度审计报告”。")
    )
    return errors | _day_errors("sourced_on", details.sourced_on, _l("请填写这份报告的日期。"))


def _excuse_errors(details: ExcuseDetails) -> dict[str, Sentence]:
    errors = _year_errors(details.year, last=today().year)
    errors |= _words_errors("explanation", details.explanation, 1000, _l("请写明原因，公众会看到。"))
    return errors | _day_errors(
        "reported_on", details.reported_on, _l("请填写哪天报告了登记的民政部门；先报告，再说明。")
    )


def _year_errors(year: int, *, last: int) -> dict[str, Sentence]:
    if FIRST_YEAR <= year <= last:
        return {}
    return {"year": _l("年份应在 %(first)d 到 %(last)d 之间。", first=FIRST_YEAR, last=last)}


def _words_errors(field: str, text: str, longest: int, missing: Sentence) -> dict[str, Sentence]:
    if not text.strip():
        return {field: missing}
    return {field: _l("最多 %(longest)d 个字。", longest=longest)} if len(text.strip()) > longest else {}


def _day_errors(field: str, day: date | None, missing: Sentence) -> dict[str, Sentence]:
    if day is None:
        return {field: missing}
    return {field: _l("日期不能在今天之后。")} if day > today() else {}
