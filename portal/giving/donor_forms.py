"""Forms of a donor's record."""

from typing import Self

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options, options
from portal.donors.models import ContactKind, Donor, DonorKind
from portal.donors.service import DonorDetails
from portal.i18n import lazy_gettext as _l
from portal.labels import label


class DonorForm(FlaskForm):
    """Who a donor is."""

    name = StringField(_l("姓名或单位名称"), [InputRequired(_l("请填写姓名或名称。")), Length(max=200)])
    kind = SelectField(_l("捐赠人类型"), coerce=DonorKind)

    @classmethod
    def offered(cls, donor: Donor | None = None) -> Self:
        """The form with its options, filled from a donor."""
        form = cls(obj=donor)
        kinds = (one for one in DonorKind if one is not DonorKind.ANONYMOUS)
        form.kind.choices = options((one.value, str(label(one))) for one in kinds)
        return form

    def details(self) -> DonorDetails:
        """What was stated."""
        return DonorDetails((self.name.data or "").strip(), self.kind.data)


class ContactForm(FlaskForm):
    """How a donor is reached."""

    contact_kind = SelectField(_l("联系方式"), coerce=ContactKind, default=ContactKind.PHONE)
    contact = StringField(_l("号码或地址"), [InputRequired(_l("请填写联系方式。"))])

    @classmethod
    def offered(cls) -> Self:
        """The form with its options."""
        form = cls()
        form.contact_kind.choices = member_options(ContactKind)
        return form
