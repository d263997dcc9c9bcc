"""Lists of goods, received or given out: taken in as drafts, in the same way as lists of donations."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import db, writing
from portal.files import storage
from portal.i18n import lazy_gettext as _l
from portal.imports import counting, goods_posting, service
from portal.imports.models import ImportBatch, ImportGoodsRow, ListKind, RowState
from portal.imports.reading.files import UnreadableFile
from portal.imports.reading.goods import GoodsList, read_goods
from portal.imports.target import Target, check_target
from portal.ledger.models import Channel
from portal.periods import now
from portal.refusals import Invalid
from portal.staff import audit
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from portal.stock.lines import format_quantity


def take_in(content: bytes, file_name: str, target: Target, by: StaffMember) -> ImportBatch:
    """Take in a list, whatever it is of; raises as ``service.create_batch`` and ``create``."""
    found = read_goods(content, file_name)
    if found is None:
        return service.create_batch(content, file_name, target, by)
    return create(content, file_name, found, target, by)


def require_goods(content: bytes, file_name: str) -> GoodsList:
    """Read a list of goods.

    Raises:
        UnreadableFile: the file cannot be opened, or is none.
    """
    found = read_goods(content, file_name)
    if found is None or not found.rows:
        raise UnreadableFile(_l("没有认出物资清单：表头要有捐赠单位或接收单位、品名、数量。"))
    return found


def create(content: bytes, file_name: str, found: GoodsList, target: Target, by: StaffMember) -> ImportBatch:
    """Take a list of goods in as a draft; nothing is in the books or in stock yet. The file itself is kept.

    Raises:
        Invalid: the target breaks a rule, the day is not known, or the file holds no line.
    """
    place = check_target(db.session(), target, by.scope)
    day = target.dated or found.day
    if day is None:
        raise Invalid({"dated": _l("清单上没有写明日期。请指明日期（网页上填日期，命令行用 --dated）。")})
    if not found.rows:
        raise Invalid({"file": _l("文件里没有一行可以导入的物资。")})
    sha256 = storage.keep("imports", content)
    with writing() as session:
        batch = ImportBatch(
            kind=kind_of(found),
            file_name=file_name[-255:],
            file_sha256=sha256,
            file_size=len(content),
            title=found.title,
            encoding=found.encoding,
            organisation_id=place.organisation.id,
            fund_id=place.fund.id,
            station_id=place.station.id if place.station else None,
            campaign_id=place.campaign.id if place.campaign else None,
            dated=day,
            publish_names=target.publish_names,
            late_reason=target.late_reason.strip(),
            channel=Channel.IN_KIND,
            fingerprint=_fingerprint(found),
            rows=0,
            accepted_fen=0,
            state=DocumentState.DRAFT,
            version=1,
            maker_id=by.id,
            made_at=now(),
        )
        session.add(batch)
        session.flush()
        session.add_all(
            ImportGoodsRow(
                batch_id=batch.id,
                position=row.position,
                row_no=row.row_no,
                party=row.party,
                item=row.item,
                specification=row.specification,
                unit=row.unit,
                quantity_thousandths=row.quantity_thousandths,
                state=RowState.NEEDS_REVIEW,
                faults=[problem.as_json() for problem in row.problems],
            )
            for row in found.rows
        )
        session.flush()
        goods_posting.look_again(session, batch)
        counting.recount(session, batch)
        audit.record(
            session, staff=by, action="import.created", subject_kind=service.SUBJECT, subject_id=batch.id
        )
        return batch


def rows_of(
    session: Session, batch: ImportBatch, *, state: RowState | None = None
) -> Sequence[ImportGoodsRow]:
    """The lines of a list, in order."""
    query = select(ImportGoodsRow).where(ImportGoodsRow.batch_id == batch.id)
    if state is not None:
        query = query.where(ImportGoodsRow.state == state)
    return session.scalars(query.order_by(ImportGoodsRow.position).limit(2_000)).all()


def kind_of(found: GoodsList) -> ListKind:
    """Whether goods came or went."""
    return ListKind.GOODS_RECEIVED if found.received else ListKind.GOODS_GIVEN


def quantities_of(found: GoodsList) -> dict[str, str]:
    """How much there is of each unit."""
    sums: Counter[str] = Counter()
    for row in found.rows:
        sums[row.unit] += row.quantity_thousandths or 0
    return {unit: format_quantity(total) for unit, total in sorted(sums.items())}


def _fingerprint(found: GoodsList) -> str:
    lines = [
        [row.party, row.item, row.specification, row.unit, row.quantity_thousandths] for row in found.rows
    ]
    return hashlib.sha256(json.dumps([found.received, lines], ensure_ascii=False).encode()).hexdigest()
