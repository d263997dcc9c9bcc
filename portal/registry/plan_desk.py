"""The plan of a campaign at the desk, and what the public page shows of it."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from portal.db import db
from portal.i18n import gettext as _
from portal.i18n import lazy_gettext as _l
from portal.money import AmountError, format_plain, format_yuan, parse_yuan
from portal.periods import today
from portal.refusals import Invalid
from portal.registry.desk import registry_desk
from portal.registry.labels import FIELD_LABELS
from portal.registry.models import Campaign
from portal.registry.services import plans
from portal.registry.services.campaigns import CAMPAIGNS
from portal.registry.services.plans import PlanDetails
from portal.staff.access import current_staff
from portal.staff.forms import show_errors

__all__ = ["registry_desk"]


class PlanForm(FlaskForm):
    """The plan, field by field."""

    area = StringField(FIELD_LABELS["area"])
    person_in_charge = StringField(
        FIELD_LABELS["person_in_charge"], description=_l("本组织的专职人员，公众会看到。")
    )
    office = StringField(FIELD_LABELS["office"])
    ways_of_giving = TextAreaField(FIELD_LABELS["ways_of_giving"])
    bank_account = StringField(FIELD_LABELS["bank_account"], description=_l("户名必须是本组织。"))
    target = StringField(FIELD_LABELS["target"])
    beneficiaries = TextAreaField(
        FIELD_LABELS["beneficiaries"], description=_l("写人群，不能是指定的一个人。")
    )
    use_of_funds = TextAreaField(FIELD_LABELS["use_of_funds"])
    fundraising_cost = TextAreaField(FIELD_LABELS["fundraising_cost"])
    leftovers = TextAreaField(FIELD_LABELS["leftovers"])
    partners = TextAreaField(FIELD_LABELS["partners"], description=_l("没有合作方可空着。"))
    partner_agreement = StringField(FIELD_LABELS["partner_agreement"])
    partner_evaluation = TextAreaField(FIELD_LABELS["partner_evaluation"])
    platform_links = TextAreaField(
        FIELD_LABELS["platform_links"],
        description=_l("民政部指定平台上的活动页面，一行一个网址。本网站不收款。"),
    )

    def details(self) -> PlanDetails:
        """What was stated.

        Raises:
            Invalid: the target is no amount.
        """
        typed = (self.target.data or "").strip()
        try:
            target = parse_yuan(typed) if typed else 0
        except AmountError:
            raise Invalid({"target": _l("看不懂这个金额，请按 1,234.56 的样式填写，单位是元。")}) from None
        texts = {
            name: (self[name].data or "").strip()
            for name in PlanDetails.__dataclass_fields__
            if name != "target_fen"
        }
        return PlanDetails(target_fen=target, **texts)


@registry_desk.route("/campaigns/<code>/plan", methods=["GET", "POST"])
def campaign_plan(code: str) -> ResponseReturnValue:
    """Enter or change the plan of a campaign."""
    session, by = db.session(), current_staff()
    campaign = CAMPAIGNS.find(session, code, by.scope)
    plan = plans.plan_of(session, campaign)
    known: dict[str, Any] = {}
    if plan is not None:
        known = {name: getattr(plan, name) for name in PlanDetails.__dataclass_fields__}
        known["target"] = format_plain(plan.target_fen) if plan.target_fen else ""
    form = PlanForm(data=known)
    status = 200
    if form.validate_on_submit():
        try:
            plans.save(code, form.details(), by)
        except Invalid as problem:
            show_errors(form, problem)
            status = 422
        else:
            flash(_("募捐方案已保存，并写入变更历史。"), "success")
            return redirect(url_for(".campaign_show", code=code))
    return render_template(
        "registry/plan.html", form=form, campaign=campaign, missing=plans.missing(campaign, plan)
    ), status


@registry_desk.app_template_global("campaign_plan_of")
def campaign_plan_of(campaign: Campaign) -> dict[str, Any]:
    """What the public sees of a plan: its lines, its links, and what to be warned of."""
    plan = plans.plan_of(db.session(), campaign)
    lines = []
    if plan is not None:
        lines = [
            (FIELD_LABELS[name], text)
            for name in PlanDetails.__dataclass_fields__
            if name not in ("target_fen", "platform_links") and (text := getattr(plan, name))
        ]
        if plan.target_fen:
            lines.insert(0, (FIELD_LABELS["target"], format_yuan(plan.target_fen)))
    return {
        "lines": lines,
        "links": plans.links_of(plan) if plan is not None else [],
        "warnings": list(plans.warnings(campaign, plan, today())),
    }
