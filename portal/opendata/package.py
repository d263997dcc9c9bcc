"""A Frictionless data package: entries, their lines, and everything they refer to, as CSV with a schema beside it.

``frictionless validate`` then checks types, codes and keys, that every reference leads somewhere, and every hash.
"""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

from portal.i18n import gettext as _
from portal.opendata.columns import ENTRIES, POSTINGS, Column, Table
from portal.opendata.delimited import Document, csv_text
from portal.opendata.export import LICENCE, LICENCE_URL, Export
from portal.opendata.registry_rows import registry_rows
from portal.opendata.rows import booked_entries, documents_of

Opened = Callable[[str], IO[bytes]]

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that a ZIP gives its members, so that the same books give the same bytes."""


@dataclass(frozen=True)
class _Written:
    table: Table
    bytes: int
    sha256: str


def write_package(export: Export, opened: Opened) -> None:
    """Write all members of the package; ``opened`` gives a file to write for each name."""
    written = [
        _write(table, documents, opened)
        for table, documents in (
            (ENTRIES, documents_of(export.session, export.slice)),
            (POSTINGS, _postings(export)),
            *registry_rows(export.session),
        )
    ]
    with opened("datapackage.json") as file:
        file.write(orjson.dumps(description(export, written), option=orjson.OPT_INDENT_2))
    with opened("README.md") as file:
        file.write(_read_me(export).encode())


def write_zip(export: Export, path: Path) -> None:
    """The package as one file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:

        def opened(name: str) -> IO[bytes]:
            member = zipfile.ZipInfo(name, _EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            return bundle.open(member, "w", force_zip64=True)

        write_package(export, opened)


def registry_hash(export: Export) -> str:
    """A hash over the tables that do not hang on entries: when it is another, so is the package."""
    digest = hashlib.sha256()
    for table, documents in registry_rows(export.session):
        for text in csv_text(table, documents):
            digest.update(text.encode())
    return digest.hexdigest()[:16]


def description(export: Export, written: Iterable[_Written]) -> dict[str, Any]:
    """The text of ``datapackage.json``."""
    one, publisher = export.slice, export.publisher
    return {
        "profile": "tabular-data-package",
        "name": f"charity-ledger-{publisher.district_code}-{one.name}",
        "id": f"{publisher.address}/open-data/{one.name}/datapackage.zip",
        "title": f"{publisher.title} {one.name}",
        "homepage": f"{publisher.address}/open-data",
        "version": f"{one.version}",
        "created": export.stamp.isoformat().replace("+00:00", "Z"),
        "licenses": [{"name": LICENCE, "path": LICENCE_URL, "title": "署名 4.0 国际"}],
        "sources": [{"title": publisher.title, "path": f"{publisher.address}/"}],
        "checkpoint": {"tree_size": one.tree_size, "root": export.root},
        "resources": [_resource(of) for of in written],
    }


def _resource(written: _Written) -> dict[str, Any]:
    table = written.table
    return {
        "name": table.name,
        "title": str(table.title),
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.bytes,
        "hash": f"sha256:{written.sha256}",
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": resource, "fields": [key]}}
                for column, (resource, key) in table.refers.items()
            ],
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.name,
        "type": column.kind,
        "title": str(column.words),
        "example": column.example,
    }
    if column.unit:
        described["unit"] = str(column.unit)
    if column.source:
        described["source"] = str(column.source)
    if column.constraints:
        described["constraints"] = dict(column.constraints)
    return described


def _write(table: Table, documents: Iterable[Document], opened: Opened) -> _Written:
    digest, size = hashlib.sha256(), 0
    with opened(f"{table.name}.csv") as file:
        for text in csv_text(table, documents, mark=False):
            content = text.encode()
            digest.update(content)
            size += len(content)
            file.write(content)
    return _Written(table, size, digest.hexdigest())


def _postings(export: Export) -> Iterator[Document]:
    for entry, lines in booked_entries(export.session, export.slice):
        for line in lines:
            yield {
                "entry_no": entry.entry_no,
                "line_no": line.line_no,
                "account_code": line.account_code,
                "fund_code": line.fund_code,
                "amount_fen": line.amount_fen,
            }


def _read_me(export: Export) -> str:
    one, publisher = export.slice, export.publisher
    text = io.StringIO()
    text.write(f"# {publisher.title} {one.name}\n\n")
    text.write(
        _(
            "每一列的含义见 datapackage.json，也可以在 %(address)s/open-data/dictionary 阅读。",
            address=publisher.address,
        )
    )
    text.write("\n\n")
    text.write(_("许可：署名 4.0 国际（%(licence)s）。引用时请写明来源、月份和版本。", licence=LICENCE_URL))
    text.write("\n\n")
    text.write(
        _(
            "核对：entries.csv 的 index 列是防篡改日志的行号，%(address)s/log/verify.py 可以独立验证。"
            "账本状态：%(size)d 条，根 %(root)s。",
            address=publisher.address,
            size=one.tree_size,
            root=export.root,
        )
    )
    text.write("\n")
    return text.getvalue()
