"""Published evidence for everybody, each file under the hash of its bytes."""

import hashlib

from flask import Blueprint, Response

from portal.db import db
from portal.evidence.attaching import ROOM
from portal.evidence.listing import public_file
from portal.files import storage
from portal.i18n import gettext as _
from portal.refusals import NotFound, Unavailable

evidence = Blueprint("evidence", __name__)

_ASKED_EACH_TIME = "public, no-cache"
"""A piece may be withdrawn, because it shows somebody; no cache goes on showing it."""


@evidence.get("/evidence/<string(length=64):sha256>")
def file(sha256: str) -> Response:
    """A published file, or the small picture of one; anything else answers like what never was."""
    found = public_file(db.session(), sha256)
    content = storage.kept(ROOM, found.sha256)
    if content is None:
        raise NotFound(_("没有找到这个文件。"))
    if hashlib.sha256(content).hexdigest() != found.sha256:
        raise Unavailable(_("这个文件和公布时的不一样，暂时不能查看。"))
    answer = file_answer(content, found.media_type, f"evidence-{found.sha256[:12]}.{found.extension}")
    answer.headers["Cache-Control"] = _ASKED_EACH_TIME
    answer.set_etag(found.sha256)
    return answer


def file_answer(content: bytes, media_type: str, name: str) -> Response:
    """A file to be looked at in the browser, where it runs nothing and asks nobody."""
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return answer
