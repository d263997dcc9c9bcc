"""The forms of the registry. Fields are named as the columns; each form knows which details it makes."""

from dataclasses import replace
from enum import StrEnum
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import BooleanField, Field, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired

from portal.choices import member_options, options
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.refusals import Invalid
from portal.registry import lookups
from portal.registry.fields import ChecksField, CountField, DayField, PickField, YuanField
from portal.registry.labels import FIELD_LABELS
from portal.registry.models import AcceptedKind, FundKind, LandmarkKind, OrganisationKind, ProjectCategory
from portal.registry.purposes import CharitablePurpose, in_order
from portal.registry.services.campaigns import CampaignDetails
from portal.registry.services.funds import FundDetails
from portal.registry.services.landmarks import LandmarkDetails
from portal.registry.services.organisations import REQUEST_EXPIRES_DAYS, OrganisationDetails
from portal.registry.services.projects import ProjectDetails
from portal.registry.services.stations import StationDetails
from portal.staff.scope import Scope


def kind_choices(kinds: type[StrEnum]) -> lookups.Choices:
    """Options of the members of an enumeration."""
    return [(kind.value, str(label(kind))) for kind in kinds]


REQUIRED = InputRequired(message=_l("这一项必须填写。"))


class RegistryForm(FlaskForm):
    """A form of the registry: it offers choices, makes details, and shows what the service refused."""

    makes: ClassVar[type[Any]]

    reason = TextAreaField(FIELD_LABELS["reason"], description=_l("写入变更历史；有的变更必须写明原因。"))

    def offer(self, session: Session, scope: Scope) -> None:
        """Fill the select boxes with what this member of staff may choose."""
        if "street" in self:
            self._pick("street").offer(lookups.choices(lookups.streets(session)))
        if "organisation" in self:
            self._pick("organisation").offer(lookups.organisation_choices(session, scope))
        if "fund" in self:
            self._pick("fund").offer(lookups.choices(lookups.active_funds(session, scope)))
        if "community" in self:
            self._pick("community").offer(lookups.community_choices(session))

    def _pick(self, name: str) -> PickField:
        field = self[name]
        assert isinstance(field, PickField)  # noqa: S101 - every form of the registry picks these
        return field

    def leave_out(self, fields: tuple[str, ...]) -> None:
        """Drop what never changes once entered."""
        for field in fields:
            if field in self:
                del self[field]

    def details(self, existing: Any = None) -> Any:
        """What was filled in; ``existing`` supplies what the form left out."""
        values = {
            field.name: (field.data or "") if isinstance(field, StringField) else field.data
            for field in self.columns()
        }
        return replace(existing, **values) if existing is not None else self.makes(**values)

    def columns(self) -> list[Field]:
        """The fields that describe the thing itself."""
        return [field for field in self if field.name not in ("reason", "csrf_token")]

    def show(self, errors: dict[str, str]) -> None:
        """Put what the service refused beside its fields."""
        for name, message in errors.items():
            if name in self:
                field = self[name]
                field.errors = [*field.errors, message]
            else:
                self.form_errors = [*self.form_errors, message]


class OrganisationForm(RegistryForm):
    """A charitable organisation."""

    makes = OrganisationDetails

    uscc = StringField(FIELD_LABELS["uscc"], description=_l("18 位，见登记证书。"))
    name = StringField(FIELD_LABELS["name"])
    short_name = StringField(FIELD_LABELS["short_name"])
    kind = PickField(FIELD_LABELS["kind"], validators=[REQUIRED])
    founded_on = DayField(FIELD_LABELS["founded_on"])
    fundraising_since = DayField(
        FIELD_LABELS["fundraising_since"], description=_l("没有公开募捐资格的组织留空。")
    )
    fundraising_certificate_no = StringField(FIELD_LABELS["fundraising_certificate_no"])
    legal_representative = StringField(FIELD_LABELS["legal_representative"])
    contact_name = StringField(FIELD_LABELS["contact_name"])
    contact_phone = StringField(FIELD_LABELS["contact_phone"])
    address = StringField(FIELD_LABELS["address"])
    street = PickField(FIELD_LABELS["street"])
    national_platform_url = StringField(
        FIELD_LABELS["national_platform_url"], description=_l("以 https:// 开头的网址。")
    )
    second_approval_fen = YuanField(
        FIELD_LABELS["second_approval_fen"], description=_l("单位是元；空着表示一位复核员同意就可以。")
    )
    request_expires_days = CountField(
        FIELD_LABELS["request_expires_days"], description=_l("过期后预留的款项释放；空着按 60 天。")
    )
    evidence_required_fen = YuanField(
        FIELD_LABELS["evidence_required_fen"], description=_l("单位是元；空着或 0 表示每一笔都要。")
    )

    def offer(self, session: Session, scope: Scope) -> None:
        """Streets and kinds."""
        super().offer(session, scope)
        self.kind.offer(kind_choices(OrganisationKind))

    def details(self, existing: Any = None) -> OrganisationDetails:
        """The organisation's details, the kind as a member of its enumeration."""
        details: OrganisationDetails = super().details(existing)
        return replace(
            details,
            kind=OrganisationKind(details.kind),
            second_approval_fen=self.second_approval_fen.data,
            request_expires_days=self.request_expires_days.data or REQUEST_EXPIRES_DAYS,
            evidence_required_fen=self.evidence_required_fen.data or 0,
        )


