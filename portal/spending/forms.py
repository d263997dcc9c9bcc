"""The forms of a payout's life: fields named as the columns, rules left to the services."""

import uuid
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from portal.choices import member_pairs, options
from portal.committees import service as committees
from portal.committees.choosing import chosen_decision, decision_choices
from portal.db import db
from portal.giving.fields import AmountField, CountField, OptionalAmountField
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Channel
from portal.periods import today
from portal.projects import choosing
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.registry.purposes import CharitablePurpose
from portal.spending.arriving import ArrivalDetails
from portal.spending.details import DisbursementDetails, PaymentDetails
from portal.spending.helped_forms import list_id
from portal.spending.kinds import RECIPIENTS, RULES
from portal.spending.models import Disbursement, DisbursementKind
from portal.staff.models import StaffMember

_OF_SOME_KINDS = (
    "recipient",
    "recipient_uscc",
    "beneficiary_count",
    "project",
    "budget_line",
    "purpose_kind",
    "campaign",
)
_ASKED_WITH = {"budget_line": "project", "purpose_kind": "project"}


def chosen_purpose(typed: str | None) -> CharitablePurpose | None:
    """The category that was chosen, if any."""
    return CharitablePurpose(typed) if typed in set(CharitablePurpose) else None


class DisbursementForm(FlaskForm):
    """One payout of money of a kind; what the kind has no place for is not asked."""

    amount = AmountField(_l("金额（元）"))
    fund = PickField(_l("从哪个基金支出"))
    purpose = StringField(_l("用途"), description=_l("一句话说明钱用来做什么，公众会看到。"))
    recipient = StringField()
    recipient_uscc = StringField(
        _l("对方统一社会信用代码"), description=_l("18 位，见登记证书；不知道可以空着。不公开。")
    )
    beneficiary_count = CountField(_l("受益人次"))
    project = PickField(_l("慈善项目"), empty=_l("不指定项目"))
    budget_line = PickField(
        _l("项目预算里的哪一项"),
        empty=_l("项目没有预算"),
        description=_l("有预算的项目必须选；超出这一项的不能申请。"),
    )
    purpose_kind = PickField(
        _l("用途类别"),
        empty=_l("按项目自动确定"),
        description=_l("没有选项目的必须选；限定用途的基金只付它允许的几类。"),
    )
    committee_decision = PickField(
        _l("管委会决议"),
        empty=_l("不需要"),
        description=_l("从社区慈善基金支出，要有它的管委会决议。"),
    )
    campaign = PickField(_l("募捐活动"), empty=_l("不属于募捐活动"))
    organisation = PickField(_l("支出组织"), empty=_l("按基金自动确定"))
    remark = TextAreaField(_l("备注"), description=_l("只在工作台显示，不公开。"))
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)
    beneficiary_list = HiddenField(filters=[list_id])
    version = HiddenField()

    def __init__(self, kind: DisbursementKind, **given: Any) -> None:
        super().__init__(**given)
        self.kind = kind
        rules = RULES[kind]
        if "recipient" in rules.asked:
            self.recipient.label.text, self.recipient.description = RECIPIENTS[kind]
        if "beneficiary_count" not in rules.required and "beneficiary_count" in rules.asked:
            self.beneficiary_count.description = _l("不知道可以空着。")
        for name in _OF_SOME_KINDS:
            if _ASKED_WITH.get(name, name) not in rules.asked:
                del self[name]
        if self.beneficiary_list.data is not None and "beneficiary_count" in self:
            del self["beneficiary_count"]  # those on the list are counted

    def offer(self, by: StaffMember) -> None:
        """Set the options of the select boxes to what this person may use."""
        session, scope = db.session(), by.scope
        self.committee_decision.offer(decision_choices(committees.usable(session, by)))
        if self.purpose_kind is not None:
            self.purpose_kind.offer(member_pairs(CharitablePurpose))
        self.organisation.offer(lookups.organisation_choices(session, scope))
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        if self.project is not None:
            projects = lookups.active_projects(session, scope)
            self.project.offer(lookups.choices(projects))
            self.budget_line.offer(choosing.line_choices(session, projects))
        if self.campaign is not None:
            self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))

    def validate_purpose_kind(self, field: PickField) -> None:
        """Without a project to tell the category, it has to be chosen."""
        if not field.data and not self._stated("project") and not self._stated("budget_line"):
            raise ValidationError(_("请选择这笔钱属于哪一类用途。"))

    def details(self) -> DisbursementDetails:
        """What was stated."""
        assert self.amount.data is not None  # noqa: S101 - validated
        return DisbursementDetails(
            kind=self.kind,
            fund=self.fund.data or "",
            amount_fen=self.amount.data,
            purpose=(self.purpose.data or "").strip(),
            organisation=self.organisation.data or "",
            remark=(self.remark.data or "").strip(),
            recipient=self._stated("recipient") or "",
            recipient_uscc=self._stated("recipient_uscc") or "",
            beneficiary_count=self._stated("beneficiary_count"),
            project=self._stated("project") or choosing.project_code(self._stated("budget_line") or ""),
            budget_line=self._stated("budget_line") or "",
            campaign=self._stated("campaign") or "",
            beneficiary_list=list_id(self.beneficiary_list.data),
            purpose_kind=chosen_purpose(self._stated("purpose_kind")),
            committee_decision_id=chosen_decision(self.committee_decision.data),
        )

    def _stated(self, name: str) -> Any:
        """What stands in a field that not every kind has; words without blanks around them."""
        value = self[name].data if name in self else None
        return value.strip() if isinstance(value, str) else value


