"""What the forms of payouts take over from a list of persons."""

from typing import Any

from flask import request

from portal.beneficiaries import lists
from portal.db import db
from portal.staff.models import StaffMember


def list_id(typed: Any) -> int | None:
    """The number of a list as a form carries it."""
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def stated_by_list(by: StaffMember) -> dict[str, object]:
    """What the list that the address names says of the payout it is for; nothing where it names none.

    Raises:
        NotFound: there is no such list, or none for this person.
    """
    number = request.args.get("list", type=int)
    if number is None:
        return {}
    of_list = lists.find(db.session(), number, by)
    return {
        "beneficiary_list": of_list.id,
        "amount": of_list.total_fen or None,
        "recipient": of_list.group_words,
        "organisation": of_list.organisation.uscc,
    }