class FundForm(RegistryForm):
    """A fund."""

    makes = FundDetails

    code = StringField(
        FIELD_LABELS["code"], description=_l("大写字母、数字和“-”，例如 HZ0001；登记后不能更改。")
    )
    name = StringField(FIELD_LABELS["name"])
    kind = PickField(FIELD_LABELS["kind"], validators=[REQUIRED])
    organisation = PickField(FIELD_LABELS["organisation"], validators=[REQUIRED])
    street = PickField(FIELD_LABELS["street"], description=_l("社区慈善基金必须选择街道。"))
    opened_on = DayField(FIELD_LABELS["opened_on"], validators=[REQUIRED])
    purpose = TextAreaField(FIELD_LABELS["purpose"])
    restricted = BooleanField(FIELD_LABELS["restricted"])
    restriction = TextAreaField(FIELD_LABELS["restriction"])
    purposes = ChecksField(
        FIELD_LABELS["purposes"],
        description=_l("限定用途的基金至少选一类；支出不在其中的，会被拒绝。"),
        coerce=CharitablePurpose,
    )

    def offer(self, session: Session, scope: Scope) -> None:
        """Organisations, streets and kinds."""
        super().offer(session, scope)
        self.purposes.choices = member_options(CharitablePurpose)
        self.kind.offer(kind_choices(FundKind))

    def details(self, existing: Any = None) -> FundDetails:
        """The fund's details, the kind as a member of its enumeration."""
        details: FundDetails = super().details(existing)
        return replace(details, kind=FundKind(details.kind), purposes=in_order(details.purposes))


class StationForm(RegistryForm):
    """A donation station."""

    makes = StationDetails

    code = StringField(
        FIELD_LABELS["code"], description=_l("大写字母、数字和“-”，例如 ST001；登记后不能更改。")
    )
    name = StringField(FIELD_LABELS["name"])
    organisation = PickField(FIELD_LABELS["organisation"], validators=[REQUIRED])
    street = PickField(FIELD_LABELS["street"], validators=[REQUIRED])
    community = PickField(FIELD_LABELS["community"], empty=_l("不限社区"))
    address = StringField(FIELD_LABELS["address"])
    hours = StringField(FIELD_LABELS["hours"], description=_l("例如：周一至周五 9:00–17:00。"))
    accepted = ChecksField(
        FIELD_LABELS["accepted"], description=_l("市民按品类查找站点；可以选几个。"), coerce=AcceptedKind
    )
    accepts = TextAreaField(
        FIELD_LABELS["accepts"], description=_l("用文字补充要求，例如：衣物请洗净，图书九成新。")
    )

    def offer(self, session: Session, scope: Scope) -> None:
        """Organisations, streets, communities and kinds of things."""
        super().offer(session, scope)
        self.accepted.choices = member_options(AcceptedKind)

    def details(self, existing: Any = None) -> StationDetails:
        """The station's details, what it takes in its usual order."""
        details: StationDetails = super().details(existing)
        return replace(
            details, accepted=tuple(one for one in AcceptedKind if one in (details.accepted or ()))
        )


