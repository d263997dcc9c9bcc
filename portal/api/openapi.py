"""The OpenAPI 3.1 description of the API: what each endpoint takes and answers."""

from enum import StrEnum
from typing import Any

from portal.disclosure.bill_corrections import CorrectionKind, Figure
from portal.disclosure.filters import MOST, USUAL
from portal.ledger.models import Direction, EntryKind, Form
from portal.periods import PeriodKind
from portal.questions.models import AboutKind, TurnKind, WithheldReason
from portal.questions.public import QuestionState
from portal.registry.models import ProjectCategory

Schema = dict[str, Any]

_STRING: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date"}
_INSTANT: Schema = {"type": "string", "format": "date-time"}
_FEN: Schema = {"type": "integer", "description": "Whole fen; 100 fen are one yuan."}
_COUNT: Schema = {"type": "integer"}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


_NAMED = _object({"code": _STRING, "name": _STRING})
_OWNER = _object({"uscc": _STRING, "name": _STRING})

_ENTRY = _object(
    {
        "entry_no": _STRING,
        "index": _COUNT,
        "kind": {"type": "string", "enum": [kind.value for kind in EntryKind]},
        "occurred_on": _DAY,
        "published_at": _INSTANT,
        "organisation": _OWNER,
        "fund": _NAMED,
        "station": _maybe(_NAMED),
        "project": _maybe(_NAMED),
        "campaign": _maybe(_NAMED),
        "street": _maybe(_NAMED),
        "direction": {"type": "string", "enum": [one.value for one in Direction]},
        "form": {"type": "string", "enum": [one.value for one in Form]},
        "amount_fen": {
            **_FEN,
            "description": "Negative for a reversal: every sum over entries is right as it is.",
        },
        "amount": {"type": "string", "pattern": r"^-?\d+\.\d{2}$", "description": "The same in yuan."},
        "donor": {**_maybe(_STRING), "description": "Only with the donor's consent, else 爱心人士."},
        "recipient": {
            **_maybe(_STRING),
            "description": "The fund that money moved to (transfer, purpose_change): counted as no gift and no payout.",
        },
        "purpose": _maybe(_STRING),
        "beneficiary_count": {
            **_maybe(_COUNT),
            "description": "How many people were helped; null for fewer than five, and where nobody counted.",
        },
        "receipt_no": _maybe(_STRING),
        "reverses": _maybe(_STRING),
        "reversed_by": _maybe(_STRING),
    }
)

_ENTRY["properties"] |= {
    "arrived_fen": {
        **_FEN,
        "description": "Only of payouts: how much has reached the people it is for. The rest is on its way.",
    },
    "arrived_on": {**_maybe(_DAY), "description": "Only of payouts: the day on which the last part arrived."},
}

_SUMS = {
    "received_fen": _FEN,
    "disbursed_fen": _FEN,
    "balance_fen": _FEN,
    "donations": _COUNT,
    "disbursements": _COUNT,
}

_YEAR = _object(
    {
        "year": _COUNT,
        "population": _maybe(_COUNT),
        "population_source": _maybe(_STRING),
        "received_fen": _FEN,
        "per_capita_fen": _maybe(_FEN),
        "target_fen": _maybe(_FEN),
        "target_basis": _maybe({"type": "string", "enum": ["plan", "interpolated"]}),
        "met": _maybe({"type": "boolean"}),
    }
)

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "properties": {
        "type": _STRING,
        "title": _STRING,
        "status": _COUNT,
        "detail": _STRING,
        "errors": {"type": "array", "items": _object({"field": _STRING, "message": _STRING})},
    },
    "required": ["type", "title", "status"],
}

_THING = {
    "type": "object",
    "properties": {
        "name": _STRING,
        "status": _STRING,
        **_SUMS,
        "held_fen": {
            "type": "object",
            "description": "Of a fund: what it holds now as money, goods, other holdings, and for others.",
            "additionalProperties": _FEN,
        },
    },
    "required": ["name", *_SUMS],
}

_BUDGET_SUMS = {"amount_fen": _FEN, "spent_fen": _FEN, "committed_fen": _FEN, "left_fen": _FEN}

_PROJECT = {
    "type": "object",
    "description": "A thing with what belongs to a charity project.",
    "properties": {
        **_THING["properties"],  # type: ignore[dict-item]
        "code": _STRING,
        "organisation": _OWNER,
        "starts_on": _DAY,
        "ends_on": _maybe(_DAY),
        "goal": _STRING,
        "category": {"type": "string", "enum": [one.value for one in ProjectCategory]},
        "area": _STRING,
        "funds": {"type": "array", "items": _NAMED},
        "planned_people": _maybe(_COUNT),
        "people_reached": {
            **_maybe(_COUNT),
            "description": "As last reported, counted from the project's beginning; null for fewer than five.",
        },
        "people_helped": {
            **_maybe(_COUNT),
            "description": "Times that people were helped, as the payouts say; null for fewer than five.",
        },
        "committed_fen": {**_FEN, "description": "Asked for and not yet paid."},
        "budget": _maybe(
            _object(
                {
                    **_BUDGET_SUMS,
                    "lines": {
                        "type": "array",
                        "items": _object({"line_no": _COUNT, "name": _STRING, **_BUDGET_SUMS}),
                    },
                }
            )
        ),
    },
    "required": ["name", *_SUMS],
}

