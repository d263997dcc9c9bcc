"""The key of a command that is sent to the desk: by a form's hidden field, or by a program in the header for it."""

import uuid

from flask import abort, request

from portal.i18n import gettext as _

LONGEST = 64


def submitted_key(typed: str | None) -> str:
    """The key of this request: ``Idempotency-Key`` where a program sends one, else the form's, else a new one."""
    given = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if len(given) > LONGEST or not given.isprintable():
        abort(400, _("请求头 Idempotency-Key 最多 64 个字符。"))
    return given or typed or uuid.uuid4().hex
