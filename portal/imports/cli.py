"""``portal import`` and ``portal approve``."""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from portal.db import db
from portal.i18n import gettext as _
from portal.imports import goods, service, stages
from portal.imports.models import ImportBatch, RowState, Stage
from portal.imports.previewing import Preview, preview
from portal.imports.taking import take_in_donations
from portal.imports.target import Target
from portal.labels import label
from portal.money import format_yuan
from portal.registry import lookups
from portal.registry.importing import import_registry
from portal.registry.models import FundKind
from portal.staff.documents import DocumentState
from portal.staff.models import Role, StaffMember
from portal.staff.scope import Scope

MOST_SHOWN = 20

_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_MAKER = "User name of the person who brings the list in; default: the first active federation clerk."


@click.group("import", help="Bring lists in.")
def import_group() -> None:
    """Bring lists in."""


@import_group.command("donations")
@click.argument("file", type=_FILE)
@click.option("--organisation", default="", metavar="USCC", help="Credit code of the receiving organisation.")
@click.option(
    "--fund",
    default="",
    metavar="CODE",
    help="The fund the gifts go to; default: the organisation's only general fund.",
)
@click.option("--station", default="", metavar="CODE", help="The donation station they were given at.")
@click.option("--campaign", default="", metavar="NO", help="The fundraising campaign they belong to.")
@click.option(
    "--dated", type=click.DateTime(["%Y-%m-%d"]), help="The day of rows that state none themselves."
)
@click.option(
    "--late-reason",
    default="",
    help="Why gifts of months whose bill is published come only now; default: the list's name.",
)
@click.option("--by", "maker", default="", metavar="NAME", help=_MAKER)
@click.option(
    "--dry-run", is_flag=True, help="Only look: nothing is written, neither organisation nor fund is needed."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def donations(
    file: Path,
    organisation: str,
    fund: str,
    station: str,
    campaign: str,
    dated: datetime | None,
    late_reason: str,
    maker: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read a published list, a platform's or a bank's export of donations; the batch then waits for review."""
    day: date | None = dated.date() if dated else None
    if dry_run:
        found = preview(db.session(), file.read_bytes(), file.name, dated=day)
        _tell(_of_preview(found), as_json)
        return
    code = fund or _general_fund(organisation)
    reason = late_reason or _("按名单“%(name)s”补录", name=file.name)
    target = Target(code, organisation, station, campaign, day, False, reason)
    with file.open("rb") as stream:
        batch = take_in_donations(stream, file.name, target, _maker(maker))
    if not batch.ready:
        stages.run(batch.id, _tell_progress)
        batch = service.find(db.session(), batch.id, _maker(maker))
    if batch.accepted:
        batch = service.submit(batch.id, _maker(maker), batch.version)
    _tell(_of_batch(batch), as_json)


@import_group.command("goods")
@click.argument("file", type=_FILE)
@click.option("--organisation", default="", metavar="USCC", help="Credit code of the organisation.")
@click.option(
    "--fund",
    default="",
    metavar="CODE",
    help="The fund the goods belong to; default: the organisation's only general fund.",
)
@click.option(
    "--station", default="", metavar="CODE", help="Where they lie; default: the organisation's store."
)
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="The day, where the list states none.")
@click.option("--late-reason", default="", help="Why goods of months whose bill is published come only now.")
@click.option("--by", "maker", default="", metavar="NAME", help=_MAKER)
@click.option("--dry-run", is_flag=True, help="Only look: nothing is written.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def goods_command(
    file: Path,
    organisation: str,
    fund: str,
    station: str,
    dated: datetime | None,
    late_reason: str,
    maker: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Read a list of goods received or given out; the batch then waits for review."""
    found = goods.require_goods(file.read_bytes(), file.name)
    facts: dict[str, Any] = {
        "kind": goods.kind_of(found).value,
        "rows": len(found.rows),
        "quantities": goods.quantities_of(found),
    }
    if not dry_run:
        reason = late_reason or _("按名单“%(name)s”补录", name=file.name)
        day = dated.date() if dated else None
        target = Target(fund or _general_fund(organisation), organisation, station, "", day, False, reason)
        batch = goods.create(file.read_bytes(), file.name, found, target, _maker(maker))
        if batch.accepted:
            batch = service.submit(batch.id, _maker(maker), batch.version)
        facts |= _of_batch(batch)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    words = ", ".join(f"{quantity} {unit}" for unit, quantity in facts["quantities"].items())
    click.echo(
        _(
            "%(kind)s：%(rows)d 行，%(words)s",
            kind=str(label(goods.kind_of(found))),
            rows=len(found.rows),
            words=words,
        )
    )
    if not dry_run:
        _tell(facts, as_json=False)


@import_group.command("registry")
@click.argument("file", type=_FILE)
@click.option("--by", "maker", default="", metavar="NAME", help=_MAKER)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def registry(file: Path, maker: str, as_json: bool) -> None:
    """Take organisations, funds or stations from a CSV file or workbook: all rows, or none."""
    counts = import_registry(file, _find_member(maker) if maker else None)
    if as_json:
        click.echo(json.dumps({kind.value: count for kind, count in counts.items()}))
        return
    for kind, count in counts.items():
        click.echo(_("%(kind)s：%(count)d 个已登记", kind=str(label(kind)), count=count))


@click.command("approve")
@click.option("--batch", "batch_id", required=True, type=int, metavar="N", help="Number of the import batch.")
@click.option(
    "--by", "checker", required=True, metavar="NAME", help="User name of the reviewer, not the maker."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def approve_command(batch_id: int, checker: str, as_json: bool) -> None:
    """Approve an import batch: its accepted rows stand in the public ledger at once."""
    by = _find_member(checker)
    batch = service.find(db.session(), batch_id, by)
    posted = batch if batch.stage is Stage.POSTING else service.approve(batch_id, by, batch.version)
    if not posted.ready:
        stages.run(batch_id, _tell_progress)
        posted = service.find(db.session(), batch_id, by)
    if as_json:
        click.echo(
            json.dumps({"batch": posted.id, "posted": posted.accepted, "total_fen": posted.accepted_fen})
        )
        return
    click.echo(
        _(
            "批次 %(batch)d 已复核入账：%(count)d 笔，%(amount)s 元",
            batch=posted.id,
            count=posted.accepted,
            amount=format_yuan(posted.accepted_fen),
        )
    )


def _tell_progress(done: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done:,}", nl=False, err=True)


def _general_fund(organisation: str) -> str:
    """The code of an organisation's only general fund that takes gifts.

    Raises:
        click.UsageError: no organisation is named, or it has none or several.
    """
    if not organisation:
        raise click.UsageError("--fund or --organisation is needed (only --dry-run goes without)")
    owner = lookups.organisation_by_uscc(db.session(), organisation)
    funds = lookups.active_funds(db.session(), Scope(owner.id))
    general = [one.code for one in funds if one.kind is FundKind.GENERAL]
    if len(general) != 1:
        choices = ", ".join(one.code for one in funds) or "none"
        raise click.UsageError(f"--fund is needed: the organisation's funds are {choices}")
    return general[0]


def _of_preview(found: Preview) -> dict[str, Any]:
    recognised = found.recognised
    return {
        "rows": len(recognised.rows),
        "accepted": found.count(RowState.ACCEPTED),
        "duplicates": found.count(RowState.DUPLICATE),
        "rejected": found.count(RowState.REJECTED),
        "needs_review": found.count(RowState.NEEDS_REVIEW),
        "total_fen": recognised.total_fen,
        "declared_total_fen": recognised.declared_total_fen,
        "declared_count": recognised.declared_count,
        "problems": [_as_words(problem) for problem in found.problems],
    }


def _of_batch(batch: ImportBatch) -> dict[str, Any]:
    problems = [*batch.problems, *service.row_problems(db.session(), batch)]
    return {
        "batch": batch.id,
        "state": batch.state.value,
        "rows": batch.rows,
        "accepted": batch.accepted,
        "duplicates": batch.duplicates,
        "rejected": batch.rejected,
        "needs_review": batch.needs_review,
        "total_fen": batch.total_fen,
        "declared_total_fen": batch.declared_total_fen,
        "declared_count": batch.declared_count,
        "problems": [_as_words(problem) for problem in problems],
    }


def _as_words(problem: Any) -> dict[str, Any]:
    return {"row": problem.row, "column": problem.column, "value": problem.value, "message": problem.message}


def _tell(facts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    if "batch" in facts:
        click.echo(
            _("批次 %(batch)d（%(state)s）", batch=facts["batch"], state=str(_state_words(facts["state"])))
        )
    click.echo(
        _(
            "共 %(rows)d 行，合计 %(total)s 元："
            "可入账 %(accepted)d，重复 %(duplicates)d，剔除 %(rejected)d，待核对 %(needs_review)d",
            total=format_yuan(facts["total_fen"]),
            **{name: facts[name] for name in ("rows", "accepted", "duplicates", "rejected", "needs_review")},
        )
    )
    if facts["declared_total_fen"] is not None:
        click.echo(_("名单写明的合计：%(total)s 元", total=format_yuan(facts["declared_total_fen"])))
    if facts["declared_count"] is not None:
        click.echo(_("名单写明的笔数：%(count)d", count=facts["declared_count"]))
    problems = facts["problems"]
    for problem in problems[:MOST_SHOWN]:
        place = _("第 %(row)d 行：", row=problem["row"]) if problem["row"] else ""
        click.echo(f"! {place}{problem['message']}")
    if len(problems) > MOST_SHOWN:
        click.echo(_("…… 还有 %(count)d 处，用 --json 看全部", count=len(problems) - MOST_SHOWN))


def _state_words(state: str) -> Any:
    return label(DocumentState(state))


def _maker(name: str) -> StaffMember:
    if name:
        return _find_member(name)
    found = db.session.scalar(
        select(StaffMember)
        .where(StaffMember.role == Role.FEDERATION_CLERK, StaffMember.active)
        .order_by(StaffMember.id)
        .limit(1)
    )
    if found is None:
        raise click.ClickException(
            _("没有在岗的慈善会经办人，请用 --by 指明由谁导入，或先用 portal staff add 建账号。")
        )
    return found


def _find_member(name: str) -> StaffMember:
    found = db.session.scalar(select(StaffMember).where(StaffMember.username == name))
    if found is None or not found.active:
        raise click.ClickException(_("没有在岗的员工“%(name)s”。", name=name))
    return found
