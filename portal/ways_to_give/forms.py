"""Forms of the ways to give; rules are left to the service."""

import uuid

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from portal.choices import member_pairs
from portal.i18n import lazy_gettext as _l
from portal.registry import lookups
from portal.registry.fields import PickField
from portal.staff.scope import Scope
from portal.ways_to_give.models import WayKind
from portal.ways_to_give.service import WayDetails

REQUIRED = InputRequired(_l("这一项必须填写。"))


class WayForm(FlaskForm):
    """An account at a bank, or a page on a platform."""

    idempotency_key = HiddenField(default=lambda: uuid.uuid4().hex)
    kind = PickField(_l("捐赠方式"), validators=[REQUIRED])
    organisation = PickField(_l("慈善组织"), validators=[REQUIRED])
    campaign = PickField(
        _l("募捐活动"),
        empty=_l("不限活动"),
        description=_l("平台网页必须选一次活动；账户可以不选，表示组织平时收款的账户。"),
    )
    account_name = StringField(_l("账户名称"), description=_l("收款账户填写；与组织的全称一致，不能是个人。"))
    bank = StringField(_l("开户银行"), description=_l("收款账户填写；写到支行。"))
    account_no = StringField(_l("账号"), description=_l("收款账户填写；可以带空格。"))
    url = StringField(_l("平台网页"), description=_l("平台网页填写；以 https:// 开头。"))
    note = StringField(_l("附言怎么写"), description=_l("例如：转账请在附言写明“爱心助学”。"))

    def offer(self, session: Session, scope: Scope) -> None:
        """Kinds, and the organisations and campaigns within reach."""
        self.kind.offer([(value, str(text)) for value, text in member_pairs(WayKind)])
        self.organisation.offer(lookups.organisation_choices(session, scope))
        self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))

    def details(self) -> WayDetails:
        """What was stated."""
        return WayDetails(
            organisation=self.organisation.data or "",
            kind=WayKind.PLATFORM if self.kind.data == WayKind.PLATFORM else WayKind.ACCOUNT,
            campaign=self.campaign.data or "",
            account_name=self.account_name.data or "",
            bank=self.bank.data or "",
            account_no=self.account_no.data or "",
            url=self.url.data or "",
            note=self.note.data or "",
        )
