"""The form of goods given out."""

import uuid

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from portal.choices import member_pairs
from portal.db import db
from portal.giving.fields import CountField
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid
from portal.registry import lookups
from portal.registry.fields import PickField
from portal.registry.purposes import CharitablePurpose
from portal.spending.details import DisbursementDetails, GoodsLine
from portal.spending.forms import chosen_purpose
from portal.spending.helped_forms import list_id
from portal.spending.models import DisbursementKind
from portal.staff.forms import show_errors
from portal.staff.scope import Scope
from portal.stock.fields import GoodsList


class GoodsPayoutForm(FlaskForm):
    """Goods given out to one recipient."""

    fund = PickField(_l("哪个基金的物资"))
    station = PickField(_l("从哪里发出"), empty=_l("组织仓库"))
    purpose = StringField(_l("用途"), description=_l("一句话说明物资用来做什么，公众会看到。"))
    recipient = StringField(
        _l("受助对象"), description=_l("写群体或单位，例如“困难家庭学生”；不写个人姓名。")
    )
    beneficiary_count = CountField(_l("受益人次"), description=_l("不知道可以空着。"))
    items = GoodsList()
    project = PickField(_l("慈善项目"), empty=_l("不指定项目"))
    purpose_kind = PickField(_l("用途类别"), empty=_l("按项目或基金自动确定"))
    campaign = PickField(_l("募捐活动"), empty=_l("不属于募捐活动"))
    remark = TextAreaField(_l("备注"), description=_l("只在工作台显示，不公开。"))
    beneficiary_list = HiddenField(filters=[list_id])
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        self.station.offer(lookups.choices(lookups.active_stations(session, scope)))
        self.project.offer(lookups.choices(lookups.active_projects(session, scope)))
        self.purpose_kind.offer(member_pairs(CharitablePurpose))
        self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))
        self.items.offer(scope)

    def show(self, problem: Invalid) -> None:
        """Put the service's messages beside the fields they speak of."""
        for name, message in problem.errors.items():
            if name.startswith("items-"):
                self.items.show(name, message)
        rest = {name: text for name, text in problem.errors.items() if not name.startswith("items-")}
        if rest:
            show_errors(self, Invalid(rest))

    def details(self) -> DisbursementDetails:
        """What was stated."""
        return DisbursementDetails(
            kind=DisbursementKind.GOODS,
            fund=self.fund.data or "",
            recipient=(self.recipient.data or "").strip(),
            purpose=(self.purpose.data or "").strip(),
            project=self.project.data or "",
            campaign=self.campaign.data or "",
            beneficiary_count=None if self.beneficiary_list.data else self.beneficiary_count.data,
            beneficiary_list=list_id(self.beneficiary_list.data),
            purpose_kind=chosen_purpose(self.purpose_kind.data),
            remark=(self.remark.data or "").strip(),
            station=self.station.data or "",
            goods=tuple(GoodsLine(*line) for line in self.items.stated),
        )
