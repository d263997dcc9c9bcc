"""The form of a pledge: fields named as the columns, rules left to the service."""

import uuid

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options
from portal.db import db
from portal.giving.fields import AmountField, CountField
from portal.giving.pledge_models import PledgeRhythm
from portal.giving.pledges import PledgeDetails
from portal.i18n import lazy_gettext as _l
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.staff.scope import Scope


class PledgeForm(FlaskForm):
    """One pledge."""

    donor_name = StringField(_l("认捐人"), [Length(max=200)])
    amount = AmountField(_l("金额（元）"), description=_l("分期写总额，按月写每月的金额。"))
    rhythm = SelectField(_l("怎么给"), coerce=PledgeRhythm, default=PledgeRhythm.INSTALMENTS)
    instalments = CountField(
        _l("分几期（每月一期）"), default="1", description=_l("一次付清写 1；按月捐的不用填。")
    )
    starts_on = DayField(_l("第一期日期"), [InputRequired(_l("请填写第一期的日期。"))])
    ends_on = DayField(_l("结束日期"), description=_l("只有按月捐的要填；没有约定就空着。"))
    fund = PickField(_l("入哪个基金"))
    remark = TextAreaField(_l("备注"), [Length(max=2000)], description=_l("只在工作台显示，不公开。"))
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        self.rhythm.choices = member_options(PledgeRhythm)
        self.fund.offer(lookups.choices(lookups.active_funds(db.session(), scope)))

    def details(self) -> PledgeDetails:
        """What was stated."""
        assert self.amount.data is not None and self.starts_on.data is not None  # noqa: S101 - validated
        return PledgeDetails(
            fund=self.fund.data or "",
            donor_name=(self.donor_name.data or "").strip(),
            amount_fen=self.amount.data,
            starts_on=self.starts_on.data,
            rhythm=self.rhythm.data,
            instalments=self.instalments.data or 1,
            ends_on=self.ends_on.data,
            remark=(self.remark.data or "").strip(),
        )
