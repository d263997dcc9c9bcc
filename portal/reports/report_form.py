"""The form that asks for a report."""

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from portal.choices import options
from portal.i18n import DEFAULT_LOCALE, LOCALES
from portal.i18n import lazy_gettext as _l
from portal.refusals import Invalid, Sentence
from portal.registry import lookups
from portal.registry.fields import PickField
from portal.reports.kinds import KINDS, Kind
from portal.reports.sections.scope import reported_years
from portal.reports.wanted import Wanted
from portal.staff.scope import Scope


class ReportForm(FlaskForm):
    """Which report, about whom, in which language."""

    kind = RadioField(_l("哪一种"), [InputRequired(_l("请选择报告的种类。"))])
    year = SelectField(_l("年份"), validate_choice=False)
    organisation = PickField(_l("慈善组织"), empty=_l("全区"))
    fund = PickField(_l("基金"), empty=_l("不选"))
    language = SelectField(_l("语言"), default=DEFAULT_LOCALE)
    foreword = TextAreaField(_l("序言"), description=_l("可以不写，最多 3,000 字。每一行是一段。"))
    foreword_signed = StringField(_l("序言署名"))
    appendix = BooleanField(_l("附上全部收支明细"))

    def offer(self, session: Session, scope: Scope) -> None:
        """Set the options of the boxes."""
        self.kind.choices = options([(one.name, one.title) for one in _offered()])
        self.year.choices = options([(str(year), str(year)) for year in reported_years(session)])
        self.language.choices = options(list(LOCALES.items()))
        organisations = lookups.active_organisations(session, scope)
        self.organisation.offer([(one.uscc, one.name) for one in organisations])
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))

    def wanted(self) -> Wanted:
        """What is asked for; what the kind does not ask for is left out.

        Raises:
            Invalid: something that the kind needs was not chosen.
        """
        kind = KINDS[self.kind.data]
        given = {"year": self.year.data, "organisation": self.organisation.data, "fund": self.fund.data}
        errors: dict[str, Sentence] = {
            one.name: _l("请选择。") for one in kind.parameters if one.required and not given.get(one.name)
        }
        if errors:
            raise Invalid(errors)
        parameters: dict[str, str] = {one.name: str(given[one.name] or "") for one in kind.parameters}
        parameters["foreword"] = _plain(self.foreword.data)
        parameters["foreword_signed"] = _plain(self.foreword_signed.data)
        return Wanted(kind.name, parameters, self.language.data, bool(self.appendix.data))


def _plain(text: str | None) -> str:
    """What was typed, without the one character that PostgreSQL cannot keep."""
    return (text or "").replace("\x00", "").strip()


def _offered() -> list[Kind]:
    """Statements of donors are made on the donor's own page."""
    return [one for one in KINDS.values() if one.public]
