"""``/open-data``: what there is, month by month; the files themselves; their manifests; the data dictionary."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, jsonify, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.db import db
from portal.disclosure import checkpoints
from portal.i18n import gettext as _
from portal.opendata import downloads, embed_pages, feed_pages
from portal.opendata.blueprint import open_data, opendata
from portal.opendata.columns import TABLES
from portal.opendata.export import LICENCE, LICENCE_URL, root_of
from portal.opendata.formats import BY_FILE_NAME, FORMATS, FileFormat
from portal.opendata.service import Taken
from portal.opendata.slices import WHOLE, Slice, years_of
from portal.refusals import NotFound
from portal.translog import reading

__all__ = ["downloads", "embed_pages", "feed_pages", "opendata"]

MOST_ROWS = 1_000_000
"""A year, or everything, of more rows is not made for a reader who waits; its months are, and the command line."""

_FRESH = "public, max-age=30"
"""A name that was withdrawn must be gone within a minute, also where others keep copies."""


@dataclass(frozen=True)
class Offered:
    """One slice on the page, and the length in bytes of its files as far as they were made already."""

    slice: Slice
    sizes: dict[str, int]


@dataclass(frozen=True)
class OfferedYear:
    """A year and its months, newest first."""

    year: Offered
    whole: bool
    months: Sequence[Offered]


@opendata.get("/open-data")
def index() -> ResponseReturnValue:
    """All files, by year and month."""
    session = db.session()
    months = open_data().catalogue(session).months
    offered = [
        OfferedYear(
            _offered(year),
            year.rows <= MOST_ROWS,
            [_offered(month) for month in reversed(months) if month.begins.year == year.begins.year],
        )
        for year in reversed(years_of(months))
    ]
    return render_template(
        "opendata/index.html",
        years=offered,
        formats=list(FORMATS.values()),
        rows=sum(month.rows for month in months),
        licence_url=LICENCE_URL,
    )


@opendata.get("/open-data/dictionary")
def dictionary() -> ResponseReturnValue:
    """What every column means."""
    return render_template("opendata/dictionary.html", tables=TABLES)


@opendata.get("/open-data/manifest.json")
def manifest() -> ResponseReturnValue:
    """Every slice with its state, for programs that fetch what they do not have yet."""
    session = db.session()
    months = open_data().catalogue(session).months
    return jsonify(
        licence=LICENCE,
        tree_size=reading.log_size(session),
        periods=[_period(one) for one in (*years_of(months), *months)],
    )


@opendata.get("/open-data/<period>/manifest.json")
def manifest_of(period: str) -> ResponseReturnValue:
    """A slice's files with their hashes, the log that they are of, and its newest signed head."""
    signed = checkpoints.newest()
    session = db.session()
    taken = [one for one in (_take_or_none(session, period, format_) for format_ in FORMATS.values()) if one]
    one = taken[0].slice
    return jsonify(
        **_period(one),
        licence=LICENCE,
        root=root_of(session, one.tree_size),
        checkpoint=reading.cosigned(session, signed).render(),
        files=[
            {
                "format": file.format.name,
                "name": file.format.file_name,
                "address": url_for("opendata.file", period=one.name, name=file.format.file_name),
                "media_type": file.format.media_type,
                "bytes": file.kept.bytes,
                "sha256": file.kept.sha256,
            }
            for file in taken
        ],
    )


@opendata.get("/open-data/<period>/<name>")
def file(period: str, name: str) -> ResponseReturnValue:
    """One file of a month or a year."""
    wanted = BY_FILE_NAME.get(name)
    if wanted is None:
        raise NotFound(_("没有这种文件：%(name)s。", name=name[:40]))
    taken = _take(db.session(), period, wanted)
    kept = taken.kept
    stem, _dot, extension = wanted.file_name.partition(".")
    response: Response = send_file(
        kept.path,
        mimetype=wanted.media_type,
        as_attachment=True,
        download_name=f"{stem}-{taken.slice.name}.{extension}",
        etag=kept.sha256,
        conditional=True,
    )
    response.headers["Cache-Control"] = _FRESH
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(kept.sha256)).decode()}:"
    address = url_for("opendata.manifest_of", period=taken.slice.name)
    response.headers["Link"] = f'<{address}>; rel="describedby", <{LICENCE_URL}>; rel="license"'
    return response


def _take(session: Session, period: str, wanted: FileFormat) -> Taken:
    one = open_data().catalogue(session).find(period)
    if len(one.name) < len("2026-09") and one.rows > MOST_ROWS:
        raise NotFound(
            _(
                "%(period)s 超过 %(most)d 笔，请按月下载。",
                period=_("全部") if period == WHOLE else period,
                most=MOST_ROWS,
            )
        )
    return open_data().take(session, period, wanted)


def _take_or_none(session: Session, period: str, wanted: FileFormat) -> Taken | None:
    """The file; None where the slice has nothing that goes into its format."""
    try:
        return _take(session, period, wanted)
    except NotFound:
        if wanted.name == "360giving":
            return None
        raise


def _offered(one: Slice) -> Offered:
    return Offered(one, open_data().sizes(one))


def _period(one: Slice) -> dict[str, object]:
    return {
        "period": one.name,
        "rows": one.rows,
        "version": one.version,
        "changed_on": one.changed_on.isoformat(),
        "tree_size": one.tree_size,
        "manifest": url_for("opendata.manifest_of", period=one.name),
    }
