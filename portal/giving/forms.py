"""The counter's form: fields named as the columns, rules left to the service."""

import uuid
from typing import Any

from babel.numbers import get_currency_name
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options, options
from portal.db import db
from portal.donors.models import DonorKind
from portal.giving.consent_models import TEXT_VERSION, TEXTS, ConsentHow
from portal.giving.currency import CURRENCIES, HOME
from portal.giving.details import DonationDetails
from portal.giving.fields import AmountField, DecimalField
from portal.giving.item_forms import ItemList
from portal.giving.models import Restriction
from portal.i18n import current_locale
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Channel, Form
from portal.refusals import Invalid
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.staff.forms import show_errors
from portal.staff.scope import Scope

RARE = (
    "donor_phone",
    "project",
    "campaign",
    "organisation",
    "external_ref",
    "payer_name",
    "pledge",
    "restriction_text",
    "restricted_until",
    "agency",
    "agency_beneficiary",
    "remark",
    "late_reason",
    "foreign_amount",
    "exchange_rate",
    "rate_source",
)
"""Fields that a usual gift leaves empty."""

GIVEN_AT_COUNTER = (ConsentHow.IN_PERSON, ConsentHow.PAPER, ConsentHow.TELEPHONE, ConsentHow.ONLINE)
"""How a donor may have agreed when a clerk notes it."""


class DonationForm(FlaskForm):
    """One gift, of whatever form."""

    amount = AmountField(_l("金额（元）"))
    donor_name = StringField(_l("捐赠人"), description=_l("个人姓名或单位名称；不愿留名可空着。"))
    donor_id = HiddenField()
    donor_phone = StringField(
        _l("捐赠人电话"), description=_l("可不填。加密保存，用来认人和联系，不会公开。")
    )
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
    mask_name = BooleanField(_l("只显示姓氏（王**）"), description=_l("捐赠人愿意公开、但不想写全名时勾选。"))
    consent_how = SelectField(
        _l("怎样同意公开的"), coerce=ConsentHow, default=ConsentHow.IN_PERSON, description=TEXTS[TEXT_VERSION]
    )
    form = SelectField(_l("捐赠形式"), coerce=Form, default=Form.MONEY)
    items = ItemList()
    payer_name = StringField(
        _l("代转人（与捐赠人不同时）"), description=_l("例如学校转来全体学生的捐款；只在工作台和回执上显示。")
    )
    restriction = SelectField(_l("限定"), coerce=Restriction, default=Restriction.NONE)
    restriction_text = StringField(_l("限定内容"), description=_l("照捐赠人的话写，公众会看到。"))
    restricted_until = DayField(_l("限定到哪一天"))
    agency = BooleanField(
        _l("受托代理（只代转给指定的人）"), description=_l("不计入捐赠收入，单独记账、单独公示。")
    )
    agency_beneficiary = StringField(_l("指定转交给谁"), description=_l("不公开。"))
    currency = SelectField(_l("币种"), default=HOME)
    foreign_amount = DecimalField(_l("外币金额"))
    exchange_rate = DecimalField(_l("汇率（1 单位外币合多少元）"))
    rate_source = StringField(_l("汇率来源"), description=_l("例如 中国人民银行中间价 2026-09-05。"))
    pledge = StringField(_l("认捐编号"), description=_l("这笔是兑现认捐的，请填认捐编号。"))
    external_ref = StringField(_l("外部流水号"), description=_l("银行或平台的交易单号，没有可空着。"))
    remark = TextAreaField(_l("备注"), description=_l("只在工作台显示，不公开。"))
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)
    version = HiddenField()

    @property
    def rare_in_use(self) -> bool:
        """Whether one of the fields that are folded away says something, or is wrong."""
        return any(self[name].data or self[name].errors for name in RARE) or (
            self.restriction.data is not Restriction.NONE or self.currency.data != HOME
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for an amount only where the gift is money of this country; else its worth is worked out."""
        elsewhere = self.form.data is not Form.MONEY or self.currency.data != HOME
        if elsewhere and not (self.amount.raw_data or [""])[0].strip():
            self.amount.process_errors = []
        return bool(super().validate(extra_validators))

    def show(self, problem: Invalid) -> None:
        """Put the service's messages beside the fields they speak of."""
        lines = {name: message for name, message in problem.errors.items() if name.startswith("items-")}
        for name, message in lines.items():
            self.items.show(name, message)
        rest = {name: message for name, message in problem.errors.items() if name not in lines}
        if rest:
            show_errors(self, Invalid(rest))

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.donor_kind.choices = member_options(DonorKind)
        self.consent_how.choices = options((one.value, str(label(one))) for one in GIVEN_AT_COUNTER)
        self.channel.choices = member_options(Channel)
        self.form.choices = member_options(Form)
        self.restriction.choices = member_options(Restriction)
        self.currency.choices = options(
            (code, get_currency_name(code, locale=current_locale())) for code in CURRENCIES
        )
        self.organisation.offer(lookups.organisation_choices(session, scope))
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        self.station.offer(lookups.choices(lookups.active_stations(session, scope)))
        self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))
        self.project.offer(lookups.choices(lookups.active_projects(session, scope)))

    def details(self) -> DonationDetails:
        """What was stated."""
        assert self.received_on.data is not None  # noqa: S101 - validated
        money = self.form.data is Form.MONEY
        return DonationDetails(
            fund=self.fund.data or "",
            amount_fen=self.amount.data or 0,
            received_on=self.received_on.data,
            channel=self.channel.data if money else Channel.IN_KIND,
            organisation=self.organisation.data or "",
            station=self.station.data or "",
            campaign=self.campaign.data or "",
            project=self.project.data or "",
            donor_name=(self.donor_name.data or "").strip(),
            donor_kind=self.donor_kind.data,
            donor_id=_number(self.donor_id.data),
            donor_phone=(self.donor_phone.data or "").strip(),
            consent_how=self.consent_how.data,
            anonymous=bool(self.anonymous.data),
            publish_name=bool(self.publish_name.data),
            mask_name=bool(self.mask_name.data),
            payer_name=(self.payer_name.data or "").strip(),
            restriction=self.restriction.data,
            restriction_text=(self.restriction_text.data or "").strip(),
            restricted_until=self.restricted_until.data,
            agency=bool(self.agency.data),
            agency_beneficiary=(self.agency_beneficiary.data or "").strip(),
            currency=self.currency.data or HOME,
            foreign_amount=self.foreign_amount.data or "",
            exchange_rate=self.exchange_rate.data or "",
            rate_source=(self.rate_source.data or "").strip(),
            pledge=(self.pledge.data or "").strip().upper(),
            items=() if money else tuple(line.details() for _, line in self.items.stated),
            form=self.form.data,
            external_ref=(self.external_ref.data or "").strip(),
            remark=(self.remark.data or "").strip(),
            late_reason=(self.late_reason.data or "").strip(),
        )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= 18 else None
