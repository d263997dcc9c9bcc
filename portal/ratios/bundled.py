"""Load the bundled rules: the instruments, and the limits that they set."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy.orm import Session

from portal.money import fen_from_number
from portal.ratios.models import (
    RatioBase,
    RatioInstrument,
    RatioKind,
    RatioRule,
    RuleConfidence,
    RuledGroup,
)

RULES = Path(__file__).with_name("rules")

_YES_OR_NO = {"yes": True, "no": False, "": None}


def load_rules(session: Session, directory: Path = RULES) -> None:
    """Bring instruments and rules in line with the folder; safe to repeat. Call inside ``writing()``.

    A rule that the folder no longer names stays: what was shown under it can still be explained.

    Raises:
        ValueError: a cell of the folder's files cannot be read.
        OSError: a file is missing.
    """
    for row in _rows(directory / "instruments.csv"):
        session.merge(_instrument(row))
    session.flush()
    for row in _rows(directory / "rules.csv"):
        session.merge(_rule(row))
    session.flush()


def _instrument(row: dict[str, str]) -> RatioInstrument:
    same = ("code", "number", "title")
    articles = ("income_article", "average_article", "exempt_article", "reached_article", "excuse_article")
    return RatioInstrument(
        **{name: row[name] for name in (*same, *articles)},
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
        exempt_below_fen=_fen(row["exempt_below_yuan"]),
    )


def _rule(row: dict[str, str]) -> RatioRule:
    return RatioRule(
        code=row["code"],
        instrument_code=row["instrument"],
        article=row["article"],
        test=RatioKind(row["test"]),
        organisations=RuledGroup(row["organisations"]) if row["organisations"] else None,
        qualified=_YES_OR_NO[row["qualified"]],
        net_assets_from_fen=_fen(row["net_assets_from_yuan"]),
        net_assets_below_fen=_fen(row["net_assets_below_yuan"]),
        base=RatioBase(row["base"]),
        limit_basis_points=_basis_points(row["limit_percent"]),
        warn_basis_points=_basis_points(row["warn_percent"]) if row["warn_percent"] else None,
        confidence=RuleConfidence(row["confidence"]),
    )


def _fen(yuan: str) -> int | None:
    return fen_from_number(Decimal(yuan)) if yuan else None


def _basis_points(percent: str) -> int:
    return int(Decimal(percent) * 100)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
