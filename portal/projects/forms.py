"""The forms of a project: its budget, its groups, its milestones and its reports."""

import uuid

from flask_wtf import FlaskForm
from wtforms import Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options
from portal.db import db
from portal.i18n import lazy_gettext as _l
from portal.projects.budgeting import MOST_LINES, BudgetDetails, LineDetails
from portal.projects.closing import ClosingDetails
from portal.projects.fields import SPARE_ROWS, Rows
from portal.projects.groups import MOST_GROUPS, GroupDetails
from portal.projects.milestones import MilestoneDetails
from portal.projects.paper_models import LeftoverUse
from portal.projects.progress import ProgressDetails
from portal.registry import lookups
from portal.registry.fields import CountField, DayField, PickField, YuanField
from portal.registry.models import Project
from portal.staff.scope import Scope

_DAY = InputRequired(_l("请填写日期。"))


class _Repeatable(FlaskForm):
    """A form that is sent once however often it is sent."""

    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)


class LineForm(Form):
    """One line of a budget."""

    line_no = HiddenField()
    name = StringField(_l("开支项目"))
    amount = YuanField(_l("预算（元）"))

    @property
    def known_no(self) -> int | None:
        """The number of the line of the present budget that this is, if any."""
        typed = str(self.line_no.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else None


class BudgetForm(_Repeatable):
    """A project's budget as it is to be."""

    items = Rows(
        LineForm,
        lambda row: bool(
            row.known_no is not None or (row.name.data or "").strip() or any(row.amount.raw_data or ())
        ),
        max_entries=MOST_LINES + SPARE_ROWS,
    )
    reason = TextAreaField(_l("原因"), description=_l("公众会看到：为什么这样安排，或为什么调整。"))

    def details(self) -> BudgetDetails:
        """What was stated; a line whose amount is emptied is given up."""
        lines = (
            LineDetails(row.name.data or "", row.amount.data or 0, row.known_no) for row in self.items.in_use
        )
        return BudgetDetails(tuple(lines), self.reason.data or "")


class GroupForm(Form):
    """One group."""

    words = StringField(_l("受益群体"))
    planned_people = CountField(_l("计划人数"))


class GroupsForm(FlaskForm):
    """Whom a project is for."""

    items = Rows(
        GroupForm,
        lambda row: bool((row.words.data or "").strip() or row.planned_people.data is not None),
        max_entries=MOST_GROUPS + SPARE_ROWS,
    )

    def details(self) -> list[GroupDetails]:
        """What was stated."""
        return [GroupDetails(row.words.data or "", row.planned_people.data) for row in self.items.in_use]


class MilestoneForm(FlaskForm):
    """One milestone."""

    title = StringField(_l("里程碑"), description=_l("例如：第一批助学金发放。"))
    planned_on = DayField(_l("计划日期"), [_DAY])
    reached_on = DayField(_l("完成日期"), description=_l("还没有完成就空着。"))
    account = TextAreaField(_l("做了什么"), description=_l("完成时填写，公众会看到，不写受助人姓名。"))

    def details(self) -> MilestoneDetails:
        """What was stated."""
        assert self.planned_on.data is not None  # noqa: S101 - validated
        return MilestoneDetails(
            title=self.title.data or "",
            planned_on=self.planned_on.data,
            reached_on=self.reached_on.data,
            account=self.account.data or "",
        )


class ProgressForm(_Repeatable):
    """A report of progress."""

    through = DayField(_l("截至日期"), [_DAY])
    people_reached = CountField(
        _l("累计受益人数"),
        [InputRequired(_l("请填写人数，还没有就填 0。"))],
        description=_l("从项目开始到截至日期，帮到了多少人。"),
    )
    account = TextAreaField(_l("进展"), description=_l("做了什么、效果怎样，公众会看到，不写受助人姓名。"))

    def details(self) -> ProgressDetails:
        """What was stated."""
        assert self.through.data is not None and self.people_reached.data is not None  # noqa: S101 - validated
        return ProgressDetails(self.through.data, self.people_reached.data, self.account.data or "")


class ClosingForm(_Repeatable):
    """A closing report."""

    ended_on = DayField(_l("项目结束日期"), [_DAY])
    people_reached = CountField(_l("累计受益人数"), [InputRequired(_l("请填写人数，还没有就填 0。"))])
    account = TextAreaField(_l("做了什么"), description=_l("项目的内容和成果，公众会看到，不写受助人姓名。"))
    how_chosen = TextAreaField(
        _l("受益人怎样确定"), description=_l("标准和程序（《慈善法》第五十九条、第八十一条）。")
    )
    entrusted = TextAreaField(_l("委托第三方的工作"), description=_l("没有可空着。"))
    leftover_use = SelectField(_l("剩余款物怎么用"), coerce=LeftoverUse, default=LeftoverUse.NONE)
    leftover_project = PickField(_l("转到哪个项目"), empty=_l("不转到项目"))
    leftover_words = TextAreaField(
        _l("剩余款物的安排"),
        description=_l("依据募捐方案、捐赠协议的哪一条，或为什么这两个项目目的相同或相近。"),
    )

    def offer(self, project: Project, scope: Scope) -> None:
        """The uses of a rest, and the projects that may get it."""
        self.leftover_use.choices = member_options(LeftoverUse)
        others = lookups.active_projects(db.session(), scope)
        self.leftover_project.offer(
            lookups.choices(
                one
                for one in others
                if one.organisation_id == project.organisation_id and one.id != project.id
            )
        )

    def details(self) -> ClosingDetails:
        """What was stated."""
        assert self.ended_on.data is not None and self.people_reached.data is not None  # noqa: S101 - validated
        to_project = self.leftover_use.data is LeftoverUse.PROJECT
        return ClosingDetails(
            ended_on=self.ended_on.data,
            account=self.account.data or "",
            people_reached=self.people_reached.data,
            how_chosen=self.how_chosen.data or "",
            entrusted=self.entrusted.data or "",
            leftover_use=self.leftover_use.data,
            leftover_project=(self.leftover_project.data or "") if to_project else "",
            leftover_words=self.leftover_words.data or "",
        )
