"""Load what is known of the district's indicator: the plan's targets, the rule of counting, published populations."""

import json
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.indicators.models import (
    CountingRule,
    PerCapitaTarget,
    PopulationKind,
    ResidentPopulation,
    TargetBasis,
)
from portal.money import parse_yuan
from portal.periods import now
from portal.registry.geography import DistrictDataError, read_rows


def load_indicators(session: Session, directory: Path) -> None:
    """Bring targets and rule in line with the folder and add populations not known yet; safe to repeat.

    Call inside ``writing()``. A population that staff corrected or withdrew is left alone.

    Raises:
        DistrictDataError: when a file is missing or cannot be read.
    """
    try:
        _load_targets(session, directory / "targets.csv")
        _load_rule(session, directory / "counting_rule.json")
        _load_populations(session, directory / "populations.csv")
    except (KeyError, OSError) as problem:
        raise DistrictDataError(str(problem)) from problem


def _load_targets(session: Session, path: Path) -> None:
    for row in read_rows(path, ("year", "target_yuan", "source")):
        year = int(row["year"])
        target = session.get(PerCapitaTarget, year)
        if target is None:
            target = PerCapitaTarget(year=year, basis=TargetBasis.PLAN)
            session.add(target)
        target.target_fen, target.source = parse_yuan(row["target_yuan"]), row["source"]
    session.flush()


def _load_rule(session: Session, path: Path) -> None:
    facts = json.loads(path.read_text(encoding="utf-8"))
    rule = session.get(CountingRule, 1)
    if rule is None:
        rule = CountingRule(id=1)
        session.add(rule)
    rule.name, rule.source, rule.note = facts["name"], facts["source"], facts["note"]
    rule.forms = ",".join(facts["forms"])
    session.flush()


def _load_populations(session: Session, path: Path) -> None:
    known = {(one.year, one.kind) for one in session.scalars(select(ResidentPopulation))}
    for row in read_rows(path, ("year", "population", "kind", "as_of", "source")):
        year, kind = int(row["year"]), PopulationKind(row["kind"])
        if (year, kind) not in known:
            session.add(
                ResidentPopulation(
                    year=year,
                    population=int(row["population"]),
                    kind=kind,
                    as_of=date.fromisoformat(row["as_of"]),
                    source=row["source"],
                    entered_at=now(),
                )
            )
    session.flush()
