"""The table of access, walked: every route of the desk × every role × own, foreign and absent objects."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from portal.staff.access import OPEN, TABLE
from portal.staff.models import Role
from tests.people import LogIn
from tests.staff import world

pytestmark = pytest.mark.one_engine

LAST = "staff.logout"
"""Ends the session, so it is tried after everything else."""


@dataclass(frozen=True)
class Call:
    """One way to call one route."""

    endpoint: str
    method: str
    rule: Rule


def calls(app: Flask) -> list[Call]:
    found = [
        Call(rule.endpoint, method, rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/desk") and rule.endpoint not in OPEN
        for method in sorted(rule.methods or ())
        if method in ("GET", "POST")
    ]
    return sorted(found, key=lambda call: (call.endpoint == LAST, call.endpoint, call.method))


def path(app: Flask, call: Call, values: dict[str, object]) -> str:
    """The address of a call; arguments that name no subject are filled with something that fits."""
    spare = {
        name: world.ABSENT_ID
        for name in call.rule.arguments
        if name not in values and name not in (call.rule.defaults or {})
    }
    with app.test_request_context():
        return str(app.url_for(call.endpoint, **{**values, **spare}))


def ask(browser: FlaskClient, call: Call, address: str) -> int:
    return browser.open(address, method=call.method, data={} if call.method == "POST" else None).status_code


def test_no_route_of_the_desk_is_missing_from_the_table(app: Flask) -> None:
    assert {call.endpoint for call in calls(app)} == set(TABLE)


def test_the_table_names_the_object_of_every_route_that_has_one(app: Flask) -> None:
    named = {
        "code",
        "donation_id",
        "donor_id",
        "officer_id",
        "inquiry_id",
        "question_id",
        "complaint_id",
        "line_id",
        "closing_id",
        "attachment_id",
        "document_id",
        "job_id",
        "disbursement_id",
        "subject_id",
        "evidence_id",
        "request_id",
        "entry_no",
        "pledge_no",
        "bill_no",
        "member_id",
        "batch_id",
        "milestone_id",
        "paper_id",
        "decision_id",
        "transfer_id",
        "objection_id",
        "beneficiary_id",
        "list_id",
        "way_id",
        "report_id",
    }
    for call in calls(app):
        has_object = bool(call.rule.arguments & named)
        assert has_object == (TABLE[call.endpoint].subject is not None), call.endpoint


def test_a_stranger_is_let_into_none(app: Flask, client: FlaskClient) -> None:
    for call in calls(app):
        subject = TABLE[call.endpoint].subject
        status = ask(client, call, path(app, call, world.absent(subject) if subject else {}))
        assert status == (302 if call.method == "GET" else 401), call


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_what_the_table_says_and_nothing_else(
    app: Flask, app_context: None, log_in: LogIn, role: Role
) -> None:
    own, foreign = world.things("own"), world.things("foreign")
    browser = log_in(world.colleague(role, own))
    for call in calls(app):
        for whose, address in _addresses(app, call, own, foreign):
            status = ask(browser, call, address)
            allowed = role in TABLE[call.endpoint].roles
            expected = "403" if not allowed else "404" if whose in ("foreign", "absent") else "let in"
            got = str(status) if status in (401, 403, 404) or status >= 500 else "let in"
            assert got == expected, (role, call, whose, status)


def _addresses(app: Flask, call: Call, own: world.Things, foreign: world.Things) -> Iterator[tuple[str, str]]:
    subject = TABLE[call.endpoint].subject
    if subject is None:
        yield "no object", path(app, call, {})
        return
    # The foreign object first: a refusal must not change it, and the own one must still be there after.
    yield "foreign", path(app, call, foreign.subjects[subject])
    yield "absent", path(app, call, world.absent(subject))
    yield "own", path(app, call, own.subjects[subject])
