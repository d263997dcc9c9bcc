"""Documents of the store: transfers, write-offs, sales and counts; made by one person, approved by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from portal.db import take_row, take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.identifiers import document_no
from portal.ledger import posting
from portal.ledger.models import Channel
from portal.money import MAX_FEN
from portal.periods import now, today
from portal.refusals import Invalid, NotFound, Sentence
from portal.registry import lookups
from portal.registry.models import Fund, Station, Status
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.stock.approving import carry_out
from portal.stock.holdings import Place, held
from portal.stock.models import (
    StockDocument,
    StockDocumentCounter,
    StockDocumentKind,
    StockItem,
    StockLine,
)

SUBJECT = "stock_document"
PAGE = 50
MOST_LINES = 100
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class LineDetails:
    """So much of a thing; of a count, how much was found (perhaps none)."""

    item_id: int
    quantity_thousandths: int


@dataclass(frozen=True)
class StockDetails:
    """A document of the store as stated: codes for things of the registry; ``station`` empty for the own store."""

    kind: StockDocumentKind
    fund: str
    happened_on: date
    reason: str
    lines: tuple[LineDetails, ...]
    station: str = ""
    to_station: str = ""
    proceeds_fen: int = 0
    channel: Channel = Channel.IN_KIND


def make(details: StockDetails, by: StaffMember, idempotency_key: str) -> StockDocument:
    """Make a document and hand it to review. The same key answers with the same document.

    Raises:
        Invalid: a field breaks a rule; the errors name each.
    """
    with writing() as session:
        take_turn(session, f"stock:{idempotency_key}")
        earlier: StockDocument | None = session.scalar(
            select(StockDocument).where(StockDocument.idempotency_key == idempotency_key)
        )
        if earlier is not None:
            return earlier
        fund, station, to_station = _check(session, details, by)
        place = Place(fund.id, station.id if station else None)
        document = StockDocument(
            document_no=_next_number(session),
            kind=details.kind,
            organisation_id=fund.organisation_id,
            fund_id=fund.id,
            station_id=place.station_id,
            to_station_id=to_station.id if to_station else None,
            happened_on=details.happened_on,
            reason=details.reason.strip(),
            proceeds_fen=details.proceeds_fen,
            channel=details.channel,
            idempotency_key=idempotency_key,
            maker_id=by.id,
            made_at=now(),
            submitted_at=now(),
            state=DocumentState.PENDING,
            lines=[
                StockLine(
                    line_no=number,
                    item_id=line.item_id,
                    quantity_thousandths=line.quantity_thousandths,
                    held_thousandths=held(session, place, line.item_id),
                )
                for number, line in enumerate(details.lines, start=1)
            ],
        )
        session.add(document)
        session.flush()
        _note(session, document, by, "made")
        return document


def approve(document_id: int, by: StaffMember, version: int) -> StockDocument:
    """Approve a document as shown: the goods move, and what changes the books stands in the public ledger.

    Raises:
        Refusal: the reviewer made it, it is not the one shown, or there is not so much in stock.
    """
    with writing() as session:
        posting.lock(session)
        document = find(session, document_id, by, lock=True)
        _decide(session, document, by, version, Decision.APPROVED)
        carry_out(session, document)
        document.state = DocumentState.POSTED
        _note(session, document, by, "approved")
        return document


def return_to_maker(document_id: int, by: StaffMember, version: int, reason: str) -> StockDocument:
    """Refuse a document with a reason; a new one may be made."""
    if not reason.strip():
        raise Invalid({"reason": _l("请写明退回的原因，登记人才知道怎么改。")})
    with writing() as session:
        document = find(session, document_id, by, lock=True)
        _decide(session, document, by, version, Decision.RETURNED, reason.strip())
        document.state = DocumentState.RETURNED
        _note(session, document, by, "returned")
        return document


def withdraw(document_id: int, by: StaffMember, version: int) -> StockDocument:
    """Take a document back before it is approved."""
    with writing() as session:
        document = find(session, document_id, by, lock=True)
        document.require_state(DocumentState.PENDING, DocumentState.RETURNED)
        document.require_version(version)
        document.state = DocumentState.WITHDRAWN
        _note(session, document, by, "withdrawn")
        return document


def find(session: Session, document_id: int, by: StaffMember, *, lock: bool = False) -> StockDocument:
    """A document within a person's scope; a foreign one looks like an absent one.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, StockDocument, document_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, found.station_id):
        raise NotFound(_l("没有找到这份库存单据。"))
    return found