_BILL = _object(
    {
        "bill_no": _STRING,
        "kind": {"type": "string", "enum": [kind.value for kind in PeriodKind]},
        "period": _STRING,
        "first_day": _DAY,
        "last_day": _DAY,
        "month": _maybe(_STRING),
        "organisation": _OWNER,
        "fund": _maybe(_NAMED),
        "station": _maybe(_NAMED),
        "project": _maybe(_NAMED),
        "campaign": _maybe(_NAMED),
        "opening_fen": _maybe(_FEN),
        "income_fen": _FEN,
        "outgo_fen": _FEN,
        "moved_in_fen": _FEN,
        "moved_out_fen": _FEN,
        "closing_fen": _maybe(_FEN),
        "entries": _COUNT,
        "note": _STRING,
        "figures": _maybe({"type": "object"}),
        "published_at": _INSTANT,
    }
)

_CORRECTION = _object(
    {
        "kind": {"type": "string", "enum": [kind.value for kind in CorrectionKind]},
        "figure": _maybe({"type": "string", "enum": [figure.value for figure in Figure]}),
        "old_fen": _maybe(_FEN),
        "new_fen": _maybe(_FEN),
        "old_note": _STRING,
        "new_note": _STRING,
        "reason": _STRING,
        "corrected_at": _INSTANT,
        "responsible": _STRING,
        "entry_no": _maybe(_STRING),
        "reverses": _maybe(_STRING),
    }
)


_QUESTION = _object(
    {
        "question_no": _STRING,
        "about": _object(
            {
                "kind": {"type": "string", "enum": [one.value for one in AboutKind]},
                "number": _STRING,
                "name": _STRING,
            }
        ),
        "organisation": _OWNER,
        "state": {"type": "string", "enum": [one.value for one in QuestionState]},
        "asked_on": _DAY,
        "due_on": _DAY,
        "answered_on": _maybe(_DAY),
        "working_days_taken": _maybe(_COUNT),
        "waiting_due_on": {**_maybe(_DAY), "description": "The last day to answer what waits now."},
        "turns": {
            "type": "array",
            "items": _object(
                {
                    "number": _COUNT,
                    "kind": {"type": "string", "enum": [one.value for one in TurnKind]},
                    "date": _DAY,
                    "words": {
                        **_maybe(_STRING),
                        "description": "Null while nobody looked at them, and when they are withheld.",
                    },
                    "nickname": _maybe(_STRING),
                    "function": _maybe(_STRING),
                    "withheld": _maybe({"type": "string", "enum": [one.value for one in WithheldReason]}),
                    "index": {**_COUNT, "description": "Its leaf in the log."},
                    "salt": {**_maybe(_STRING), "description": "Opens the seal of the leaf (hexadecimal)."},
                }
            ),
        },
    }
)

_QUESTION_FIGURES = _object(
    {
        **dict.fromkeys(("asked", "answered", "in_time", "late", "withheld", "waiting"), _COUNT),
        "median_days": {**_maybe({"type": "number"}), "description": "Working days until the answer."},
    }
)


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "schema": schema, "description": description}


_LIMIT = _query(
    "limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}, "Rows of a page."
)
_AFTER = _query("after", _STRING, "The cursor `next` of the page before.")

_DAY_OR_NOTHING: Schema = {"anyOf": [_DAY, {"const": ""}]}  # a form sends its empty fields too

_FILTERS = [
    _query("organisation", _STRING, "Credit code of an organisation."),
    _query("fund", _STRING, "Code of a fund."),
    _query("station", _STRING, "Code of a donation station."),
    _query("project", _STRING, "Code of a project."),
    _query("campaign", _STRING, "Code of a campaign."),
    _query("street", _STRING, "Statistical code of a street."),
    _query("direction", {"type": "string", "enum": [one.value for one in Direction]}, "Income or outgo."),
    _query("form", {"type": "string", "enum": [one.value for one in Form]}, "The form of a gift."),
    _query("from", _DAY_OR_NOTHING, "First day it happened."),
    _query("to", _DAY_OR_NOTHING, "Last day it happened."),
    _query("min", _STRING, "Least amount in yuan."),
    _query("max", _STRING, "Most amount in yuan."),
    _query("q", _STRING, "Public words: donors with consent, uses, names, numbers."),
    _AFTER,
    _LIMIT,
]


