"""``portal ledger``, ``portal log`` and ``portal signer``: recompute the books, look after the log and its keys."""

import json
import sys
from pathlib import Path

import click
from flask import Flask, current_app

from portal.config import Settings
from portal.db import db
from portal.translog import beginning, publishing, socket_signer
from portal.translog.checkpoints import Checkpoint
from portal.translog.notes import parse
from portal.translog.signing import SignerRefusal
from portal.watch.recomputing import recompute


def _settings() -> Settings:
    settings: Settings = current_app.config["PORTAL_SETTINGS"]
    return settings


@click.group("ledger", help="The books.")
def ledger_group() -> None:
    """The books."""


@ledger_group.command("verify")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def verify_command(as_json: bool) -> None:
    """Recompute every entry, leaf, balance, daily total, receipt series and checkpoint; exit 1 when anything is off."""
    signer = beginning.signer_of(_settings())
    report = recompute(db.session(), signer)
    # Others may have posted and published meanwhile: what was recomputed is older than what is signed now.
    db.session.rollback()
    try:
        publishing.check(db.session(), signer)
    except SignerRefusal as problem:
        report.note("signed", None, str(problem))
    if as_json:
        click.echo(
            json.dumps(
                {
                    "ok": report.ok,
                    "entries": report.entries,
                    "differences": [
                        {"kind": one.kind, "entry_no": one.entry_no, "message": one.message}
                        for one in report.differences
                    ],
                },
                ensure_ascii=False,
            )
        )
    else:
        for one in report.differences:
            click.echo(f"{one.kind}: {one.entry_no or '-'}: {one.message}", err=True)
        if report.ok:
            click.echo(f"{report.entries} entries verified; everything agrees")
    if not report.ok:
        sys.exit(1)


@click.group("log", help="The transparency log.")
def log_group() -> None:
    """The transparency log."""


@log_group.command("publish")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def publish_command(as_json: bool) -> None:
    """Have everything signed that is not, and print the checkpoint."""
    try:
        signed = publishing.publish(beginning.signer_of(_settings()))
    except SignerRefusal as problem:
        raise click.ClickException(str(problem)) from problem
    if signed is None:
        raise click.ClickException("the log is empty; run: portal init")
    head = Checkpoint.parse(parse(signed.note))
    if as_json:
        click.echo(json.dumps({"origin": head.origin, "size": head.size, "root": head.root.hex()}))
    else:
        click.echo(signed.note, nl=False)


@log_group.command("rotate-key")
def rotate_command() -> None:
    """Add a new signing key; both sign until the old one is retired (after 90 days)."""
    click.echo(beginning.rotate(_settings()).line())


@log_group.command("retire-key")
def retire_command() -> None:
    """Stop signing with the old key of a rotation."""
    click.echo(beginning.retire(_settings()).line())


@click.command("signer")
@click.option(
    "--socket",
    "path",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to answer.",
)
@click.pass_obj
def signer_command(app: Flask, path: Path) -> None:
    """Sign as a process of its own; it needs PORTAL_SIGNING_KEY_FILE, and no database."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    click.echo(f"signing for those who ask at {path}")
    try:
        socket_signer.serve(settings.signing_key, path)
    except BlockingIOError as problem:
        raise click.ClickException("another signer already serves this key") from problem
