"""Forms of transfers and changes of purpose; rules are left to the service."""

import uuid
from datetime import date

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options, options
from portal.committees import service as committees
from portal.committees.choosing import chosen_decision, decision_choices
from portal.db import db
from portal.giving.fields import AmountField
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Channel
from portal.periods import today
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.registry.purposes import CharitablePurpose
from portal.staff.models import StaffMember
from portal.staff.scope import Scope
from portal.transfers.details import ChangeDetails, TransferDetails
from portal.transfers.models import ChangeBasis

REQUIRED = InputRequired(_l("这一项必须填写。"))


class _MoveForm(FlaskForm):
    """What transfers and changes of purpose have in common."""

    amount = AmountField(_l("金额（元）"))
    from_fund = PickField(_l("从哪个基金转出"))
    reason = TextAreaField(_l("理由"), description=_l("公众会看到，不要写姓名和电话。"))
    channel = SelectField(_l("划转方式"), coerce=Channel, default=Channel.BANK)
    committee_decision = PickField(
        _l("管委会决议"), empty=_l("不需要"), description=_l("从社区慈善基金转出，要有它的管委会决议。")
    )
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)

    def offer(self, by: StaffMember) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.channel.choices = options(
            (one.value, label(one)) for one in Channel if one is not Channel.IN_KIND
        )
        self.from_fund.offer(lookups.choices(lookups.active_funds(session, by.scope)))
        self._pick("to_fund").offer(
            [
                (one.code, f"{one.code} {one.name}（{one.organisation.shown_name}）")
                for one in lookups.active_funds(session, Scope.district())
            ]
        )
        self.committee_decision.offer(decision_choices(committees.usable(session, by)))

    def _pick(self, name: str) -> PickField:
        field = self[name]
        assert isinstance(field, PickField)  # noqa: S101 - every such form picks a target
        return field

    def _stated(self, moved_on: date, late_reason: str, change: ChangeDetails | None) -> TransferDetails:
        assert self.amount.data is not None  # noqa: S101 - validated
        return TransferDetails(
            from_fund=self.from_fund.data or "",
            to_fund=self["to_fund"].data or "",
            amount_fen=self.amount.data,
            reason=(self.reason.data or "").strip(),
            moved_on=moved_on,
            channel=self.channel.data,
            late_reason=late_reason,
            committee_decision_id=chosen_decision(self.committee_decision.data),
            change=change,
        )


class TransferForm(_MoveForm):
    """Money from one fund to another, with the same purpose."""

    to_fund = PickField(_l("转入哪个基金"), description=_l("可以是本组织的，也可以是本区其他组织的基金。"))
    moved_on = DayField(_l("划转日期"), [REQUIRED])
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )

    def details(self) -> TransferDetails:
        """What was stated."""
        return self._stated(self.moved_on.data or today(), (self.late_reason.data or "").strip(), None)


class PurposeChangeForm(_MoveForm):
    """Money that is given another purpose, in another fund or in its own, on the day that it is approved."""

    to_fund = PickField(
        _l("转入哪个基金"), description=_l("要允许新用途。选同一个基金，就是改变这个基金全部余额的用途。")
    )
    old_purpose = StringField(_l("原来的用途"), description=_l("照捐赠协议或募捐方案写。"))
    new_purpose = StringField(_l("新的用途"))
    new_kind = SelectField(_l("新用途属于哪一类"), coerce=CharitablePurpose)
    basis = RadioField(_l("依据"), coerce=ChangeBasis, validators=[InputRequired(_l("请选择依据。"))])
    decided_by = StringField(_l("由谁决定"), description=_l("例如“理事会 2026 年第 3 次会议”。"))
    decided_on = DayField(_l("决定日期"), [REQUIRED])
    consent = TextAreaField(
        _l("捐赠人的同意"),
        description=_l("哪几笔捐赠（编号）、哪天、怎样同意的；不写姓名。协议作为凭证上传。"),
    )
    notice_text = TextAreaField(
        _l("公示全文"), description=_l("为什么联系不上捐赠人、原来和新的用途、金额。公示不少于 60 日。")
    )
    objections_to = StringField(_l("怎样提出异议"), description=_l("电话、地址或信箱，公众会看到。"))
    filing_no = StringField(_l("变更后的备案编号"))
    filed_on = DayField(_l("备案日期"), description=_l("决定作出后 10 日内。"))

    def offer(self, by: StaffMember) -> None:
        """Funds, categories and bases."""
        super().offer(by)
        self.new_kind.choices = member_options(CharitablePurpose)
        self.basis.choices = [(one.value, label(one)) for one in ChangeBasis]

    def details(self) -> TransferDetails:
        """What was stated; fields that belong to another basis are left out."""
        assert self.decided_on.data is not None  # noqa: S101 - validated
        basis: ChangeBasis = self.basis.data
        words = {name: (self[name].data or "").strip() for name in _OF_BASIS[basis]}
        change = ChangeDetails(
            old_purpose=(self.old_purpose.data or "").strip(),
            new_purpose=(self.new_purpose.data or "").strip(),
            new_kind=self.new_kind.data,
            basis=basis,
            decided_on=self.decided_on.data,
            decided_by=(self.decided_by.data or "").strip(),
            filed_on=self.filed_on.data if basis is ChangeBasis.PLAN else None,
            **words,
        )
        return self._stated(today(), "", change)


_OF_BASIS = {
    ChangeBasis.CONSENT: ("consent",),
    ChangeBasis.NOTICE: ("notice_text", "objections_to"),
    ChangeBasis.PLAN: ("filing_no",),
}


class ObjectionForm(FlaskForm):
    """An objection that reached the organisation."""

    received_on = DayField(_l("收到日期"), [REQUIRED])
    from_whom = StringField(_l("谁提出的"), description=_l("不公开，可空着。"))
    objection = TextAreaField(_l("异议的内容"), description=_l("不公开。"))


class AnswerForm(FlaskForm):
    """How an objection was answered."""

    answer = TextAreaField(_l("怎样答复"), description=_l("对方是否撤回异议、组织怎样处理。不公开。"))
