"""The indicator as a JSON document, for the API (``/api/v1/indicators/per-capita``)."""

from typing import Any

from sqlalchemy.orm import Session

from portal.indicators.services.per_capita import Series, Year, per_capita


def series_document(session: Session) -> dict[str, Any]:
    """The series, the year under way, the rule of counting and the plan's last target. Amounts in fen."""
    series = per_capita(session)
    return {
        "series": [_year_document(one) for one in series.years],
        "current": _year_document(series.current),
        "counting_rule": _rule_document(series),
        "last_target": _last_target_document(series),
    }


def _year_document(one: Year) -> dict[str, Any]:
    return {
        "year": one.year,
        "under_way": one.under_way,
        "recorded": one.recorded,
        "population": one.population,
        "population_kind": one.population_kind.value if one.population_kind else None,
        "population_as_of": one.population_as_of.isoformat() if one.population_as_of else None,
        "population_source": one.population_source,
        "received_fen": one.received_fen,
        "money_fen": one.money_fen,
        "goods_fen": one.goods_fen,
        "outside_fen": one.outside_fen,
        "outside_sources": list(one.outside_sources),
        "per_capita_fen": one.per_capita_fen,
        "target_fen": one.target_fen,
        "target_basis": one.target_basis.value if one.target_basis else None,
        "target_source": one.target_source,
        "gap_fen": one.gap_fen,
        "gap_percent": str(one.gap_percent) if one.gap_percent is not None else None,
        "missing_fen": one.missing_fen,
        "met": one.met,
    }


def _rule_document(series: Series) -> dict[str, Any] | None:
    rule = series.rule
    if rule is None:
        return None
    return {"name": rule.name, "forms": rule.forms.split(","), "source": rule.source, "note": rule.note}


def _last_target_document(series: Series) -> dict[str, Any] | None:
    target = series.last_target
    return {"year": target.year, "target_fen": target.target_fen} if target else None
