"""Forms about persons who were helped; the rules are left to the services."""

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired

from portal.giving.fields import AmountField
from portal.i18n import lazy_gettext as _l
from portal.registry.fields import DayField


class EraseForm(FlaskForm):
    """The name, typed once more."""

    confirmed = StringField(_l("照抄姓名"))


class ReturnedForm(FlaskForm):
    """A transfer that the bank sent back."""

    returned_on = DayField(_l("退票日期"), [InputRequired(_l("请填写退票日期。"))])
    return_reason = StringField(_l("银行写的原因"), description=_l("例如“户名不符”；不写账号。"))


class InterestForm(FlaskForm):
    """Why a payout is approved though somebody has an interest in it."""

    interest_reason = TextAreaField(
        _l("核实的结果"),
        description=_l("例如“第 3 行与理事同名，已核对身份证，不是同一人”。会永久保存，不写姓名和号码。"),
    )


class LimitForm(FlaskForm):
    """Up to which amount aid may go with a count only."""

    limit = AmountField(_l("个人救助不超过多少元时，可以只写人数"))
