"""The one table that says which role may call which route of the desk, and on which kind of object.

A route of the desk that is not in the table stops the app from starting. Whether the object lies within the
person's scope is checked where the object is loaded: a foreign one answers like an absent one, 404.
"""

from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.config import Settings
from portal.db import db
from portal.i18n import lazy_gettext as _l
from portal.staff import session_tokens, sessions
from portal.staff.models import Role, StaffMember, StaffSession


@dataclass(frozen=True)
class Access:
    """Who may call a route; ``subject`` names the kind of object in its address, if any."""

    roles: frozenset[Role]
    subject: str | None = None


def _roles(*roles: Role, subject: str | None = None) -> Access:
    return Access(frozenset(roles), subject)


_CLERKS = (Role.STATION_CLERK, Role.FEDERATION_CLERK)
_MONEY_READERS = (*_CLERKS, Role.REVIEWER, Role.AUDITOR)
_EVERYBODY = tuple(Role)
_BOOKS = (Role.FEDERATION_CLERK, Role.REVIEWER, Role.AUDITOR)
_REGISTRARS = (Role.FEDERATION_CLERK, Role.ADMINISTRATOR)

OPEN = frozenset({"staff.login"})
"""Routes of the desk that need no login."""

_REGISTRY_KINDS = ("organisation", "fund", "station", "project", "campaign", "landmark")


def _registry_table() -> dict[str, Access]:
    readers = (*_REGISTRARS, Role.REVIEWER, Role.AUDITOR)
    table: dict[str, Access] = {}
    for kind in _REGISTRY_KINDS:
        table[f"registry_desk.{kind}_index"] = _roles(*readers)
        table[f"registry_desk.{kind}_new"] = _roles(*_REGISTRARS)
        table[f"registry_desk.{kind}_show"] = _roles(*readers, subject=kind)
        table[f"registry_desk.{kind}_check_many"] = _roles(Role.REVIEWER)
        table[f"registry_desk.{kind}_activate_many"] = _roles(*_REGISTRARS)
        table[f"registry_desk.{kind}_check"] = _roles(Role.REVIEWER, subject=kind)
        for action in ("edit", "activate", "suspend", "resume", "close", "officers_add", "attachments_add"):
            table[f"registry_desk.{kind}_{action}"] = _roles(*_REGISTRARS, subject=kind)
    return table


