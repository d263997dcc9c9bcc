"""The forms by which staff state audited figures and explain a limit that was missed."""

import uuid

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options
from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, parse_yuan
from portal.ratios.models import ExcuseGround
from portal.ratios.stating import BaseDetails, ExcuseDetails, StatedFigures
from portal.refusals import Invalid, Sentence
from portal.registry.fields import DayField, PickField
from portal.registry.lookups import Choices

_UNREADABLE = _l("金额看不懂。请按 1,234.56 的样式填写；没有就填 0，不知道就空着。")


class StatementForm(FlaskForm):
    """What both forms share: the year, and the key that keeps a form from counting twice."""

    year = IntegerField(_l("年度"), validators=[InputRequired(_l("请填写四位数字的年份。"))])
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)


class BaseFigureForm(StatementForm):
    """Figures of a year's final accounts, in yuan; an empty one is not stated."""

    income_fen = StringField(_l("总收入"))
    donations_fen = StringField(_l("其中：捐赠收入"))
    unusable_fen = StringField(
        _l("其中：时间限定、当年不得使用的收入"), description=_l("捐赠人写明以后年度才能用的部分。")
    )
    released_fen = StringField(
        _l("当年解除时间限定的净资产"), description=_l("以前限定、到当年可以用了的部分。")
    )
    net_assets_fen = StringField(_l("年末净资产"))
    expense_fen = StringField(_l("总支出"))
    spending_fen = StringField(_l("其中：慈善活动支出"))
    management_fen = StringField(
        _l("其中：管理费用"), description=_l("理事会、监事会、党建、行政人员和办公的费用都在内。")
    )
    fundraising_fen = StringField(
        _l("其中：募捐成本"), description=_l("不含本组织自己的人员和场所；2026 年起单独列。")
    )
    source = StringField(
        _l("出自哪份报告"), description=_l("例如“2024 年度审计报告，某某会计师事务所”。会公开。")
    )
    sourced_on = DayField(_l("报告日期"))

    def details(self, organisation: str) -> BaseDetails:
        """What was filled in.

        Raises:
            Invalid: naming each amount that cannot be read.
        """
        errors: dict[str, Sentence] = {}
        figures = {name: _amount(self._fields[name], errors) for name in StatedFigures.__dataclass_fields__}
        if errors:
            raise Invalid(errors)
        return BaseDetails(
            organisation=organisation,
            year=self.year.data or 0,
            figures=StatedFigures(**figures),
            source=self.source.data or "",
            sourced_on=self.sourced_on.data,
        )


class ExcuseForm(StatementForm):
    """Why management cost is over its limit."""

    ground = PickField(_l("原因"), validators=[InputRequired(_l("请从列表中选择。"))])
    explanation = TextAreaField(_l("说明"), description=_l("写清发生了什么、怎么改正。公众会看到。"))
    reported_on = DayField(_l("哪天报告了登记的民政部门"))

    def offer(self) -> None:
        """Fill the select box."""
        choices: Choices = [(one.value, str(one.label)) for one in member_options(ExcuseGround)]
        self.ground.offer(choices)

    def details(self, organisation: str) -> ExcuseDetails:
        """What was filled in.

        Raises:
            Invalid: the ground is none.
        """
        if self.ground.data not in set(ExcuseGround):
            raise Invalid({"ground": _l("请从列表中选择。")})
        return ExcuseDetails(
            organisation=organisation,
            year=self.year.data or 0,
            ground=ExcuseGround(self.ground.data),
            explanation=self.explanation.data or "",
            reported_on=self.reported_on.data,
        )


def _amount(field: Field, errors: dict[str, Sentence]) -> int | None:
    """Yuan as typed, in fen; unlike a gift, a figure may be nought, and net assets negative."""
    typed = (field.data or "").strip()
    if not typed:
        return None
    negative = typed[0] in "-−–" and field.name == "net_assets_fen"
    try:
        fen = parse_yuan(typed[1:] if negative else typed)
    except AmountError as problem:
        if problem.reason == "zero":
            return 0
        errors[field.name] = _UNREADABLE
        return None
    return -fen if negative else fen
