"""What people and programs see when something cannot be done: a page that says what to do next, or RFC 9457 JSON."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, current_app, json, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.wrappers import Response as BaseResponse

from portal.db import db
from portal.i18n import lazy_gettext as _l
from portal.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal, Sentence, Unavailable

PAGES = (400, 403, 404, 405, 409, 413, 429, 500, 503)
PROBLEM = "application/problem+json"

TITLES: dict[int, Sentence] = {
    400: _l("这个地址或表单看不懂"),
    401: _l("请先登录"),
    403: _l("您没有权限做这件事"),
    404: _l("没有找到这一页"),
    405: _l("这个地址不能这样使用"),
    409: _l("别人刚刚改过"),
    413: _l("文件太大了"),
    415: _l("不接受这种格式"),
    422: _l("填写的内容有误"),
    429: _l("操作太频繁了"),
    500: _l("网站出错了"),
    503: _l("网站正在维护"),
}

STALE_FORM = _l("页面打开太久，或者浏览器没有保存 Cookie。请返回上一页，刷新后再提交；已入账的内容不会重复。")


@dataclass(frozen=True)
class Problem:
    """One refusal, ready to be shown to a person or a program."""

    status: int
    detail: Sentence | None = None
    errors: tuple[tuple[str, Sentence], ...] = ()

    @property
    def title(self) -> str:
        """The short sentence on top."""
        return str(TITLES.get(self.status) or HTTPStatus(self.status).phrase)


def install(app: Flask) -> None:
    """Answer every HTTP error and every refusal of a service in the reader's language."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(OverflowError, _beyond_all_numbers)
    app.register_error_handler(DataError, _beyond_all_numbers)


def _http_error(error: HTTPException) -> BaseResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    response = answer(Problem(error.code, _detail(error)))
    # 405 needs Allow, 429 and 503 Retry-After: what the exception carries stays.
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers.setdefault(name, value)
    return response


def _beyond_all_numbers(_problem: Exception) -> BaseResponse:
    """A number in an address that no database holds: SQLite and PostgreSQL each say so in their own way."""
    db.session.rollback()
    return answer(Problem(400, _l("地址里的数字太大，请从页面上的链接打开。")))


def _refused(refusal: Refusal) -> BaseResponse:
    if isinstance(refusal, Invalid):
        return answer(Problem(refusal.status, None, tuple(refusal.errors.items())))
    if refusal.field:
        return answer(Problem(refusal.status, None, ((refusal.field, refusal.message),)))
    spoken = isinstance(refusal, (Conflict, Forbidden, NotFound, Unavailable)) or str(refusal)
    detail = refusal.message if spoken else None
    return answer(Problem(refusal.status, detail))


def _detail(error: HTTPException) -> Sentence | None:
    """What our own code said when it raised this; the framework's English sentences are not for readers."""
    if isinstance(error, CSRFError):
        return STALE_FORM
    if not error.description or error.code is None or error.code >= 500:
        return None
    stock = {type(error).description, getattr(default_exceptions.get(error.code), "description", None)}
    return None if error.description in stock else error.description


def answer(problem: Problem) -> Response:
    """The answer to one problem: JSON under ``/api/``, otherwise a page."""
    if request.path.startswith("/api/"):
        return _as_json(problem)
    name = problem.status if problem.status in PAGES else (500 if problem.status >= 500 else 400)
    try:
        body = render_template(f"errors/{name}.html", problem=problem)
    except Exception:
        # An error page that fails too must not hide the first error.
        current_app.logger.exception("error page failed", extra={"status": problem.status})
        body = f"<!doctype html><meta charset=utf-8><title>{problem.status}</title><p>{problem.status}</p>"
    response = Response(body, problem.status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "120"
    return response


def _as_json(problem: Problem) -> Response:
    document: dict[str, object] = {"type": "about:blank", "title": problem.title, "status": problem.status}
    if problem.detail:
        document["detail"] = str(problem.detail)
    if problem.errors:
        document["errors"] = [{"field": field, "message": str(words)} for field, words in problem.errors]
    body = json.dumps(document, ensure_ascii=False)
    return Response(body, problem.status, mimetype=PROBLEM, headers={"Cache-Control": "no-store"})
