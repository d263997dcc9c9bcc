"""What the public forms have in common: a fresh token when they open, and every refusal shown without losing a word."""

from flask import Response, current_app, make_response, request

from portal.questions.asking import AlreadyAsked
from portal.questions.forms import PublicForm
from portal.questions.guards import FormGuard, SuspectForm
from portal.refusals import Invalid, Refusal
from portal.staff.forms import show_errors


def secret() -> str:
    """The deployment's secret."""
    return str(current_app.config["SECRET_KEY"])


def address() -> str:
    """Where the request came from."""
    return request.remote_addr or ""


def open_form(form: PublicForm, purpose: str) -> None:
    """Give a form that is opened now its token."""
    form.token.data = FormGuard(secret()).token(purpose)


def refused(form: PublicForm, refusal: Refusal, purpose: str) -> int:
    """Put a refusal into the form; what was typed stays. Returns the status to answer with."""
    form.more.data = ""
    if isinstance(refusal, Invalid):
        show_errors(form, refusal)
    elif refusal.field and refusal.field in form:
        show_errors(form, Invalid({refusal.field: refusal.message}))
    elif not isinstance(refusal, AlreadyAsked):
        form.form_errors.append(str(refusal.message))
    if isinstance(refusal, SuspectForm) and refusal.renew:
        open_form(form, purpose)
    return refusal.status


def private(page: str, status: int = 200) -> Response:
    """A page that nobody keeps: it holds a token, or a code that only one person is to know."""
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
