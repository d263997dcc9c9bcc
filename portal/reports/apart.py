"""Reports that somebody waits for are made in a process of their own: with limits, and only a few at a time."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import IO

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import PROJECT
from portal.db import db
from portal.disclosure.report_models import MadeReport
from portal.i18n import lazy_gettext as _l
from portal.jobs.starting import environment_of
from portal.periods import now
from portal.refusals import Invalid, NotFound, Refusal, Unavailable
from portal.reports import shelf
from portal.reports.making import lying
from portal.reports.wanted import Wanted
from portal.reports.withholding import is_withheld

AT_A_TIME = 2
SECONDS = 40
"""How long anybody waits for a report; with every entry behind it, it is made as a job."""
FRESH = timedelta(minutes=10)
"""While no report can be made, one no older than this is handed out, with the state of its books on every page."""
PROGRAM = "portal.workers.printing"


def ready(wanted: Wanted) -> MadeReport:
    """A report for a citizen: of the present state, made now if need be; while too many are made, one of a moment ago.

    Raises:
        NotFound: there is none.
        Unavailable: too many are being made, or this one takes too long.
    """
    session = db.session()
    found = lying(session, wanted)
    if found is not None:
        return found
    try:
        return made_apart(wanted, seconds=SECONDS)
    except Unavailable:
        recent = _fresh(session, wanted)
        if recent is None:
            raise
        return recent


def made_apart(wanted: Wanted, *, seconds: int) -> MadeReport:
    """A report of the present state, made in another process where it does not lie there.

    Raises:
        Refusal: what the other process said.
        Unavailable: too many are being made, or this one takes too long.
    """
    with _turn():
        db.session.rollback()
        found = lying(db.session(), wanted)
        return found or _made(wanted, seconds)


def begin_scheduled(wanted: Wanted) -> None:
    """Have a draft made in the background, and wait for nothing."""
    subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", PROGRAM, "--scheduled", wanted.to_json()],
        cwd=PROJECT,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _fresh(session: Session, wanted: Wanted) -> MadeReport | None:
    newest = session.scalar(
        select(MadeReport)
        .where(MadeReport.content_key == wanted.content_key, MadeReport.made_at > now() - FRESH)
        .order_by(MadeReport.id.desc())
        .limit(1)
    )
    if newest is None or shelf.made_file(newest) is None or is_withheld(session, newest):
        return None
    return newest


def _made(wanted: Wanted, seconds: int) -> MadeReport:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", PROGRAM, wanted.to_json()],
            cwd=PROJECT,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=seconds,
            check=False,
        )
        said = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise Unavailable(_l("这份报告没有做成，请过几分钟再试。")) from None
    if "made" not in said:
        raise _refusal(said)
    db.session.rollback()
    return db.session.get_one(MadeReport, said["made"])


def _refusal(said: dict[str, str]) -> Refusal:
    if said["refusal"] == NotFound.__name__:
        return NotFound(said["message"])
    return Invalid({said["field"] or "report": said["message"]})


def _environment() -> dict[str, str]:
    return {**os.environ, **environment_of(current_app.config["PORTAL_SETTINGS"])}


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few places, whichever of the site's processes asks."""
    with ExitStack() as stack:
        for place in range(AT_A_TIME):
            lock = stack.enter_context((shelf.folder() / f".turn-{place}").open("w"))
            if _taken(lock):
                yield
                return
        raise Unavailable(_l("正在生成的报告太多，请过几分钟再试。"))


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
