"""A list on its way to being explained: the file, where its gifts go, and the words for what columns hold."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from flask import request, url_for

from portal.db import db
from portal.files import storage
from portal.i18n import lazy_gettext as _l
from portal.imports import layouts, service
from portal.imports.long_lists import ROOM
from portal.imports.models import ImportBatch
from portal.imports.reading import UnreadableFile
from portal.imports.reading.columns import Role
from portal.imports.taking import content_to_explain
from portal.imports.target import Target
from portal.refusals import Sentence
from portal.staff.models import StaffMember

ROLE_WORDS: dict[Role, Sentence] = {
    Role.DONOR: _l("捐赠人"),
    Role.AMOUNT: _l("金额"),
    Role.INCOME: _l("收入金额（贷方）"),
    Role.OUTGO: _l("支出金额（借方）"),
    Role.DAY: _l("日期"),
    Role.CLOCK: _l("时刻"),
    Role.REFERENCE: _l("交易单号"),
    Role.REMARK: _l("附言或备注"),
    Role.CHANNEL: _l("付款方式"),
    Role.DIRECTION: _l("收支方向"),
    Role.STATUS: _l("交易状态"),
    Role.DEAL: _l("交易类型或摘要"),
}


@dataclass(frozen=True)
class Upload:
    """The file that is explained and where its gifts go, carried along in the address."""

    sha256: str
    name: str
    target: Target
    former: int | None = None
    """A batch of the same file whose columns were taken wrongly; it is withdrawn."""

    @classmethod
    def of_request(cls) -> "Upload":
        """Read it from the address."""
        given = request.args
        target = Target(
            fund=given.get("fund", ""),
            organisation=given.get("organisation", ""),
            station=given.get("station", ""),
            campaign=given.get("campaign", ""),
            dated=_day(given.get("dated", "")),
            publish_names=given.get("publish_names") == "1",
            late_reason=given.get("late_reason", "")[:500],
        )
        return cls(
            given.get("file", "")[:64], given.get("name", "")[:255], target, given.get("former", type=int)
        )

    def address(self) -> str:
        """Where it is explained."""
        one = self.target
        return url_for(
            "imports.layout",
            file=self.sha256,
            name=self.name,
            fund=one.fund,
            organisation=one.organisation or None,
            station=one.station or None,
            campaign=one.campaign or None,
            dated=one.dated.isoformat() if one.dated else None,
            publish_names="1" if one.publish_names else None,
            late_reason=one.late_reason or None,
            former=self.former,
        )

    def withdraw_former(self, by: StaffMember) -> None:
        """Take back the batch that this one stands for; raises as ``service.withdraw``."""
        if self.former is not None:
            service.withdraw(self.former, by, service.find(db.session(), self.former, by).version)


def to_be_explained(stream: BinaryIO, file_name: str, target: Target) -> str | None:
    """Where an unrecognised file can be explained; None when there is no table in it."""
    stream.seek(0)
    sha256 = storage.keep_stream(ROOM, stream)
    try:
        layouts.sheets_of(content_to_explain(sha256), file_name)
    except UnreadableFile:
        return None
    return Upload(sha256, file_name, target).address()


def address_of(batch: ImportBatch) -> str:
    """Where the columns of a batch that were taken wrongly can be explained."""
    return Upload(batch.file_sha256, batch.file_name, service.target_of(batch), batch.id).address()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