TABLE: dict[str, Access] = {
    "imports.index": _roles(*_BOOKS),
    "imports.new": _roles(Role.FEDERATION_CLERK),
    "imports.layout": _roles(Role.FEDERATION_CLERK),
    "imports.show": _roles(*_BOOKS, subject="import_batch"),
    "imports.download": _roles(*_BOOKS, subject="import_batch"),
    "imports.edit": _roles(Role.FEDERATION_CLERK, subject="import_batch"),
    "imports.row": _roles(Role.FEDERATION_CLERK, subject="import_batch"),
    "imports.keep": _roles(Role.FEDERATION_CLERK, subject="import_batch"),
    "imports.leave_out": _roles(Role.FEDERATION_CLERK, subject="import_batch"),
    "imports.submit": _roles(Role.FEDERATION_CLERK, subject="import_batch"),
    "imports.withdraw": _roles(Role.FEDERATION_CLERK, subject="import_batch"),
    "imports.approve": _roles(Role.REVIEWER, subject="import_batch"),
    "imports.return_": _roles(Role.REVIEWER, subject="import_batch"),
    "imports.progress": _roles(*_BOOKS, subject="import_batch"),
    "imports.stop": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="import_batch"),
    "imports.go_on": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="import_batch"),
    "site_desk.home": _roles(*_EVERYBODY),
    "site_desk.queue": _roles(Role.REVIEWER, Role.FEDERATION_CLERK),
    "staff.logout": _roles(*_EVERYBODY),
    "staff.account": _roles(*_EVERYBODY),
    "staff.change_password": _roles(*_EVERYBODY),
    "staff.totp_begin": _roles(*_EVERYBODY),
    "staff.totp_qr": _roles(*_EVERYBODY),
    "staff.totp_confirm": _roles(*_EVERYBODY),
    "staff.totp_off": _roles(*_EVERYBODY),
    "staff.end_session": _roles(*_EVERYBODY),
    "staff.members": _roles(Role.ADMINISTRATOR, Role.AUDITOR),
    "staff.member_new": _roles(Role.ADMINISTRATOR),
    "staff.member_show": _roles(Role.ADMINISTRATOR, Role.AUDITOR, subject="staff_member"),
    "staff.member_role": _roles(Role.ADMINISTRATOR, subject="staff_member"),
    "staff.member_active": _roles(Role.ADMINISTRATOR, subject="staff_member"),
    "staff.member_reset": _roles(Role.ADMINISTRATOR, subject="staff_member"),
    "staff.audit_trail": _roles(Role.ADMINISTRATOR, Role.AUDITOR),
    "giving.new": _roles(*_CLERKS),
    "giving.grid": _roles(*_CLERKS),
    "till.index": _roles(*_CLERKS),
    "till.all_counts": _roles(*_BOOKS),
    "giving.donations": _roles(*_MONEY_READERS),
    "giving.show": _roles(*_MONEY_READERS, subject="donation"),
    "giving.edit": _roles(*_CLERKS, subject="donation"),
    "giving.submit": _roles(*_CLERKS, subject="donation"),
    "giving.withdraw": _roles(*_CLERKS, subject="donation"),
    "giving.approve": _roles(Role.REVIEWER, subject="donation"),
    "giving.give_consent": _roles(*_CLERKS, subject="donation"),
    "giving.withdraw_consent": _roles(*_CLERKS, subject="donation"),
    "donors.lookup": _roles(*_CLERKS),
    "donors.index": _roles(*_CLERKS),
    "donors.show": _roles(*_CLERKS, subject="donor"),
    "donors.edit": _roles(*_CLERKS, subject="donor"),
    "donors.add_contact": _roles(*_CLERKS, subject="donor"),
    "donors.reveal": _roles(*_CLERKS, subject="donor"),
    "donors.remove_contact": _roles(*_CLERKS, subject="donor"),
    "donors.merge": _roles(Role.FEDERATION_CLERK, subject="donor"),
    "donors.undo_merge": _roles(Role.FEDERATION_CLERK, subject="donor"),
    "erasing.erase": _roles(Role.FEDERATION_CLERK, subject="donation"),
    "giving.return_": _roles(Role.REVIEWER, subject="donation"),
    "papers.register": _roles(*_MONEY_READERS),
    "papers.acknowledgement": _roles(*_CLERKS, subject="donation"),
    "fiscal_receipts.index": _roles(*_BOOKS),
    "fiscal_receipts.export": _roles(Role.FEDERATION_CLERK),
    "fiscal_receipts.take_in": _roles(Role.FEDERATION_CLERK),
    "fiscal_receipts.waive": _roles(*_CLERKS, subject="donation"),
    "papers.batch_new": _roles(*_CLERKS),
    "jobs.index": _roles(*_CLERKS),
    "jobs.show": _roles(*_CLERKS, subject="job"),
    "jobs.state": _roles(*_CLERKS, subject="job"),
    "jobs.cancel": _roles(*_CLERKS, subject="job"),
    "jobs.result": _roles(*_CLERKS, subject="job"),
    "papers.void": _roles(*_CLERKS, subject="donation"),
    "papers.certificate": _roles(*_CLERKS, subject="donation"),
    "papers.donor_statement": _roles(*_CLERKS, subject="donor"),
    "pledges.index": _roles(*_BOOKS),
    "pledges.new": _roles(Role.FEDERATION_CLERK),
    "pledges.show": _roles(*_BOOKS, subject="pledge"),
    "pledges.cancel": _roles(Role.FEDERATION_CLERK, subject="pledge"),
    "payout_lists.index": _roles(*_BOOKS),
    "payout_lists.new": _roles(Role.FEDERATION_CLERK),
    "payout_lists.show": _roles(*_BOOKS, subject="beneficiary_list"),
    "payout_lists.again": _roles(Role.FEDERATION_CLERK, subject="beneficiary_list"),
    "payout_lists.row": _roles(Role.FEDERATION_CLERK, subject="beneficiary_list"),
    "payout_lists.add": _roles(Role.FEDERATION_CLERK, subject="beneficiary_list"),
    "payout_lists.leave_out": _roles(Role.FEDERATION_CLERK, subject="beneficiary_list"),
    "payout_lists.keep": _roles(Role.FEDERATION_CLERK, subject="beneficiary_list"),
    "payout_lists.download": _roles(Role.FEDERATION_CLERK, subject="beneficiary_list"),
    "payout_lists.drop": _roles(Role.FEDERATION_CLERK, subject="beneficiary_list"),
    "beneficiaries.index": _roles(Role.FEDERATION_CLERK, Role.REVIEWER),
    "beneficiaries.show": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="beneficiary"),
    "beneficiaries.reveal": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="beneficiary"),
    "beneficiaries.erase": _roles(Role.FEDERATION_CLERK, subject="beneficiary"),
    "beneficiaries.returned": _roles(Role.FEDERATION_CLERK, subject="beneficiary"),
    "beneficiaries.bank_file": _roles(Role.FEDERATION_CLERK, subject="disbursement"),
    "beneficiaries.interests": _roles(Role.REVIEWER, Role.AUDITOR, subject="disbursement"),
    "beneficiaries.note_interests": _roles(Role.REVIEWER, subject="disbursement"),
    "beneficiaries.limits": _roles(*_REGISTRARS),
    "beneficiaries.limit": _roles(*_REGISTRARS, subject="organisation"),
    "spending.new": _roles(Role.FEDERATION_CLERK),
    "spending.disbursements": _roles(*_BOOKS),
    "spending.show": _roles(*_BOOKS, subject="disbursement"),
    "spending.edit": _roles(Role.FEDERATION_CLERK, subject="disbursement"),
    "spending.submit": _roles(Role.FEDERATION_CLERK, subject="disbursement"),
    "spending.withdraw": _roles(Role.FEDERATION_CLERK, subject="disbursement"),
    "spending.approve": _roles(Role.REVIEWER, subject="disbursement"),
    "spending.return_": _roles(Role.REVIEWER, subject="disbursement"),
    "spending.refuse": _roles(Role.REVIEWER, subject="disbursement"),
    "spending.pay": _roles(Role.FEDERATION_CLERK, subject="disbursement"),
    "spending.report_arrival": _roles(Role.FEDERATION_CLERK, subject="disbursement"),
    "spending.take_back_arrival": _roles(Role.FEDERATION_CLERK, subject="disbursement"),
    "spending.goods_new": _roles(Role.FEDERATION_CLERK),
    "ratios.index": _roles(*_BOOKS),
    "ratios.organisation": _roles(*_BOOKS, subject="organisation"),
    "ratios.state_figures": _roles(Role.FEDERATION_CLERK, subject="organisation"),
    "ratios.state_excuse": _roles(Role.FEDERATION_CLERK, subject="organisation"),
    "base_figures.show": _roles(*_BOOKS, subject="base_figure"),
    "base_figures.withdraw": _roles(Role.FEDERATION_CLERK, subject="base_figure"),
    "base_figures.approve": _roles(Role.REVIEWER, subject="base_figure"),
    "base_figures.return_": _roles(Role.REVIEWER, subject="base_figure"),
    "ratio_excuses.show": _roles(*_BOOKS, subject="ratio_excuse"),
    "ratio_excuses.withdraw": _roles(Role.FEDERATION_CLERK, subject="ratio_excuse"),
    "ratio_excuses.approve": _roles(Role.REVIEWER, subject="ratio_excuse"),
    "ratio_excuses.return_": _roles(Role.REVIEWER, subject="ratio_excuse"),
    "evidence_desk.attach": _roles(Role.FEDERATION_CLERK, subject="evidence_subject"),
    "evidence_desk.show": _roles(*_BOOKS, subject="evidence"),
    "evidence_desk.original": _roles(*_BOOKS, subject="evidence"),
    "evidence_desk.original_page": _roles(*_BOOKS, subject="evidence"),
    "evidence_desk.redacted_page": _roles(*_BOOKS, subject="evidence"),
    "evidence_desk.redact": _roles(Role.FEDERATION_CLERK, subject="evidence"),
    "evidence_desk.publish": _roles(Role.REVIEWER, subject="evidence"),
    "evidence_desk.return_": _roles(Role.REVIEWER, subject="evidence"),
    "evidence_desk.withdraw": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="evidence"),
    "evidence_desk.erase": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="evidence"),
    "stock.index": _roles(*_MONEY_READERS),
    "stock.documents": _roles(*_MONEY_READERS),
    "stock.new": _roles(*_CLERKS),
    "stock.show": _roles(*_MONEY_READERS, subject="stock_document"),
    "stock.withdraw": _roles(*_CLERKS, subject="stock_document"),
    "stock.approve": _roles(Role.REVIEWER, subject="stock_document"),
    "stock.return_": _roles(Role.REVIEWER, subject="stock_document"),
    "ways_to_give.index": _roles(*_BOOKS),
    "ways_to_give.new": _roles(Role.FEDERATION_CLERK),
    "ways_to_give.show": _roles(*_BOOKS, subject="giving_way"),
    "ways_to_give.withdraw": _roles(Role.FEDERATION_CLERK, subject="giving_way"),
    "ways_to_give.end": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="giving_way"),
    "ways_to_give.approve": _roles(Role.REVIEWER, subject="giving_way"),
    "ways_to_give.return_": _roles(Role.REVIEWER, subject="giving_way"),
    "disclosure_desk.national_platform": _roles(Role.FEDERATION_CLERK, subject="bill"),
    "committees.index": _roles(*_BOOKS),
    "committees.fund": _roles(*_BOOKS, Role.ADMINISTRATOR, subject="fund"),
    "committees.seat": _roles(*_REGISTRARS, subject="fund"),
    "committees.unseat": _roles(*_REGISTRARS, subject="committee_member"),
    "committees.new": _roles(Role.FEDERATION_CLERK, subject="fund"),
    "committees.show": _roles(*_BOOKS, subject="committee_decision"),
    "committees.withdraw": _roles(Role.FEDERATION_CLERK, subject="committee_decision"),
    "committees.approve": _roles(Role.REVIEWER, subject="committee_decision"),
    "committees.return_": _roles(Role.REVIEWER, subject="committee_decision"),
    "transfers.index": _roles(*_BOOKS),
    "transfers.new": _roles(Role.FEDERATION_CLERK),
    "transfers.new_change": _roles(Role.FEDERATION_CLERK),
    "transfers.show": _roles(*_BOOKS, subject="transfer"),
    "transfers.withdraw": _roles(Role.FEDERATION_CLERK, subject="transfer"),
    "transfers.approve": _roles(Role.REVIEWER, subject="transfer"),
    "transfers.return_": _roles(Role.REVIEWER, subject="transfer"),
    "transfers.open_notice": _roles(Role.REVIEWER, subject="transfer"),
    "transfers.object_to": _roles(Role.FEDERATION_CLERK, subject="transfer"),
    "transfers.settle": _roles(Role.FEDERATION_CLERK, subject="objection"),
    "reversals.index": _roles(*_MONEY_READERS),
    "reversals.find": _roles(*_CLERKS),
    "reversals.new": _roles(*_CLERKS, subject="entry"),
    "reversals.show": _roles(*_MONEY_READERS, subject="reversal"),
    "reversals.withdraw": _roles(*_CLERKS, subject="reversal"),
    "reversals.approve": _roles(Role.REVIEWER, subject="reversal"),
    "reversals.return_": _roles(Role.REVIEWER, subject="reversal"),
    "report_desk.index": _roles(*_BOOKS),
    "report_desk.new": _roles(Role.FEDERATION_CLERK),
    "report_desk.show": _roles(*_BOOKS, subject="report"),
    "report_desk.download": _roles(*_BOOKS, subject="report"),
    "report_desk.offer": _roles(Role.FEDERATION_CLERK, subject="report"),
    "report_desk.approve": _roles(Role.REVIEWER, subject="report"),
    "report_desk.return_": _roles(Role.REVIEWER, subject="report"),
    "disclosure_desk.bills": _roles(*_BOOKS),
    "disclosure_desk.bill": _roles(*_BOOKS, subject="bill"),
    "disclosure_desk.publish": _roles(Role.FEDERATION_CLERK, subject="bill"),
    "disclosure_desk.correct_note": _roles(Role.FEDERATION_CLERK, subject="bill"),
    "indicators_desk.index": _roles(*_REGISTRARS, Role.REVIEWER, Role.AUDITOR),
    "indicators_desk.population": _roles(*_REGISTRARS),
    "indicators_desk.outside": _roles(*_REGISTRARS),
    "indicators_desk.withdraw_population": _roles(*_REGISTRARS),
    "indicators_desk.withdraw_outside": _roles(*_REGISTRARS),
    "reconciliation.index": _roles(*_BOOKS),
    "reconciliation.take_in": _roles(Role.FEDERATION_CLERK),
    "reconciliation.account": _roles(*_BOOKS, subject="account"),
    "reconciliation.accept_sure": _roles(Role.FEDERATION_CLERK, subject="account"),
    "reconciliation.close": _roles(Role.FEDERATION_CLERK, subject="account"),
    "reconciliation.choose": _roles(Role.FEDERATION_CLERK, subject="statement_line"),
    "reconciliation.accept": _roles(Role.FEDERATION_CLERK, subject="statement_line"),
    "reconciliation.fee": _roles(Role.FEDERATION_CLERK, subject="statement_line"),
    "reconciliation.take_back": _roles(Role.FEDERATION_CLERK, subject="statement_line"),
    "reconciliation.sign": _roles(Role.REVIEWER, subject="reconciliation"),
    "inquiries.index": _roles(*_BOOKS),
    "inquiries.show": _roles(*_BOOKS, subject="inquiry"),
    "questions_desk.index": _roles(*_BOOKS, Role.BUREAU),
    "questions_desk.show": _roles(*_BOOKS, Role.BUREAU, subject="question"),
    "questions_desk.answer": _roles(Role.FEDERATION_CLERK, subject="question"),
    "questions_desk.look": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="question"),
    "questions_desk.withhold": _roles(Role.FEDERATION_CLERK, Role.REVIEWER, subject="question"),
    "questions_desk.uphold": _roles(Role.REVIEWER, subject="question"),
    "questions_desk.refuse": _roles(Role.REVIEWER, subject="question"),
    "complaints_desk.index": _roles(Role.BUREAU),
    "complaints_desk.show": _roles(Role.BUREAU, subject="complaint"),
    "complaints_desk.decide": _roles(Role.BUREAU, subject="complaint"),
    "registry_desk.campaign_plan": _roles(*_REGISTRARS, subject="campaign"),
    "registry_desk.officer_end": _roles(*_REGISTRARS, subject="officer"),
    "registry_desk.attachment": _roles(*_REGISTRARS, Role.REVIEWER, Role.AUDITOR, subject="attachment"),
    "registry_desk.attachment_withdraw": _roles(*_REGISTRARS, subject="attachment"),
    "registry_desk.import_register": _roles(*_REGISTRARS),
    "registry_desk.import_template": _roles(*_REGISTRARS),
    "projects.show": _roles(*_REGISTRARS, Role.REVIEWER, Role.AUDITOR, subject="project"),
    "projects.budget": _roles(Role.FEDERATION_CLERK, subject="project"),
    "projects.target_groups": _roles(*_REGISTRARS, subject="project"),
    "projects.milestone_new": _roles(*_REGISTRARS, subject="project"),
    "projects.milestone_show": _roles(*_REGISTRARS, Role.REVIEWER, Role.AUDITOR, subject="project_milestone"),
    "projects.milestone": _roles(*_REGISTRARS, subject="project_milestone"),
    "projects.progress_new": _roles(Role.FEDERATION_CLERK, subject="project"),
    "projects.closing_new": _roles(Role.FEDERATION_CLERK, subject="project"),
    "projects.paper": _roles(*_BOOKS, subject="project_paper"),
    "projects.approve": _roles(Role.REVIEWER, subject="project_paper"),
    "projects.return_": _roles(Role.REVIEWER, subject="project_paper"),
    "projects.withdraw": _roles(Role.FEDERATION_CLERK, subject="project_paper"),
    **_registry_table(),
}