def _word_or_nothing(kind: type[StrEnum]) -> Schema:
    return {"type": "string", "enum": [*(one.value for one in kind), ""]}


_QUESTION_FILTERS = [
    _query("state", _word_or_nothing(QuestionState), "How far it is."),
    _query("organisation", _STRING, "Credit code of the organisation that is asked."),
    _query("kind", _word_or_nothing(AboutKind), "What it is about."),
    _query("number", _STRING, "The number or code of what it is about."),
    _query(
        "after", {"type": "integer", "minimum": 1, "maximum": 2**62}, "The cursor `next` of the page before."
    ),
    _LIMIT,
]


def _get(
    summary: str, answer: Schema, parameters: list[Schema] | None = None, *, found: bool = False
) -> Schema:
    problem = {"content": {"application/problem+json": {"schema": _reference("Problem")}}}
    responses = {
        "200": {"description": "The answer.", "content": {"application/json": {"schema": answer}}},
        "400": {"description": "An unknown parameter or a bad value, named.", **problem},
    }
    if found:
        responses["404"] = {"description": "There is no such thing.", **problem}
    return {"get": {"summary": summary, "parameters": parameters or [], "responses": responses}}


def _items(schema: Schema) -> Schema:
    return _object({"items": {"type": "array", "items": schema}, "next": _maybe(_STRING)})


_LIST = [_query("q", _STRING, "A part of the name or code."), _AFTER, _LIMIT]
_BILL_NO = {"name": "bill_no", "in": "path", "required": True, "schema": _STRING}
_ENTRY_NO = {"name": "entry_no", "in": "path", "required": True, "schema": _STRING}

DESCRIPTION: Schema = {
    "openapi": "3.1.0",
    "info": {
        "title": "Charity transparency portal",
        "version": "1",
        "description": "The public books of a district's charities. Read only, no key needed.",
    },
    "servers": [{"url": "/"}],
    "paths": {
        "/api/v1/ledger": _get(
            "Entries, newest first",
            _object(
                {
                    "entries": {"type": "array", "items": _reference("Entry")},
                    "next": _maybe(_STRING),
                    "tree_size": _COUNT,
                }
            ),
            _FILTERS,
        ),
        "/api/v1/ledger/{entry_no}": _get("One entry", _reference("Entry"), [_ENTRY_NO], found=True),
        "/api/v1/ledger/{entry_no}/proof": _get(
            "The way of an entry's leaf to the newest signed head (RFC 6962; hashes in base64)",
            _object(
                {
                    "leaf": _STRING,
                    "index": _COUNT,
                    "tree_size": _COUNT,
                    "hashes": {"type": "array", "items": _STRING},
                    "checkpoint": _STRING,
                }
            ),
            [_ENTRY_NO],
            found=True,
        ),
        "/api/v1/summary": _get(
            "Sums of a selection",
            _object(
                {**_SUMS, "by_form": {"type": "object", "additionalProperties": _FEN}, "tree_size": _COUNT}
            ),
            _FILTERS,
        ),
        **{
            f"/api/v1/{word}": _get(f"All {word}", _items(_reference(schema)), _LIST)
            for word, schema in (
                ("organisations", "Thing"),
                ("funds", "Thing"),
                ("stations", "Thing"),
                ("projects", "Project"),
                ("campaigns", "Thing"),
            )
        },
        "/api/v1/bills": _get("Published bills, newest first", _items(_reference("Bill")), [_AFTER, _LIMIT]),
        "/api/v1/bills/{bill_no}": _get(
            "One published bill with its corrections",
            _object({**_BILL["properties"], "corrections": {"type": "array", "items": _CORRECTION}}),
            [_BILL_NO],
            found=True,
        ),
        "/api/v1/questions": _get(
            "Questions of citizens and their answers, newest first",
            _object(
                {
                    "items": {"type": "array", "items": _reference("Question")},
                    "next": _maybe(_STRING),
                    "figures": _QUESTION_FIGURES,
                }
            ),
            _QUESTION_FILTERS,
        ),
        "/api/v1/questions/{question_no}": _get(
            "One question",
            _reference("Question"),
            [{"name": "question_no", "in": "path", "required": True, "schema": _STRING}],
            found=True,
        ),
        "/api/v1/indicators/per-capita": _get(
            "Per-capita giving against the plan",
            _object(
                {"series": {"type": "array", "items": _reference("Year")}, "current": _reference("Year")}
            ),
        ),
    },
    "components": {
        "schemas": {
            "Entry": _ENTRY,
            "Thing": _THING,
            "Project": _PROJECT,
            "Bill": _BILL,
            "Question": _QUESTION,
            "Year": _YEAR,
            "Problem": _PROBLEM,
        }
    },
}
"""Served at ``/api/v1/openapi.json``; ``tests/api`` holds every answer against it."""