def page(session: Session, by: StaffMember, *, before: int | None = None) -> Sequence[StockDocument]:
    """Documents within reach, newest first."""
    query = _within(select(StockDocument), by).order_by(StockDocument.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(StockDocument.id < before)
    return session.scalars(query).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[StockDocument]:
    """Documents that wait for review, oldest first."""
    query = _within(select(StockDocument), by).where(StockDocument.state == DocumentState.PENDING)
    return session.scalars(query.order_by(StockDocument.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How many documents wait for review."""
    query = _within(select(StockDocument), by).where(StockDocument.state == DocumentState.PENDING)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _check(
    session: Session, details: StockDetails, by: StaffMember
) -> tuple[Fund, Station | None, Station | None]:
    errors: dict[str, Sentence] = {}
    fund = _fund(session, details.fund, by, errors)
    station = _station(session, details.station, fund, by, errors, "station")
    to_station = None
    if details.kind is StockDocumentKind.TRANSFER:
        to_station = _station(session, details.to_station, fund, None, errors, "to_station")
        if details.to_station == details.station:
            errors["to_station"] = _l("移出和移入不能是同一个地点。")
    if not EARLIEST <= details.happened_on <= today():
        errors["happened_on"] = _l("日期不能晚于今天，也不能早于 1990 年。")
    if not 2 <= len(details.reason.strip()) <= 200:
        errors["reason"] = _l("请写明原因（2 至 200 字），公众会看到，不写个人姓名。")
    if details.kind is StockDocumentKind.SALE:
        if not 0 < details.proceeds_fen <= MAX_FEN:
            errors["proceeds"] = _l("请填写变卖所得的金额。")
        if details.channel is Channel.IN_KIND:
            errors["channel"] = _l("请选择变卖所得的收款方式。")
    _check_lines(session, details, errors)
    if errors or fund is None:
        raise Invalid(errors)
    return fund, station, to_station


def _check_lines(session: Session, details: StockDetails, errors: dict[str, Sentence]) -> None:
    if not details.lines:
        errors["items"] = _l("请至少填写一行：什么物资、多少。")
    elif len(details.lines) > MOST_LINES:
        errors["items"] = _l("一份单据最多 %(most)d 行，请分成几份。", most=MOST_LINES)
    seen: set[int] = set()
    for number, line in enumerate(details.lines):
        if session.get(StockItem, line.item_id) is None:
            errors[f"items-{number}-item"] = _l("请从列表中选择物资。")
        if line.item_id in seen:
            errors[f"items-{number}-item"] = _l("同一种物资请合并成一行。")
        seen.add(line.item_id)
        if details.kind is not StockDocumentKind.COUNT and line.quantity_thousandths <= 0:
            errors[f"items-{number}-quantity"] = _l("请填写大于零的数量。")


def _fund(session: Session, code: str, by: StaffMember, errors: dict[str, Sentence]) -> Fund | None:
    try:
        fund = lookups.fund_by_code(session, code)
    except NotFound:
        fund = None
    if fund is None or not by.scope.permits(fund.organisation_id, by.scope.station_id):
        errors["fund"] = _l("没有找到您可用的基金“%(code)s”，请从列表中选择。", code=code)
        return None
    return fund


def _station(
    session: Session,
    code: str,
    fund: Fund | None,
    by: StaffMember | None,
    errors: dict[str, Sentence],
    field: str,
) -> Station | None:
    if not code:
        if by is not None and by.scope.station_id is not None:
            errors[field] = _l("请选择您所在的站点。")
        return None
    try:
        station = lookups.station_by_code(session, code)
    except NotFound:
        station = None
    reach = by is None or (station is not None and by.scope.permits(station.organisation_id, station.id))
    if station is None or not reach or (fund is not None and station.organisation_id != fund.organisation_id):
        errors[field] = _l("站点“%(code)s”不在您的工作范围内，请从列表中选择。", code=code)
        return None
    if field == "to_station" and station.status is not Status.ACTIVE:
        errors[field] = _l("站点“%(name)s”已停用或关闭，请换一个站点。", name=station.name)
    return station


def _decide(
    session: Session,
    document: StockDocument,
    by: StaffMember,
    version: int,
    decision: Decision,
    reason: str = "",
) -> None:
    document.require_state(DocumentState.PENDING)
    document.require_version(version)
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=document.id,
        version=version,
        makers=document.makers,
        checker=by,
        decision=decision,
        reason=reason,
    )


def _note(session: Session, document: StockDocument, by: StaffMember, what: str) -> None:
    audit.record(session, staff=by, action=f"stock.{what}", subject_kind=SUBJECT, subject_id=document.id)


def _next_number(session: Session) -> str:
    year = today().year
    take_turn(session, f"stock-counter:{year}")
    counter = session.get(StockDocumentCounter, year, with_for_update=True, populate_existing=True)
    if counter is None:
        counter = StockDocumentCounter(year=year, last=0)
        session.add(counter)
    counter.last += 1
    session.flush()
    return document_no("G", year, counter.last)


def _within(query: Select[StockDocument], by: StaffMember) -> Select[StockDocument]:
    if by.scope.organisation_id is not None:
        query = query.where(StockDocument.organisation_id == by.scope.organisation_id)
    if by.scope.station_id is not None:
        query = query.where(StockDocument.station_id == by.scope.station_id)
    return query
