"""Checking for citizens: the page that checks, and the proof of one entry as a file."""

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal.db import db
from portal.disclosure import checkpoints, entries
from portal.disclosure.blueprint import disclosure
from portal.disclosure.checking import check
from portal.i18n import gettext as _
from portal.refusals import NotFound, Unavailable
from portal.translog import reading
from portal.translog.proofs import SUFFIX


@disclosure.get("/verify")
def verify() -> ResponseReturnValue:
    """Paste a number or a proof, and read what was checked. Nothing typed here is kept."""
    text = request.args.get("q", "")
    signed = checkpoints.newest()
    keys = checkpoints.verifier_keys()
    session = db.session()
    return render_template(
        "disclosure/verify.html",
        text=text,
        verdict=check(session, text, signed, keys) if text.strip() else None,
        mark=checkpoints.mark(session),
        keys=[key.line() for key in keys],
        downloads=[
            (url_for("log.checkpoint"), "checkpoint"),
            (url_for("log.entries"), "entries.jsonl"),
            (url_for("log.key"), "key"),
            (url_for("log.verifier"), "verify.py"),
        ],
    )


@disclosure.get(f"/ledger/<entry_no>{SUFFIX}")
def proof(entry_no: str) -> ResponseReturnValue:
    """The proof that an entry stands in the signed log (c2sp.org/tlog-proof), to be kept."""
    signed = checkpoints.newest()
    session = db.session()
    found = entries.one(session, entry_no.upper())
    if found is None:
        raise NotFound(_("账本里没有编号 %(no)s。", no=entry_no[:40]))
    if found.index >= signed.size:
        raise Unavailable(_("这一笔刚刚入账，还没有签名。请过一分钟再来核对。"))
    response = Response(
        reading.prove(session, found.index, signed).render(), content_type="text/plain; charset=utf-8"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{found.entry_no}{SUFFIX}"'
    return response
