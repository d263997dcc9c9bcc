"""Forms of a document under review."""

from flask import request
from flask_wtf import FlaskForm
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired

from portal.i18n import lazy_gettext as _l


class ReviewForm(FlaskForm):
    """A decision on exactly the version that was shown."""

    version = IntegerField(validators=[InputRequired()])
    reason = StringField(_l("原因"))


def shown_version() -> int:
    """The version of the document that the person had before them; 0, which no document has, when none is sent."""
    return request.form.get("version", default=0, type=int)
