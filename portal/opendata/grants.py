"""Payouts as grants in the 360Giving data standard (JSON): from whom, to whom, how much, when, for what.

A grant is money or goods that went to people or organisations for the purpose. What was bought, the cost of running and
of raising money, and payouts that were reversed are no grants.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.disclosure import entries
from portal.disclosure.public_entries import Named, PublicEntry
from portal.i18n import gettext as _
from portal.ledger.models import Entry, EntryKind
from portal.opendata.export import CURRENCY, LICENCE_URL, Export
from portal.opendata.given import IS_GRANT
from portal.refusals import NotFound
from portal.spending.models import Disbursement

STANDARD = "1.4"
_LONGEST_TITLE = 140
_USCC_SCHEME = "CN-USCI"
"""How org-id.guide calls the unified social credit codes of China."""

Document = dict[str, Any]


def grants_json(export: Export) -> Iterator[str]:
    """The package of a slice's grants, piece by piece.

    Raises:
        NotFound: there were none; the standard knows no empty package.
    """
    grants = _grants(export)
    first = next(grants, None)
    if first is None:
        raise NotFound(_("这个时间没有拨给个人或单位的支出，所以没有 360Giving 文件。"))
    head = orjson.dumps(_package(export)).decode()
    yield f'{head[:-1]},"grants":[\n{_json(first)}'
    for grant in grants:
        yield f",\n{_json(grant)}"
    yield "\n]}\n"


def _package(export: Export) -> Document:
    one, publisher = export.slice, export.publisher
    return {
        "version": STANDARD,
        "title": f"{publisher.title} {one.name}",
        "identifier": f"{publisher.district_code}-{one.name}-{one.version}",
        "issued": one.changed_on.isoformat(),
        "publisher": {"name": publisher.title, "website": f"{publisher.address}/"},
        "license": LICENCE_URL,
        "accessURL": f"{publisher.address}/open-data",
        "downloadURL": f"{publisher.address}/open-data/{one.name}/360giving.json",
    }


def _grants(export: Export) -> Iterator[Document]:
    for part in entries.in_order(export.session, export.slice.begins, export.slice.ends):
        payouts = [one for one in part if _is_payout(one)]
        given = _given(export.session, [one.id for one in payouts])
        yield from (_grant(export, one, given[one.id]) for one in payouts if one.id in given)


def _is_payout(entry: PublicEntry) -> bool:
    return entry.kind is EntryKind.DISBURSEMENT and entry.reversed_by is None


def _given(session: Session, entry_ids: Sequence[int]) -> dict[int, str | None]:
    """Those of the payouts that are grants, each with the credit code of its recipient, where one is known."""
    found = session.execute(
        select(Entry.id, Disbursement.recipient_uscc)
        .join(Disbursement, Disbursement.entry_id == Entry.id)
        .where(Entry.id.in_(entry_ids), IS_GRANT)
    )
    return dict(found.all())


def _grant(export: Export, entry: PublicEntry, uscc: str | None) -> Document:
    address = export.publisher.address
    words = entry.purpose or "支出"
    helped = f"，受益 {entry.beneficiary_count} 人" if entry.beneficiary_count else ""
    helped = "，受益不足 5 人" if entry.few_helped else helped
    yuan = entry.amount_fen / 100
    return {
        "id": f"360G-{export.publisher.district_code}-{entry.entry_no}",
        "title": words[:_LONGEST_TITLE],
        "description": f"{words}（{entry.recipient or '未写明'}{helped}）",
        "currency": CURRENCY,
        "amountAwarded": yuan,
        "amountDisbursed": yuan,
        "awardDate": entry.occurred_on.isoformat(),
        **_recipient(export, entry, uscc),
        "fundingOrganization": [
            {"id": f"{_USCC_SCHEME}-{entry.organisation.code}", "name": entry.organisation.name}
        ],
        "grantProgramme": [{"code": entry.fund.code, "title": entry.fund.name}],
        **({"beneficiaryLocation": [_location(entry.street)]} if entry.street else {}),
        "dateModified": f"{export.slice.changed_on.isoformat()}T00:00:00Z",
        "dataSource": f"{address}/ledger/{entry.entry_no}",
    }


def _recipient(export: Export, entry: PublicEntry, uscc: str | None) -> Document:
    """People are a group in public words and never a person; organisations carry the name the portal shows."""
    name = entry.recipient or "未写明"
    own_id = f"360G-{export.publisher.district_code}-{entry.entry_no}-recipient"
    if entry.to_persons:
        return {"recipientIndividual": {"id": own_id, "name": name}}
    return {"recipientOrganization": [{"id": f"{_USCC_SCHEME}-{uscc}" if uscc else own_id, "name": name}]}


def _location(street: Named) -> Document:
    return {"name": street.name, "countryCode": "CN", "geoCode": street.code, "geoCodeType": "CN-STAT"}


def _json(grant: Document) -> str:
    return orjson.dumps(grant).decode()