class ProjectForm(RegistryForm):
    """A charity project."""

    makes = ProjectDetails

    code = StringField(
        FIELD_LABELS["code"], description=_l("大写字母、数字和“-”，例如 PJ001；登记后不能更改。")
    )
    name = StringField(FIELD_LABELS["name"])
    organisation = PickField(FIELD_LABELS["organisation"], validators=[REQUIRED])
    category = PickField(FIELD_LABELS["category"], validators=[REQUIRED])
    funds = SelectMultipleField(
        FIELD_LABELS["funds"],
        validate_choice=False,
        choices=[],
        description=_l("可以选几个；一个都不选，就可以用本组织的任何基金。"),
    )
    starts_on = DayField(FIELD_LABELS["starts_on"], validators=[REQUIRED])
    ends_on = DayField(FIELD_LABELS["ends_on"], description=_l("长期项目可以留空。"))
    work_area = StringField(FIELD_LABELS["work_area"], description=_l("例如：海珠区凤阳街道、瑞宝街道。"))
    planned_people = CountField(FIELD_LABELS["planned_people"], description=_l("还没有计划可以空着。"))
    goal = TextAreaField(FIELD_LABELS["goal"])
    national_platform_url = StringField(
        FIELD_LABELS["national_platform_url"], description=_l("以 https:// 开头的网址；还没有公开就空着。")
    )

    def offer(self, session: Session, scope: Scope) -> None:
        """Organisations, categories and funds; a fund chosen earlier stays even when it is closed now."""
        super().offer(session, scope)
        self.category.offer(kind_choices(ProjectCategory))
        offered = lookups.choices(lookups.active_funds(session, scope))
        known = {code for code, _words in offered}
        offered += [(code, code) for code in self.funds.data or () if code not in known]
        self.funds.choices = options(offered)

    def details(self, existing: Any = None) -> ProjectDetails:
        """The project's details, the category as a member of its enumeration."""
        details: ProjectDetails = super().details(existing)
        try:
            category = ProjectCategory(details.category)
        except ValueError:
            raise Invalid({"category": _l("请从列表中选择项目类别。")}) from None
        return replace(
            details,
            category=category,
            funds=tuple(details.funds or ()),
            planned_people=self.planned_people.data,
        )


class CampaignForm(RegistryForm):
    """A public fundraising campaign."""

    makes = CampaignDetails

    code = StringField(
        FIELD_LABELS["code"], description=_l("大写字母、数字和“-”，例如 CP001；登记后不能更改。")
    )
    name = StringField(FIELD_LABELS["name"])
    organisation = PickField(FIELD_LABELS["organisation"], validators=[REQUIRED])
    filing_no = StringField(
        FIELD_LABELS["filing_no"], description=_l("18 位信用代码 + A + 两位年份 + 三位序号。")
    )
    filed_on = DayField(FIELD_LABELS["filed_on"])
    starts_on = DayField(FIELD_LABELS["starts_on"], validators=[REQUIRED])
    ends_on = DayField(FIELD_LABELS["ends_on"], validators=[REQUIRED])
    fund = PickField(FIELD_LABELS["fund"], empty=_l("不指定基金"))
    purpose = TextAreaField(FIELD_LABELS["purpose"])
    emergency = BooleanField(FIELD_LABELS["emergency"], description=_l("可在开始后十日内补办备案。"))
    cooperative = BooleanField(FIELD_LABELS["cooperative"])
    national_platform_url = StringField(
        FIELD_LABELS["national_platform_url"], description=_l("以 https:// 开头的网址；还没有公开就空着。")
    )


class LandmarkForm(RegistryForm):
    """A charity landmark."""

    makes = LandmarkDetails

    code = StringField(
        FIELD_LABELS["code"], description=_l("大写字母、数字和“-”，例如 LM001；登记后不能更改。")
    )
    name = StringField(FIELD_LABELS["name"])
    kind = PickField(FIELD_LABELS["kind"], validators=[REQUIRED])
    organisation = PickField(FIELD_LABELS["organisation"], validators=[REQUIRED])
    street = PickField(FIELD_LABELS["street"], validators=[REQUIRED])
    community = PickField(FIELD_LABELS["community"], empty=_l("不限社区"))
    address = StringField(FIELD_LABELS["address"])
    opened_on = DayField(FIELD_LABELS["opened_on"])
    description = TextAreaField(FIELD_LABELS["description"])

    def offer(self, session: Session, scope: Scope) -> None:
        """Organisations, streets, communities and kinds."""
        super().offer(session, scope)
        self.kind.offer(kind_choices(LandmarkKind))

    def details(self, existing: Any = None) -> LandmarkDetails:
        """The landmark's details, the kind as a member of its enumeration."""
        details: LandmarkDetails = super().details(existing)
        return replace(details, kind=LandmarkKind(details.kind))


class ReasonForm(FlaskForm):
    """The reason for suspending, resuming or closing something."""

    reason = TextAreaField(FIELD_LABELS["reason"])
