"""The keeper: a thread beside the site that looks after the books.

It has new leaves signed, closes days, lets old requests lapse, has the drafts of reports made that are due, and
hears what the daily check of everything found.
"""

import threading
import time
from contextlib import ExitStack
from datetime import date

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal.config import Settings
from portal.db import db, writing
from portal.i18n import lazy_gettext as _l
from portal.ledger import posting
from portal.ledger.daily_close import close_days
from portal.opendata.blueprint import open_data
from portal.periods import today
from portal.refusals import Refusal
from portal.reports import apart
from portal.reports.due import due
from portal.reports.publishing import sweep as sweep_reports
from portal.reports.wanted import Wanted
from portal.spending.expiring import expire_overdue
from portal.translog import publishing, reading
from portal.translog.appending import Appending
from portal.translog.beginning import signer_of
from portal.translog.files import in_use
from portal.translog.signing import SignerRefusal
from portal.watch.daily_check import CheckFailed, DailyCheck
from portal.watch.doubts import current_doubts

_PAUSE_SECONDS = 0.5
_SWEEP_SECONDS = 30
_HOUR_SECONDS = 3600
_DRAFT_SECONDS = 300
_log = structlog.get_logger(__name__)


class Keeper(threading.Thread):
    """Runs until the process ends."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="keeper", daemon=True)
        self._app = app
        settings: Settings = app.config["PORTAL_SETTINGS"]
        self._signer = signer_of(settings)
        self.check = DailyCheck(settings)
        self._expired_at: float | None = None
        self._closed_on: date | None = None
        self._swept_at: float | None = None
        self._drafted_at: float | None = None
        self._drafted: list[tuple[date, Wanted]] = []

    def run(self) -> None:
        """Look after the log, again and again."""
        settings: Settings = self._app.config["PORTAL_SETTINGS"]
        with ExitStack() as stack:
            if settings.database_file is not None:
                # So that nobody puts a backup in its place while the site writes.
                stack.enter_context(in_use(settings.database_file, alone=False))
            self._run()

    def _run(self) -> None:
        while True:
            with self._app.app_context():
                self.look_after()
                db.session.remove()
            time.sleep(_PAUSE_SECONDS)

    def look_after(self) -> None:
        """One round. What fails in one step does not keep the next from being taken; all are taken again."""
        for step in (self._close, self._expire, self._publish, self._sweep, self._draft, self._verify):
            try:
                step()
            except (SQLAlchemyError, Refusal) as problem:
                db.session.rollback()
                _log.warning("keeper_step_failed", step=step.__name__, problem=type(problem).__name__)

    def _close(self) -> None:
        """Close days that are over, so that each has its leaf even if nothing happens."""
        day = today()
        if self._closed_on == day or reading.log_size(db.session()) == 0:
            return
        with writing() as session:
            head = posting.lock(session)
            log = Appending(session)
            close_days(session, log, head, day)
            log.write()
        self._closed_on = day

    def _expire(self) -> None:
        """Once an hour, free the money of requests that nobody decided about in time."""
        if self._expired_at is not None and time.monotonic() - self._expired_at < _HOUR_SECONDS:
            return
        lapsed = expire_overdue()
        self._expired_at = time.monotonic()
        if lapsed:
            _log.info("requests_expired", payouts=lapsed)

    def _publish(self) -> None:
        doubts = current_doubts()
        try:
            publishing.publish(self._signer)
        except publishing.Forked as problem:
            _log.error("log_forked", problem=str(problem))
            doubts.found = _l(
                "数据库里的旧记录和已经签名公布的不一样。暂时只能查看，不能登记，管理员正在查。"
            )
        except publishing.Behind as problem:
            _log.error("log_behind", problem=str(problem))
        except SignerRefusal as problem:
            _log.warning("signer_refused", problem=str(problem))

    def _sweep(self) -> None:
        """Twice a minute, remove files that show what is no longer shown: a name that was withdrawn, an old total."""
        if self._swept_at is not None and time.monotonic() - self._swept_at < _SWEEP_SECONDS:
            return
        open_data().sweep(db.session())
        sweep_reports(db.session())
        self._swept_at = time.monotonic()

    def _draft(self) -> None:
        """Every few minutes, have one draft made that is due, in a process of its own; each is tried once."""
        if self._drafted_at is not None and time.monotonic() - self._drafted_at < _DRAFT_SECONDS:
            return
        self._drafted_at = time.monotonic()
        wanted = next((one for one in due(db.session()) if (today(), one) not in self._drafted), None)
        if wanted is not None:
            self._drafted.append((today(), wanted))
            apart.begin_scheduled(wanted)

    def _verify(self) -> None:
        """Hear what the daily check found, and have the next one begun when it is due."""
        try:
            found = self.check.look()
        except CheckFailed:
            _log.error("books_check_failed")
            return
        if found is None:
            return
        if found.ok:
            _log.info("books_verified", entries=found.entries)
            return
        _log.error("books_disagree", kinds=found.kinds, guards=found.guards)
        current_doubts().found = _l("核对全部账目时发现不一致。暂时只能查看，不能登记，管理员正在查。")


def start(app: Flask) -> Keeper:
    """Start the keeper of an app that serves."""
    keeper = Keeper(app)
    keeper.start()
    return keeper
