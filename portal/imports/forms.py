"""Forms of the import pages; the rules are left to the services."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from portal.db import db
from portal.giving.fields import AmountField
from portal.i18n import lazy_gettext as _l
from portal.imports.mending import RowDetails
from portal.imports.target import Target
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.staff.scope import Scope


class UploadField(FileField):
    """One file; ``data`` is the upload, or None when none was chosen."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the file."""
        chosen: Any = valuelist[0] if valuelist else None
        self.data = chosen if getattr(chosen, "filename", "") else None


class ListForm(FlaskForm):
    """What holds for a whole list."""

    dated = DayField(
        _l("收到日期"),
        description=_l("只用于名单里没有写日期的行；每行自己有日期（或单号里有日期）的不受影响。"),
    )
    publish_names = BooleanField(
        _l("名单上的人都同意公开姓名"), description=_l("没有单独同意就不勾选，公开时显示“爱心人士”。")
    )
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )
    version = HiddenField()

    def target(self) -> Target:
        """What was stated; fund and station stay as they are."""
        return Target(
            fund="",
            dated=self.dated.data,
            publish_names=bool(self.publish_names.data),
            late_reason=(self.late_reason.data or "").strip(),
        )


class UploadForm(ListForm):
    """A list and where its gifts belong."""

    file = UploadField(_l("名单文件"), description=_l("Excel（.xlsx、.xls）或 CSV，原样上传，不用整理。"))
    organisation = PickField(_l("接收组织"), empty=_l("按基金自动确定"))
    fund = PickField(_l("入哪个基金"))
    station = PickField(_l("捐赠站点"), empty=_l("不在站点收到"))
    campaign = PickField(_l("募捐活动"), empty=_l("不属于募捐活动"))

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.organisation.offer(lookups.organisation_choices(session, scope))
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        self.station.offer(lookups.choices(lookups.active_stations(session, scope)))
        self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))

    def validate_file(self, field: UploadField) -> None:
        """A file must be chosen."""
        if field.data is None:
            raise ValidationError(str(_l("请选择要导入的名单文件。")))

    def target(self) -> Target:
        """What was stated."""
        return Target(
            fund=self.fund.data or "",
            organisation=self.organisation.data or "",
            station=self.station.data or "",
            campaign=self.campaign.data or "",
            dated=self.dated.data,
            publish_names=bool(self.publish_names.data),
            late_reason=(self.late_reason.data or "").strip(),
        )


class RowForm(FlaskForm):
    """One row, mended by hand."""

    donor_name = StringField(_l("捐赠人"), description=_l("不愿留名可空着。"))
    amount = AmountField(_l("金额（元）"))
    received_on = DayField(_l("收到日期"), [InputRequired(_l("请填写收到日期。"))])
    external_ref = StringField(_l("外部流水号"))
    remark = TextAreaField(_l("备注"), description=_l("只在工作台显示，不公开。"))
    version = HiddenField()

    def details(self) -> RowDetails:
        """What was stated."""
        assert self.amount.data is not None and self.received_on.data is not None  # noqa: S101 - validated
        return RowDetails(
            donor_name=(self.donor_name.data or "").strip(),
            amount_fen=self.amount.data,
            received_on=self.received_on.data,
            external_ref=(self.external_ref.data or "").strip(),
            remark=(self.remark.data or "").strip(),
        )
