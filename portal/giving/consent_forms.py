"""The form beside a gift in the ledger: what its donor agreed to, and how."""

from typing import Self

from flask_wtf import FlaskForm
from wtforms import SelectField

from portal.choices import member_options, options
from portal.giving.consent_models import TEXT_VERSION, TEXTS, ConsentHow, ConsentShown
from portal.giving.forms import GIVEN_AT_COUNTER
from portal.i18n import lazy_gettext as _l
from portal.labels import label


class ConsentForm(FlaskForm):
    """What may be shown, and how that was said."""

    shown = SelectField(
        _l("公开成什么样"),
        coerce=ConsentShown,
        default=ConsentShown.NAME,
        description=TEXTS[TEXT_VERSION],
    )
    how = SelectField(_l("捐赠人怎样表示的"), coerce=ConsentHow, default=ConsentHow.IN_PERSON)

    @classmethod
    def offered(cls) -> Self:
        """The form with its options."""
        form = cls()
        form.shown.choices = member_options(ConsentShown)
        form.how.choices = options((one.value, str(label(one))) for one in GIVEN_AT_COUNTER)
        return form
