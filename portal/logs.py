"""Structured logs: one JSON line an event, with a request id and without personal data.

Addresses are logged by route, never by their query; no name, phone number or receipt code has a field here.
"""

import logging
import sys
import time
import uuid

import structlog
from flask import Flask, Response, g, request

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "request",
        "method",
        "route",
        "status",
        "milliseconds",
        "exception",
        "batch",
        "rows",
        "entries",
        "job",
    }
)


def configure() -> None:
    """Send the standard library's and our own log lines out as JSON on standard error."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, _only_allowed, structlog.processors.JSONRenderer(ensure_ascii=False)],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )


def log_request(method: str, route: str, status: int, begun: float, number: str | None = None) -> None:
    """Write the line of one answer; ``begun`` is of ``time.monotonic()``, ``number`` of a request without a context."""
    structlog.get_logger().info(
        "request",
        method=method,
        route=route,
        status=status,
        milliseconds=round((time.monotonic() - begun) * 1000),
        **({"request": number} if number else {}),
    )


def install(app: Flask) -> None:
    """Log each request by its route, with an id that the error page can show."""
    configure()

    @app.before_request
    def _begin() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        g.started = time.monotonic()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint != "static" and not app.testing:
            log_request(
                request.method,
                request.url_rule.rule if request.url_rule else "",
                response.status_code,
                g.get("started", time.monotonic()),
            )
        return response


def _only_allowed(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return {name: value for name, value in event.items() if name in ALLOWED}
