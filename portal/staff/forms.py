"""Forms of the staff pages."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options, options
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid
from portal.staff.models import Role


def show_errors(form: FlaskForm, problem: Invalid) -> None:
    """Put a service's messages beside the fields they speak of; the rest on top of the form."""
    for name, message in problem.errors.items():
        field = form._fields.get(name)
        if field is not None:
            field.errors = [*field.errors, message]
        else:
            form.form_errors.append(str(message))


class LoginForm(FlaskForm):
    """Name, password, and the code where a second factor is set up."""

    username = StringField(_l("用户名"), [InputRequired(_l("请填写用户名。")), Length(max=60)])
    password = PasswordField(_l("密码"), [InputRequired(_l("请填写密码。")), Length(max=200)])
    code = StringField(_l("动态码"), [Length(max=12)])


class PasswordForm(FlaskForm):
    """A new password for oneself."""

    old_password = PasswordField(_l("原密码"), [InputRequired(_l("请填写原密码。"))])
    new_password = PasswordField(_l("新密码"), [InputRequired(_l("请填写新密码。"))])


class CodeForm(FlaskForm):
    """The first code of a new second factor."""

    code = StringField(_l("动态码"), [InputRequired(_l("请填写手机上显示的 6 位动态码。"))])


class PlacedForm(FlaskForm):
    """A role and how far it reaches."""

    role = SelectField(_l("角色"), coerce=Role)
    organisation = SelectField(_l("所属组织"), validate_choice=False)
    station = SelectField(_l("所在站点"), validate_choice=False)

    def offer(self, organisations: list[tuple[str, str]], stations: list[tuple[str, str]]) -> None:
        """Set the options of the select boxes."""
        self.role.choices = member_options(Role)
        self.organisation.choices = options([("", _l("全区（不限组织）")), *organisations])
        self.station.choices = options([("", _l("不限站点")), *stations])


class MemberForm(PlacedForm):
    """A new account."""

    username = StringField(_l("用户名"), [InputRequired(_l("请填写用户名。"))])
    display_name = StringField(_l("姓名"), [InputRequired(_l("请填写姓名。"))])


class ActiveForm(FlaskForm):
    """Let an account in or shut it out."""

    active = BooleanField(_l("可以登录"))
