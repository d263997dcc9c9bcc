"""Forms of the lists of persons; the rules are left to the services."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from portal.beneficiaries.faults import FIELD_WORDS
from portal.beneficiaries.lists import StatedRow
from portal.beneficiaries.models import Beneficiary, DocumentKind
from portal.beneficiaries.person import Person
from portal.choices import member_options, options
from portal.db import db
from portal.giving.fields import OptionalAmountField
from portal.i18n import lazy_gettext as _l
from portal.imports.forms import UploadField
from portal.registry import lookups
from portal.registry.fields import PickField
from portal.staff.scope import Scope


class NewListForm(FlaskForm):
    """A list: from a file, or an empty one to fill in by hand."""

    organisation = PickField(_l("哪家组织的支出"))
    group = StringField(
        _l("帮助的是哪一类人"), description=_l("例如“困难家庭学生”，公众会看到；不写任何人的姓名。")
    )
    file = UploadField(
        _l("名单文件"),
        description=_l(
            "Excel 或 CSV，原样上传：要有姓名，发钱的还要有金额，最好有身份证号、账号、开户行、电话。"
            "没有文件可空着，下一步逐人填写。"
        ),
    )
    kind = SelectField(_l("没有文件时，名单用来"), default="money")

    def offer(self, scope: Scope) -> None:
        """The organisations within reach; a single one is chosen already."""
        self.kind.choices = options([("money", _l("发钱")), ("goods", _l("发物资"))])
        choices = lookups.organisation_choices(db.session(), scope)
        if len(choices) == 1 and not self.organisation.data:
            self.organisation.data = choices[0][0]
        self.organisation.offer(choices)


class AgainForm(FlaskForm):
    """A workbook that was downloaded and put right."""

    file = UploadField(_l("改好的工作簿"), description=_l("从本页下载、逐行改好的那一份。"))
    version = HiddenField()


class PersonForm(FlaskForm):
    """One person of a list."""

    name = StringField(FIELD_WORDS["name"])
    amount = OptionalAmountField(_l("金额（元）"))
    document_kind = SelectField(FIELD_WORDS["document_kind"], default=DocumentKind.CITIZEN.value)
    document_no = StringField(
        FIELD_WORDS["document_no"], description=_l("能不收就不收；不满 14 周岁的要写监护人。")
    )
    guardian = StringField(FIELD_WORDS["guardian"])
    phone = StringField(FIELD_WORDS["phone"])
    account = StringField(FIELD_WORDS["account"])
    bank = StringField(FIELD_WORDS["bank"])
    school = StringField(FIELD_WORDS["school"])
    group = StringField(FIELD_WORDS["group"])
    street = StringField(FIELD_WORDS["street"])
    remark = TextAreaField(FIELD_WORDS["remark"])
    version = HiddenField()

    @classmethod
    def offered(cls, row: Beneficiary | None = None, version: int = 0) -> "PersonForm":
        """The form with its options, and with what is known of a row."""
        form = cls(data=_known(row, version))
        form.document_kind.choices = member_options(DocumentKind)
        return form

    def details(self) -> StatedRow:
        """What was stated."""
        words = {
            name: (getattr(self, name).data or "")
            for name in (
                "name",
                "document_kind",
                "document_no",
                "phone",
                "account",
                "bank",
                "guardian",
                "school",
                "street",
                "remark",
            )
        }
        return StatedRow(Person(**words), self.amount.data, group_words=self.group.data or "")


def _known(row: Beneficiary | None, version: int) -> dict[str, Any]:
    if row is None:
        return {"version": version}
    person = Person.of(row)
    return {**vars(person), "amount": row.amount_fen, "group": row.group_words, "version": version}
