"""The counter's form: fields named as the columns, rules left to the service."""

import uuid

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options
from portal.db import db
from portal.giving.details import DonationDetails
from portal.giving.fields import AmountField
from portal.giving.models import DonorKind
from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Channel, Form
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.staff.scope import Scope


class DonationForm(FlaskForm):
    """One gift of money."""

    amount = AmountField(_l("金额（元）"))
    donor_name = StringField(_l("捐赠人"), description=_l("个人姓名或单位名称；不愿留名可空着。"))
    donor_kind = SelectField(_l("捐赠人类型"), coerce=DonorKind, default=DonorKind.PERSON)
    received_on = DayField(_l("收到日期"), [InputRequired(_l("请填写收到日期。"))])
    channel = SelectField(_l("收款方式"), coerce=Channel, default=Channel.CASH)
    organisation = PickField(_l("接收组织"), empty=_l("按基金自动确定"))
    fund = PickField(_l("入哪个基金"))
    station = PickField(_l("捐赠站点"), empty=_l("不在站点收到"))
    campaign = PickField(_l("募捐活动"), empty=_l("不属于募捐活动"))
    project = PickField(_l("慈善项目"), empty=_l("不指定项目"))
    anonymous = BooleanField(_l("匿名捐赠"))
    publish_name = BooleanField(
        _l("捐赠人同意公开姓名"), description=_l("没有单独同意就不勾选，公开时显示“爱心人士”。")
    )
    form = SelectField(_l("捐赠形式"), coerce=Form, default=Form.MONEY)
    external_ref = StringField(_l("外部流水号"), description=_l("银行或平台的交易单号，没有可空着。"))
    remark = TextAreaField(_l("备注"), description=_l("只在工作台显示，不公开。"))
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)
    version = HiddenField()

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.donor_kind.choices = member_options(DonorKind)
        self.channel.choices = member_options(Channel)
        self.form.choices = member_options(Form)
        self.organisation.offer(lookups.organisation_choices(session, scope))
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        self.station.offer(lookups.choices(lookups.active_stations(session, scope)))
        self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))
        self.project.offer(lookups.choices(lookups.active_projects(session, scope)))

    def details(self) -> DonationDetails:
        """What was stated."""
        assert self.amount.data is not None and self.received_on.data is not None  # noqa: S101 - validated
        return DonationDetails(
            fund=self.fund.data or "",
            amount_fen=self.amount.data,
            received_on=self.received_on.data,
            channel=self.channel.data,
            organisation=self.organisation.data or "",
            station=self.station.data or "",
            campaign=self.campaign.data or "",
            project=self.project.data or "",
            donor_name=(self.donor_name.data or "").strip(),
            donor_kind=self.donor_kind.data,
            anonymous=bool(self.anonymous.data),
            publish_name=bool(self.publish_name.data),
            form=self.form.data,
            external_ref=(self.external_ref.data or "").strip(),
            remark=(self.remark.data or "").strip(),
            late_reason=(self.late_reason.data or "").strip(),
        )
