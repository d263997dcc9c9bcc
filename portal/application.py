"""The whole site: ``create_app`` puts extensions and blueprints on the foundation."""

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.api import blueprint as api
from portal.beneficiaries.desk import beneficiaries
from portal.committees import showing
from portal.committees.desk import committees
from portal.config import PROJECT, Settings
from portal.db import db
from portal.disclosure import asides
from portal.disclosure.desk import disclosure_desk
from portal.disclosure.log_pages import log_pages
from portal.disclosure.pages import disclosure
from portal.evidence.desk import evidence_desk
from portal.evidence.pages import evidence
from portal.foundation import lay_foundation
from portal.giving.donor_desk import donors
from portal.giving.grid_desk import giving
from portal.giving.pledge_desk import pledges
from portal.imports.erasing_desk import erasing
from portal.imports.layout_desk import imports
from portal.imports.payout_list_desk import payout_lists
from portal.indicators.desk import indicators_desk
from portal.indicators.pages import indicators
from portal.inquiries.desk import inquiries
from portal.jobs.desk import jobs
from portal.opendata.pages import opendata
from portal.projects.paper_desk import projects
from portal.questions import pages as question_pages
from portal.questions.complaint_desk import complaints_desk
from portal.questions.complaint_pages import complaint_pages
from portal.questions.desk import questions_desk
from portal.questions.pages import questions
from portal.ratios.desk import ratios
from portal.ratios.document_desk import base_figures, ratio_excuses
from portal.ratios.pages import ratio_pages
from portal.receipts.fiscal_desk import fiscal_receipts
from portal.reconciliation.desk import reconciliation
from portal.registry.desk_pages import registry_desk
from portal.reports.my_gift_paper import my_gift
from portal.reports.report_desk import report_desk
from portal.reports.statement_desk import papers
from portal.reports.twin_pages import reports
from portal.reversals.desk import reversals
from portal.site import (
    assets,
    caching,
    compression,
    context,
    errors,
    headers,
    kept_pages,
    preferences,
    presentation,
)
from portal.site.desk import site_desk
from portal.site.first_answer import FirstAnswer
from portal.site.health import health
from portal.site.search_pages import site
from portal.spending.ratio_desk import spending
from portal.staff import access, uploads
from portal.staff.desk import staff
from portal.stock.desk import stock
from portal.till.desk import till
from portal.transfers import pages as transfer_pages
from portal.transfers.desk import transfers
from portal.ways_to_give.desk import ways_to_give

PUBLIC = (
    site,
    health,
    disclosure,
    opendata,
    transfer_pages.notice_pages,
    log_pages,
    evidence,
    indicators,
    ratio_pages,
    reports,
    my_gift,
    questions,
    complaint_pages,
    api,
)
DESK = (
    staff,
    site_desk,
    registry_desk,
    projects,
    giving,
    till,
    donors,
    pledges,
    papers,
    fiscal_receipts,
    inquiries,
    questions_desk,
    complaints_desk,
    jobs,
    erasing,
    spending,
    payout_lists,
    beneficiaries,
    ratios,
    base_figures,
    ratio_excuses,
    evidence_desk,
    stock,
    committees,
    ways_to_give,
    transfers,
    reversals,
    reconciliation,
    imports,
    indicators_desk,
    disclosure_desk,
    report_desk,
)

csrf = CSRFProtect()
migrate = Migrate()


def create_app(settings: Settings | None = None) -> Flask:
    """Build the app from settings (by default from the environment).

    Raises:
        pydantic.ValidationError: a setting is wrong, or a production start with a default secret.
    """
    app = lay_foundation(settings)
    stated: Settings = app.config["PORTAL_SETTINGS"]
    _configure(app, stated)
    compression.install(app)
    kept = kept_pages.install(app)
    migrate.init_app(app, db, directory=str(PROJECT / "migrations"))
    csrf.init_app(app)
    for part in (
        presentation,
        preferences,
        assets,
        headers,
        errors,
        context,
        caching,
        showing,
        asides,
        transfer_pages,
        question_pages,
    ):
        part.install(app)
    for blueprint in (*PUBLIC, *DESK):
        app.register_blueprint(blueprint)
    csrf.exempt(log_pages)  # programs post there, without cookies
    csrf.exempt(my_gift)  # number and code of the paper are sent each time; there is no session to misuse
    # A signed token in the form stands in for a session (portal/questions/guards.py).
    for public_forms in (questions, complaint_pages):
        csrf.exempt(public_forms)
    access.install(app)
    uploads.install(app)
    app.wsgi_app = FirstAnswer(app, app.wsgi_app, kept)  # type: ignore[method-assign]
    if stated.trusted_proxies:
        hops = stated.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="portal_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_PATH="/desk",
        WTF_CSRF_TIME_LIMIT=None,
    )
    # Answers keep the order and the characters in which they were written down.
    app.json.sort_keys = app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
