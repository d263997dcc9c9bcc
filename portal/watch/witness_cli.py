"""``portal witness``: look at another office's log and co-sign what continues it; needs no database."""

import json
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import click

from portal.translog.witness import Finding, Round, Witness

_LONGEST_SENTENCE = 1_000


@click.command("witness")
@click.argument("url")
@click.option(
    "--state",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where its key and what it saw are kept; default ~/.portal-witness/<host>.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="VKEY",
    help="Verifier key of the log, told in person; repeatable. Without it the first answer of URL is believed.",
)
@click.option("--name", help="Name of the witness's own key when it is made; default witness.<host name>.")
@click.option("--every", type=click.IntRange(min=1), metavar="SECONDS", help="Repeat until stopped.")
@click.option("--no-submit", is_flag=True, help="Do not hand the signature in.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a round.")
def witness_command(
    url: str,
    *,
    folder: Path | None,
    keys: tuple[str, ...],
    name: str | None,
    every: int | None,
    no_submit: bool,
    as_json: bool,
) -> None:
    """Check the log at URL and co-sign its newest head; exit 1, and say why, when it must not be signed."""
    try:
        folder = folder or _default_folder(url)
        witness = Witness(folder, url, _tell, keys, name or f"witness.{socket.gethostname()}")
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    while True:
        signed = _one_round(witness, submit=not no_submit, as_json=as_json)
        if every is None:
            sys.exit(0 if signed else 1)
        # A finding does not end the watch: what comes after it is evidence as well.
        time.sleep(every)


def _one_round(witness: Witness, *, submit: bool, as_json: bool) -> bool:
    try:
        done = witness.round(submit=submit)
    except Finding as finding:
        _tell(str(finding))
        if as_json:
            click.echo(json.dumps({"ok": False, "finding": str(finding)}))
        return False
    click.echo(json.dumps({"ok": True, **_facts(done)}) if as_json else _sentence(done))
    return True


def _facts(done: Round) -> dict[str, object]:
    return {
        "origin": done.head.origin,
        "size": done.head.size,
        "root": done.head.root.hex(),
        "new": done.new,
        "entries": done.entries,
        "witness": done.witness.line(),
        "note": done.note.render(),
        "submitted": done.submitted,
    }


def _sentence(done: Round) -> str:
    handed_in = "handed in" if done.submitted else "not handed in"
    return (
        f"CO-SIGNED: {done.head.origin} at {done.head.size} leaves ({done.new} new, {done.entries} entries in all), "
        f"root {done.head.root.hex()}; {handed_in}"
    )


def _tell(sentence: str) -> None:
    """Say it on standard error; what a log says of itself may be long, and must not steer a terminal."""
    shown = "".join(one if one.isprintable() else "?" for one in sentence[:_LONGEST_SENTENCE])
    click.echo(shown, err=True)


def _default_folder(url: str) -> Path:
    return Path.home() / ".portal-witness" / (urlsplit(url).hostname or "-")
