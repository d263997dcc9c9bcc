"""Forms of a fund's committee; rules are left to the service."""

import uuid

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.committees.service import DecisionDetails, MemberDetails
from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, parse_yuan
from portal.refusals import Invalid, Sentence
from portal.registry.fields import DayField

REQUIRED = InputRequired(_l("这一项必须填写。"))


class MemberForm(FlaskForm):
    """Somebody takes a seat."""

    name = StringField(_l("姓名"), [REQUIRED], description=_l("只在工作台显示；公众只看到职务。"))
    office = StringField(_l("职务"), [REQUIRED], description=_l("例如“主任”“居民代表”“捐赠人代表”。"))
    since = DayField(_l("任职开始"), [REQUIRED])

    def details(self) -> MemberDetails:
        """What was stated."""
        assert self.since.data is not None  # noqa: S101 - validated
        return MemberDetails(self.name.data or "", self.office.data or "", self.since.data)


class MemberEndForm(FlaskForm):
    """Somebody leaves."""

    until = DayField(_l("离任日期"), [REQUIRED])


class DecisionForm(FlaskForm):
    """A decision from the minutes."""

    number = StringField(_l("决议编号"), [REQUIRED], description=_l("照会议记录，例如“2026-3”。"))
    decided_on = DayField(_l("会议日期"), [REQUIRED])
    decided = TextAreaField(_l("决定的内容"), [REQUIRED], description=_l("公众会看到，不写个人姓名。"))
    amount = StringField(_l("最多支出（元）"), [REQUIRED])
    present = StringField(_l("到会人数"), [REQUIRED])
    votes_for = StringField(_l("赞成"), [REQUIRED])
    votes_against = StringField(_l("反对"), default="0")
    abstained = StringField(_l("弃权"), default="0")
    interested = StringField(_l("回避"), default="0", description=_l("有利害关系、没有参加表决的人数。"))
    interest_note = StringField(_l("回避说明"), description=_l("谁、什么关系。不公开。"))
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)

    def details(self) -> DecisionDetails:
        """What was stated.

        Raises:
            Invalid: a number or the amount cannot be read.
        """
        assert self.decided_on.data is not None  # noqa: S101 - validated
        errors: dict[str, Sentence] = {}
        counts = {name: self._count(name, errors) for name in _COUNTS}
        amount_fen = 0
        try:
            amount_fen = parse_yuan(self.amount.data or "")
        except AmountError:
            errors["amount"] = _l("看不懂这个金额，请按 1,234.56 的样式填写，单位是元。")
        if errors:
            raise Invalid(errors)
        return DecisionDetails(
            number=self.number.data or "",
            decided_on=self.decided_on.data,
            decided=self.decided.data or "",
            amount_fen=amount_fen,
            interest_note=self.interest_note.data or "",
            **counts,
        )

    def _count(self, name: str, errors: dict[str, Sentence]) -> int:
        typed = (self[name].data or "0").strip()
        if typed.isascii() and typed.isdigit() and len(typed) <= 4:
            return int(typed)
        errors[name] = _l("请填写人数，例如 5。")
        return 0


_COUNTS = ("present", "votes_for", "votes_against", "abstained", "interested")