def install(app: Flask) -> None:
    """Guard every address under ``/desk``; call after all blueprints are registered."""
    missing = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and rule.endpoint not in TABLE and rule.endpoint not in OPEN
    )
    if missing:
        raise RuntimeError(f"routes of the desk without an access rule: {missing}")
    app.before_request(_guard)
    app.after_request(_keep_private)
    app.jinja_env.globals["may"] = may


def current_staff() -> StaffMember:
    """The person who is logged in; only called behind the guard."""
    return cast(StaffMember, g.staff)


def may(endpoint: str) -> bool:
    """Whether the person who is logged in may call a route."""
    staff: StaffMember | None = g.get("staff")
    access = TABLE.get(endpoint)
    return staff is not None and access is not None and staff.role in access.roles


def settings() -> Settings:
    """The settings of the running app."""
    return cast(Settings, current_app.config["PORTAL_SETTINGS"])


def cookie_name() -> str:
    """The cookie of the session."""
    return session_tokens.cookie_name(settings())


def set_cookie(response: Response | BaseResponse, token: str) -> None:
    """Hand the session's token to the browser: out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie_name(), token, path="/", httponly=True, samesite="Lax", secure=settings().secure_cookies
    )


def identify() -> tuple[StaffMember, StaffSession] | None:
    """The person behind this request's cookie, if any."""
    token = request.cookies.get(cookie_name())
    return sessions.resume(db.session(), token, settings()) if token else None


def _guard() -> BaseResponse | None:
    if not request.path.startswith("/desk") or request.endpoint is None:
        return None
    found = identify()
    g.staff = found[0] if found else None
    if request.endpoint in OPEN:
        return None
    if found is None:
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("staff.login", next=request.full_path.rstrip("?")))
        abort(401, description=_l("登录已过期，请重新登录；刚才填写的内容没有提交。"))
    access = TABLE[request.endpoint]
    if found[0].role not in access.roles:
        abort(403)
    sessions.touch(found[1])
    return None


def _keep_private(response: Response) -> Response:
    if request.path.startswith("/desk"):
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response
