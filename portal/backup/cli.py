"""``portal backup`` and ``portal restore``."""

import json
from collections.abc import Callable
from pathlib import Path

import click
from flask import Flask

from portal.backup import copies
from portal.backup.reapplying import reapply
from portal.config import Settings
from portal.translog.beginning import signer_of


def backup_command(app_of: Callable[[Settings], Flask]) -> click.Command:
    """The command that copies; ``app_of`` makes an app to look into the copy with."""

    @click.command("backup")
    @click.option(
        "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
    )
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @click.pass_obj
    def command(app: Flask, out: Path, as_json: bool) -> None:
        """Copy the books and all files handed in to one file while the site runs, and verify the copy."""
        made = copies.back_up(app.config["PORTAL_SETTINGS"], out, app_of)
        if as_json:
            held = vars(made.contents) if made.contents else {"entries": None, "leaves": None}
            click.echo(
                json.dumps({"out": str(made.file), "sha256": made.sha256, "files": made.files, **held})
            )
            return
        held_words = f"，{made.contents.entries} 笔账，已全部核对" if made.contents else "，PostgreSQL 转储"
        click.echo(f"已备份到 {made.file}{held_words}，{made.files} 个文件；SHA-256 {made.sha256}")

    return command


def restore_command(app_of: Callable[[Settings], Flask]) -> click.Command:
    """The command that puts a copy back."""

    @click.command("restore")
    @click.argument("source", type=click.Path(dir_okay=False, path_type=Path))
    @click.pass_obj
    def command(app: Flask, source: Path) -> None:
        """Verify a backup, put it in the place of the database (kept beside it), and its files back."""
        done = copies.restore(app.config["PORTAL_SETTINGS"], source, app_of)
        if done.aside:
            click.echo(f"原来的数据库已移到 {done.aside}")
        click.echo(f"已恢复，{done.leaves} 条记录和 {done.files} 个文件，全部核对无误")
        if done.problem:
            click.echo(
                f"注意：已经签名公布的记录比备份多 {done.missing} 条（{done.problem}）。\n"
                "网站可以查看，但不能登记。请用公布过的 entries.jsonl 补回：portal log reapply entries.jsonl",
                err=True,
            )

    return command


@click.command("reapply")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def reapply_command(app: Flask, source: Path) -> None:
    """Bring back what was published and lost, from a kept entries.jsonl (of the site's /log/entries.jsonl)."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    with source.open("rb") as lines:
        count = reapply(lines, signer_of(settings))
    click.echo(f"已补回 {count} 条公布过的记录。其中没有公布的内容（姓名、备注）已经丢失，请按纸质凭证补登。")
