"""Forms of questions and complaints. The public ones know no session: a signed token stands in for it."""

from typing import ClassVar

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from portal.choices import member_options
from portal.i18n import lazy_gettext as _l
from portal.questions import answering, asking, complaints, withholding
from portal.questions.complaint_models import Finding
from portal.questions.guards import SentForm
from portal.questions.models import WithheldReason


class PublicForm(FlaskForm):
    """What every form without a login carries: its token, and a field that only programs fill in."""

    class Meta:
        """There is no session that another site could misuse; ``guards.py`` checks where a form came from."""

        csrf: ClassVar[bool] = False

    token = HiddenField()
    more = StringField(_l("请留空"))

    def sent_from(self, address: str) -> SentForm:
        """What the form brought along."""
        return SentForm(self.token.data or "", self.more.data or "", address)


class QuestionForm(PublicForm):
    """A question."""

    words = TextAreaField(
        _l("您想问什么"),
        description=_l("问题和答复都会公开。请不要写姓名、电话、身份证号和住址。"),
        render_kw={"maxlength": asking.LONGEST, "required": True},
    )
    nickname = StringField(
        _l("怎么称呼您（可以不填）"),
        description=_l("会公开，例如“街坊”“退休教师”。"),
        render_kw={"maxlength": asking.LONGEST_NICKNAME, "autocomplete": "off"},
    )


class FollowUpForm(PublicForm):
    """One more question about the answer."""

    code = StringField(
        _l("查询码"),
        description=_l("提问时看到的十个字母和数字；大小写都可以。"),
        render_kw={"maxlength": 20, "required": True, "autocomplete": "off", "spellcheck": "false"},
    )
    words = TextAreaField(
        _l("追问什么"),
        description=_l("追问和答复都会公开。请不要写姓名、电话、身份证号和住址。"),
        render_kw={"maxlength": asking.LONGEST, "required": True},
    )


class ComplaintForm(PublicForm):
    """A complaint to the bureau."""

    words = TextAreaField(
        _l("投诉什么"),
        description=_l("写清楚什么事、什么时候、为什么认为不对。只有民政部门看得到，不会公开。"),
        render_kw={"maxlength": complaints.LONGEST, "required": True},
    )


class AnswerForm(FlaskForm):
    """The answer of staff."""

    answer = TextAreaField(
        _l("答复"),
        description=_l("马上公开，不能修改。请不要写任何人的姓名和私人电话。"),
        render_kw={"maxlength": answering.LONGEST},
    )
    idempotency_key = HiddenField()


class WithholdForm(FlaskForm):
    """Why words should not be public."""

    reason = RadioField(_l("原因（会公开）"), coerce=WithheldReason)
    note = TextAreaField(
        _l("给复核员的说明"),
        description=_l("不公开；审计人员和民政部门看得到。"),
        render_kw={"maxlength": withholding.LONGEST_NOTE},
    )

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = member_options(WithheldReason)


class RefusalForm(FlaskForm):
    """Why words should be public after all."""

    reason = TextAreaField(_l("为什么应当公开"), render_kw={"maxlength": withholding.LONGEST_NOTE})


class OutcomeForm(FlaskForm):
    """What the bureau found."""

    finding = RadioField(_l("处理结果"), coerce=Finding)
    words = TextAreaField(
        _l("给公众的说明"),
        description=_l("马上公开，不能修改。请不要写投诉人的任何情况。"),
        render_kw={"maxlength": complaints.LONGEST_OUTCOME},
    )

    def __init__(self) -> None:
        super().__init__()
        self.finding.choices = member_options(Finding)
