"""The transparency log for tools and citizens: checkpoint, tiles, leaves, keys, verifier, signatures of witnesses."""

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, request, send_file, stream_with_context
from flask.typing import ResponseReturnValue

from portal.config import Settings
from portal.db import db
from portal.disclosure import checkpoints
from portal.i18n import gettext as _
from portal.refusals import Invalid, NotFound
from portal.translog import reading
from portal.translog.notes import NoteError
from portal.translog.tiles import WIDTH, NoTile, Tile
from portal.turns import Turn

log_pages = Blueprint("log", __name__)

_TEXT = "text/plain; charset=utf-8"
_FOR_GOOD = "public, max-age=31536000, immutable"
_VERIFIER = Path(__file__).parent.parent / "translog" / "verify.py"


@log_pages.get("/checkpoint")
def checkpoint() -> ResponseReturnValue:
    """The newest signed head (c2sp.org/tlog-checkpoint), with the signatures of witnesses."""
    signed = checkpoints.newest()
    note = reading.cosigned(db.session(), signed).render()
    return Response(note, content_type=_TEXT, headers={"Cache-Control": "public, max-age=1"})


@log_pages.get("/tile/<path:path>")
def tile(path: str) -> ResponseReturnValue:
    """Hashes or leaves in files of 256 (c2sp.org/tlog-tiles)."""
    try:
        wanted = Tile.parse(path)
        signed = checkpoints.newest()
        content = reading.tile(db.session(), wanted, signed.size)
    except NoTile:
        raise NotFound(_("没有这一块。")) from None
    headers = {"Cache-Control": _FOR_GOOD if wanted.width == WIDTH else "public, max-age=60"}
    return Response(content, content_type="application/octet-stream", headers=headers)


@log_pages.get("/log/key")
def key() -> ResponseReturnValue:
    """The verifier keys of the log, one a line."""
    lines = [one.line() for one in checkpoints.verifier_keys()]
    return Response("".join(f"{line}\n" for line in lines), content_type=_TEXT)


@log_pages.get("/log/verify.py")
def verifier() -> ResponseReturnValue:
    """The stand-alone verifier."""
    return send_file(_VERIFIER, mimetype="text/x-python", download_name="verify.py", max_age=300)


@log_pages.get("/log/entries.jsonl")
def entries() -> ResponseReturnValue:
    """All leaves in order, one a line, exactly as hashed; ``from`` skips those one has."""
    checkpoints.newest()
    session = db.session()
    size = reading.log_size(session)
    start = _whole_number("from", size)

    def lines() -> Iterator[bytes]:
        for leaf in reading.leaves(session, start, size):
            yield leaf + b"\n"

    headers = {"Cache-Control": "no-cache", "Content-Disposition": 'inline; filename="entries.jsonl"'}
    turn = Turn()
    answer = Response(
        stream_with_context(turn.during(lines())),
        content_type="application/jsonl; charset=utf-8",
        headers=headers,
    )
    answer.call_on_close(turn.end)
    return answer


@log_pages.post("/log/cosignatures")
def cosignatures() -> ResponseReturnValue:
    """A checkpoint with the signature of a witness that this portal knows."""
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    try:
        known = checkpoints.add_cosignatures(request.get_data(as_text=True), settings.witnesses)
    except NoteError as problem:
        raise Invalid({"note": str(problem)}) from problem
    if not known:
        abort(403, _("不认识这位见证人。"))
    return Response("".join(f"{name}\n" for name in known), content_type=_TEXT)


def _whole_number(name: str, most: int) -> int:
    text = request.args.get(name, "0")
    if not text.isascii() or not text.isdigit() or int(text) > most:
        abort(400, _("参数 %(name)s 不对：%(value)s", name=name, value=text[:20]))
    return int(text)