class PaymentForm(FlaskForm):
    """How an approved payout of money was paid."""

    paid_on = DayField(_l("支付日期"), [InputRequired(_l("请填写支付日期。"))], default=today)
    channel = SelectField(_l("支付方式"), coerce=Channel, default=Channel.BANK)
    payment_ref = StringField(
        _l("付款流水号"), description=_l("银行回单或支付平台的单号；付现金可以空着。不公开。")
    )
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )
    version = HiddenField()

    def __init__(self, disbursement: Disbursement | None = None, **given: Any) -> None:
        known = {}
        if disbursement is not None and disbursement.paid_on is not None:
            known = {
                name: getattr(disbursement, name)
                for name in ("paid_on", "channel", "payment_ref", "late_reason")
            }
        super().__init__(data=known, **given)
        self.channel.choices = options(
            (one.value, label(one)) for one in Channel if one is not Channel.IN_KIND
        )

    def details(self) -> PaymentDetails:
        """What was stated."""
        assert self.paid_on.data is not None  # noqa: S101 - validated
        return PaymentDetails(
            self.paid_on.data,
            self.channel.data,
            (self.payment_ref.data or "").strip(),
            (self.late_reason.data or "").strip(),
        )


class HandingOutForm(FlaskForm):
    """When approved goods were handed out."""

    paid_on = DayField(_l("发放日期"), [InputRequired(_l("请填写发放日期。"))], default=today)
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )
    version = HiddenField()

    def details(self) -> PaymentDetails:
        """What was stated."""
        assert self.paid_on.data is not None  # noqa: S101 - validated
        return PaymentDetails(self.paid_on.data, Channel.IN_KIND, "", (self.late_reason.data or "").strip())


class ArrivalForm(FlaskForm):
    """A part of a payout that reached its final beneficiaries."""

    arrived_on = DayField(_l("送达日期"), [InputRequired(_l("请填写送达日期。"))], default=today)
    amount = OptionalAmountField(_l("送达金额（元）"), description=_l("可以分几次登记；没有计价的物资空着。"))
    people = CountField(_l("受益人次"), description=_l("实际收到的人次；公众会看到，不足 5 人只写“不足 5”。"))
    note = TextAreaField(_l("说明"), description=_l("例如由谁签收、在哪里发放。只在工作台显示，不公开。"))
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)

    def details(self) -> ArrivalDetails:
        """What was stated."""
        assert self.arrived_on.data is not None  # noqa: S101 - validated
        return ArrivalDetails(
            self.arrived_on.data, self.amount.data or 0, self.people.data, (self.note.data or "").strip()
        )
