"""The form of a payout: fields named as the columns, rules left to the service."""

import uuid

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.choices import options
from portal.db import db
from portal.giving.fields import AmountField, CountField
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Channel
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.spending.details import DisbursementDetails
from portal.spending.models import CostKind
from portal.staff.scope import Scope


class DisbursementForm(FlaskForm):
    """One payout of money."""

    amount = AmountField(_l("金额（元）"))
    fund = PickField(_l("从哪个基金支出"))
    purpose = StringField(_l("用途"), description=_l("一句话说明钱用来做什么，公众会看到。"))
    recipient = StringField(
        _l("受助对象"), description=_l("写群体或单位，例如“困难家庭学生”；不写个人姓名。")
    )
    beneficiary_count = CountField(_l("受益人次"), description=_l("不知道可以空着。"))
    paid_on = DayField(_l("支付日期"), [InputRequired(_l("请填写支付日期。"))])
    channel = SelectField(_l("支付方式"), coerce=Channel, default=Channel.BANK)
    cost_kind = SelectField(_l("支出类别"), coerce=CostKind, default=CostKind.PROGRAMME)
    project = PickField(_l("慈善项目"), empty=_l("不指定项目"))
    campaign = PickField(_l("募捐活动"), empty=_l("不属于募捐活动"))
    organisation = PickField(_l("支出组织"), empty=_l("按基金自动确定"))
    payment_ref = StringField(_l("付款流水号"), description=_l("银行回单号，没有可空着。不公开。"))
    remark = TextAreaField(_l("备注"), description=_l("只在工作台显示，不公开。"))
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)
    version = HiddenField()

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.channel.choices = options(
            (one.value, label(one)) for one in Channel if one is not Channel.IN_KIND
        )
        self.cost_kind.choices = options(
            (one.value, label(one)) for one in CostKind if one is not CostKind.OTHER
        )
        self.organisation.offer(lookups.organisation_choices(session, scope))
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        self.project.offer(lookups.choices(lookups.active_projects(session, scope)))
        self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))

    def details(self) -> DisbursementDetails:
        """What was stated."""
        assert self.amount.data is not None and self.paid_on.data is not None  # noqa: S101 - validated
        return DisbursementDetails(
            fund=self.fund.data or "",
            amount_fen=self.amount.data,
            paid_on=self.paid_on.data,
            recipient=(self.recipient.data or "").strip(),
            purpose=(self.purpose.data or "").strip(),
            organisation=self.organisation.data or "",
            project=self.project.data or "",
            campaign=self.campaign.data or "",
            cost_kind=self.cost_kind.data,
            beneficiary_count=self.beneficiary_count.data,
            channel=self.channel.data,
            payment_ref=(self.payment_ref.data or "").strip(),
            remark=(self.remark.data or "").strip(),
            late_reason=(self.late_reason.data or "").strip(),
        )
