"""The API for people to read: what each endpoint answers, made from the OpenAPI document that programs read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from portal.api.blueprint import blueprint
from portal.api.openapi import DESCRIPTION
from portal.disclosure.filters import WORDS
from portal.i18n import lazy_gettext as _l
from portal.refusals import Sentence

_ABOUT: dict[str, Sentence] = {
    "/api/v1/ledger": _l("逐笔收支，新的在前"),
    "/api/v1/ledger/{entry_no}": _l("一笔收支"),
    "/api/v1/ledger/{entry_no}/proof": _l("证明这一笔在签名的日志里（RFC 6962）"),
    "/api/v1/summary": _l("一批收支的合计"),
    "/api/v1/organisations": _l("全部慈善组织与各自的合计"),
    "/api/v1/funds": _l("全部基金与各自的合计"),
    "/api/v1/stations": _l("全部捐赠站点与各自的合计"),
    "/api/v1/projects": _l("全部慈善项目与各自的合计"),
    "/api/v1/campaigns": _l("全部募捐活动与各自的合计"),
    "/api/v1/bills": _l("已公布的晒账单，新的在前"),
    "/api/v1/bills/{bill_no}": _l("一份账单，连同公布之后的更正"),
    "/api/v1/questions": _l("市民提问和答复，新的在前"),
    "/api/v1/questions/{question_no}": _l("一个提问"),
    "/api/v1/indicators/per-capita": _l("历年人均捐赠与目标"),
}


@dataclass(frozen=True)
class Parameter:
    """One word of an address: what it is, and what it may be."""

    name: str
    words: Sentence
    values: str


@dataclass(frozen=True)
class Endpoint:
    """One address and what it answers."""

    path: str
    words: Sentence
    parameters: list[Parameter]
    fields: list[str]

    @property
    def address(self) -> str | None:
        """The address to try at once; None where a number must be put in first."""
        return None if "{" in self.path else self.path


@blueprint.get("/")
def readable() -> ResponseReturnValue:
    """What this API can do, for people."""
    return render_template("api/index.html", endpoints=list(endpoints()))


def endpoints() -> Iterator[Endpoint]:
    """Every endpoint of the description, in its order."""
    for path, operations in DESCRIPTION["paths"].items():
        operation = operations["get"]
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
        yield Endpoint(
            path,
            _ABOUT.get(path, operation["summary"]),
            [_parameter(one) for one in operation["parameters"]],
            list(_fields(answer)),
        )


def _parameter(given: Mapping[str, Any]) -> Parameter:
    # The first of several is what one usually writes; the others let a form send an empty field.
    schema = given["schema"].get("anyOf", [given["schema"]])[0]
    if "enum" in schema:
        values = " | ".join(schema["enum"])
    elif "maximum" in schema:
        values = f"{schema['minimum']}–{schema['maximum']}"
    else:
        values = str(schema.get("format", schema["type"]))
    return Parameter(given["name"], WORDS.get(given["name"], given.get("description", given["name"])), values)


def _fields(schema: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The names of what is answered; of a list, those of one thing in it."""
    found = _resolved(schema)
    for name, inner in found.get("properties", {}).items():
        kind = _resolved(inner)
        if kind.get("type") == "array":
            yield from _fields(kind["items"], f"{before}{name}[].")
        else:
            yield f"{before}{name}"


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        found: Mapping[str, Any] = DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return found
    return schema
