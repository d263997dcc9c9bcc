"""``portal export``: the public ledger in a folder, in one of its formats."""

import json
from pathlib import Path
from typing import IO, Any

import click
from flask import Flask

from portal.db import db
from portal.i18n import gettext as _
from portal.opendata import package
from portal.opendata.export import LICENCE, Export
from portal.opendata.formats import FORMATS, FileFormat
from portal.opendata.service import OpenData
from portal.opendata.shelf import sha256_of
from portal.opendata.slices import WHOLE

_FILE_NAMES = {"csv": "ledger.csv", "xlsx": "ledger.xlsx", "jsonl": "ledger.jsonl"}


@click.command("export")
@click.argument("format_", metavar="FORMAT", type=click.Choice(sorted(FORMATS)))
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; made when it is not there.",
)
@click.option("--period", default=WHOLE, show_default=True, help="A month (2026-09), a year (2026), or all.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def export_command(app: Flask, format_: str, out: Path, period: str, *, as_json: bool) -> None:
    """The public ledger as it stands, with a manifest that holds the hash of every file.

    FORMAT is csv, xlsx, jsonl, beancount, hledger, 360giving or datapackage.
    """
    open_data = OpenData(app.config["PORTAL_SETTINGS"])
    session = db.session()
    catalogue = open_data.catalogue(session)
    one = catalogue.find(period)
    export = open_data.export(session, catalogue, one)
    wanted = FORMATS[format_]
    try:
        out.mkdir(parents=True, exist_ok=True)
        names = (
            _write_package(export, out)
            if format_ == "datapackage"
            else [_write_file(open_data, export, wanted, out)]
        )
        manifest = _manifest(export, out, names)
        (out / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    except OSError as problem:
        raise click.ClickException(f"{out}: {problem.strerror}") from problem
    if as_json:
        click.echo(json.dumps({"out": str(out), **manifest}, ensure_ascii=False))
    else:
        click.echo(
            _("已写好 %(out)s：%(rows)d 笔，账本状态 %(size)d 条", out=out, rows=one.rows, size=one.tree_size)
        )


def _write_file(open_data: OpenData, export: Export, wanted: FileFormat, out: Path) -> str:
    name = _FILE_NAMES.get(wanted.name, wanted.file_name)
    draft = out / f".{name}"
    try:
        open_data.write(export, wanted, draft)
        draft.replace(out / name)
    finally:
        draft.unlink(missing_ok=True)
    return name


def _write_package(export: Export, out: Path) -> list[str]:
    names: list[str] = []

    def opened(name: str) -> IO[bytes]:
        names.append(name)
        return (out / name).open("wb")

    package.write_package(export, opened)
    return names


def _manifest(export: Export, out: Path, names: list[str]) -> dict[str, Any]:
    one = export.slice
    return {
        "title": export.publisher.title,
        "period": one.name,
        "rows": one.rows,
        "version": one.version,
        "checkpoint": {"tree_size": one.tree_size, "root": export.root},
        "licence": LICENCE,
        "files": [
            {"name": name, "bytes": (out / name).stat().st_size, "sha256": sha256_of(out / name)}
            for name in names
        ],
    }
