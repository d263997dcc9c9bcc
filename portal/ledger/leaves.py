"""What an entry says in the transparency log (docs/adr/0011): codes, days and fen, nobody's name or words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from portal.ledger.codes import Codes
from portal.periods import local
from portal.translog.canonical import seal

Row = Mapping[str, Any]


def entry_leaf(
    entry: Row, postings: Sequence[Row], codes: Codes, sealed: Mapping[str, str]
) -> dict[str, Any]:
    """The leaf of an entry, from the values of its row and of its postings' rows.

    ``entry`` holds ``reverses`` (the number of the entry it cancels) besides its columns.
    """
    leaf = {
        "kind": entry["kind"].value,
        "date": entry["occurred_on"].isoformat(),
        "no": entry["entry_no"],
        "booked": entry["booked_on"].isoformat(),
        "published": local(entry["posted_at"]).date().isoformat(),
        **codes.of_dimensions(entry),
        "direction": entry["direction"].value,
        "form": entry["form"].value,
        "channel": entry["channel"].value,
        "fen": entry["amount_fen"],
        "lines": [
            {
                "account": posting["account_code"],
                "fund": codes.of("fund", posting["fund_id"]),
                "fen": posting["amount_fen"],
            }
            for posting in postings
        ],
        "after": {
            codes.of("fund", posting["fund_id"]): {
                "in": posting["fund_in_after_fen"],
                "out": posting["fund_out_after_fen"],
            }
            for posting in postings
        },
    }
    optional = {
        "reverses": entry["reverses"],
        "receipt": entry["receipt_no"],
        "document": entry["document_no"],
        "late": entry["late"],
        "agency": entry["agency"],
        "sealed": dict(sealed),
    }
    return leaf | {key: value for key, value in optional.items() if value}


def arrival_leaf(arrival: Row, entry_no: str, takes_back: int | None) -> dict[str, Any]:
    """The leaf of a part of a payout that arrived, from the values of its row.

    ``takes_back`` is the index of the leaf that it takes back, if any.
    """
    leaf = {
        "kind": "arrival",
        "date": arrival["arrived_on"].isoformat(),
        "no": entry_no,
        "published": local(arrival["recorded_at"]).date().isoformat(),
        "fen": arrival["amount_fen"],
    }
    if takes_back is not None:
        leaf["takes_back"] = takes_back
    if arrival["people_salt"] is not None:
        leaf["sealed"] = {"people": seal(arrival["people_salt"], {"people": arrival["people"]})}
    return leaf


def words_of(reason: str, late_reason: str) -> dict[str, str]:
    """The private part ``words`` of an entry: what a colleague wrote about it."""
    return {"reason": reason, "late_reason": late_reason}


def close_leaf(day: date, entries: int, funds: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """The leaf that closes a day: how many entries there are, and what moved funds had received and paid in all."""
    return {
        "kind": "close",
        "date": day.isoformat(),
        "entries": entries,
        "funds": {code: {"in": came, "out": went} for code, (came, went) in funds.items()},
    }
