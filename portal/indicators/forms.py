"""The forms by which staff state population and outside giving."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired

from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.indicators.models import PopulationKind
from portal.indicators.services.statements import OutsideDetails, PopulationDetails, read_amount, read_people
from portal.refusals import Invalid
from portal.registry.fields import DayField, PickField
from portal.registry.forms import kind_choices

REQUIRED = InputRequired(message=_l("这一项必须填写。"))


class StatementForm(FlaskForm):
    """What both forms share: the year, the source, and showing what the service refused."""

    year = StringField(_l("年份"), validators=[REQUIRED], description=_l("四位数字，例如 2025。"))
    source = TextAreaField(
        _l("来源"),
        validators=[REQUIRED],
        description=_l("谁在哪里公布的：公报名称、日期或网址。会公开显示。"),
    )

    def show(self, errors: dict[str, Any]) -> None:
        """Put what the service refused beside its fields."""
        for name, message in errors.items():
            field = self._fields.get(name, self.year)
            field.errors = [*field.errors, message]

    def read_year(self) -> int:
        """The year as typed.

        Raises:
            Invalid: naming ``year``.
        """
        text = (self.year.data or "").strip()
        if not (text.isdecimal() and len(text) == 4):
            raise Invalid({"year": _("请填写四位数字的年份，例如 2025。")})
        return int(text)


class PopulationForm(StatementForm):
    """A published figure of resident population."""

    population = StringField(
        _l("常住人口（人）"), validators=[REQUIRED], description=_l("以人为单位的整数，例如 1,819,037。")
    )
    kind = PickField(_l("类型"), validators=[REQUIRED])
    as_of = DayField(_l("统计日期"), validators=[REQUIRED], description=_l("例如年末数填 2025-12-31。"))

    def offer(self) -> None:
        """Fill the select box."""
        self.kind.offer(kind_choices(PopulationKind))

    def details(self) -> PopulationDetails:
        """What was filled in.

        Raises:
            Invalid: the year or the number cannot be read.
        """
        if self.kind.data not in set(PopulationKind):
            raise Invalid({"kind": _("请从列表中选择。")})
        if self.as_of.data is None:
            raise Invalid({"as_of": _("这一项必须填写。")})
        return PopulationDetails(
            year=self.read_year(),
            population=read_people(self.population.data or ""),
            kind=PopulationKind(self.kind.data),
            as_of=self.as_of.data,
            source=self.source.data or "",
        )


class OutsideForm(StatementForm):
    """Giving of a year that is not in the portal's own ledger."""

    amount = StringField(_l("金额（元）"), validators=[REQUIRED], description=_l("例如 1,234,567.00。"))
    scope = StringField(
        _l("统计范围"),
        validators=[REQUIRED],
        description=_l("哪些组织、哪些捐赠，例如“区红十字会全年款物”。不要与本平台账本重复。"),
    )

    def offer(self) -> None:
        """Nothing to choose from."""

    def details(self) -> OutsideDetails:
        """What was filled in.

        Raises:
            Invalid: the year or the amount cannot be read.
        """
        return OutsideDetails(
            year=self.read_year(),
            amount_fen=read_amount(self.amount.data or ""),
            scope=self.scope.data or "",
            source=self.source.data or "",
        )


class WithdrawForm(FlaskForm):
    """The reason for taking a figure back."""

    row_id = IntegerField(validators=[REQUIRED])
    reason = StringField(_l("撤回原因"))
