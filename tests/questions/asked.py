"""Questions for tests: asked by a person who took a moment, from a page of the site."""

import itertools
import re
from datetime import date, timedelta
from typing import Any

import time_machine
from flask import current_app
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.db import db
from portal.ledger.models import Entry
from portal.periods import noon, now
from portal.questions import asking, complaints
from portal.questions.asking import Asked, Asking
from portal.questions.complaint_models import Complaint
from portal.questions.guards import FormGuard, SentForm
from portal.questions.models import Question
from portal.questions.subjects import About, find_about
from portal.registry.models import Fund
from tests import gifts

WORDS = "这笔钱用到哪里去了？"
_numbers = itertools.count(1)


def secret() -> str:
    """The secret of the app under test."""
    return str(current_app.config["SECRET_KEY"])


def entry(fund: Fund) -> Entry:
    """An entry of a fund."""
    found = gifts.posted_gift(fund, 50_000).entry
    assert found is not None
    return found


def about(fund: Fund) -> About:
    """A fund as a subject."""
    return find_about(db.session(), "fund", fund.code)


def form(
    purpose: str, *, age: timedelta = timedelta(minutes=1), address: str = "192.0.2.7", trap: str = ""
) -> SentForm:
    """A form that was opened some time ago."""
    with time_machine.travel(now() - age, tick=False):
        token = FormGuard(secret()).token(purpose)
    return SentForm(token, trap, address)


def ask(about: About, words: str = "", **sent: Any) -> Asked:
    """Ask about a thing; the words are new each time unless they are given."""
    typed = Asking(words or f"{WORDS}（第{next(_numbers)}问）", sent.pop("nickname", ""))
    given = sent.pop("form", None) or form(asking.purpose_of(about), **sent)
    return asking.ask(about, typed, given, secret())


def asked_on(about: About, day: date, words: str = "") -> Question:
    """A question that was asked at noon of a day."""
    with time_machine.travel(noon(day), tick=True):
        return ask(about, words).question


def complain(
    about: About, words: str = "账单和实际用途对不上，请查一查。", question: Question | None = None
) -> Complaint:
    """Complain about a thing."""
    return complaints.complain(about, question, words, form(complaints.purpose_of(about)), secret())


def token_in(page: TestResponse) -> str:
    """The token of a form."""
    found = re.search(r'name="token"[^>]*value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def send(
    client: FlaskClient, address: str, *, wait: timedelta = timedelta(minutes=2), **fields: str
) -> TestResponse:
    """Open a form, take a while to write, and send it."""
    with time_machine.travel(now() - wait, tick=False):
        token = token_in(client.get(address))
    return client.post(address, data={"token": token, "more": "", **fields})
