"""When the books are in doubt: the site stays readable, nothing more is written, and every page says why."""

import shutil
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.config import Settings
from portal.db import connection_of, db
from portal.i18n import lazy_gettext as _l
from portal.periods import now
from portal.refusals import Sentence, Unavailable
from portal.translog.beginning import signer_of
from portal.translog.models import LogHead
from portal.translog.signing import SignerRefusal

_HEAD = select(LogHead.size, LogHead.written_at)
_CLOCK_TOLERANCE = timedelta(minutes=5)


class Doubts:
    """What speaks against writing, asked anew before every write; ``found`` is what a longer look brought to light."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._signer = signer_of(settings)
        self.found: Sentence | None = None

    def reason(self, session: Session) -> Sentence | None:
        """Why nothing may be written, or None."""
        return self.found or self._disk() or self._log(session)

    def guard(self, session: Session) -> None:
        """Refuse a write in doubt.

        Raises:
            Unavailable: with the reason.
        """
        reason = self.reason(session)
        if reason is not None:
            raise Unavailable(reason)

    def _disk(self) -> Sentence | None:
        file = self._settings.database_file
        folders = [self._settings.storage_dir, *([file.parent] if file else [])]
        free = min((shutil.disk_usage(one).free for one in folders if one.exists()), default=None)
        if free is not None and free < self._settings.minimum_free_megabytes * 1024 * 1024:
            return _l("服务器的磁盘快满了，暂时只能查看，不能登记。请管理员腾出空间。")
        return None

    def _log(self, session: Session) -> Sentence | None:
        head = connection_of(session).execute(_HEAD).one_or_none()
        size = head.size if head else 0
        if head and head.written_at and head.written_at > now() + _CLOCK_TOLERANCE:
            return _l("服务器的时钟比最后一笔账还早，暂时只能查看，不能登记。请管理员校准时间。")
        try:
            signed = self._signer.signed()
        except SignerRefusal:
            # A signer that is away does not stop the desk: what is posted is signed when it is back.
            return None
        if size < signed.size:
            # The session's transaction may have begun before somebody else posted and published.
            size = _size_now()
        if size < signed.size:
            return _l(
                "数据库只有 %(size)s 条记录，而已经签名公布的有 %(signed)s 条：恢复了旧备份。"
                "暂时只能查看，不能登记。请管理员补回缺少的记录。",
                size=size,
                signed=signed.size,
            )
        return None


def _size_now() -> int:
    """How many leaves there are, asked in a transaction of its own."""
    with db.engine.connect() as connection:
        return connection.execute(select(LogHead.size)).scalar() or 0


def install(app: Flask) -> None:
    """Ask for doubts before every write of this app."""
    doubts = Doubts(app.config["PORTAL_SETTINGS"])
    app.extensions["doubts"] = doubts
    app.extensions["write_guards"] = [doubts.guard]


def current_doubts() -> Doubts:
    """The doubts of the running app."""
    doubts: Doubts = current_app.extensions["doubts"]
    return doubts
