"""What stands on a donor's papers (慈善法 38: donor, kind and quantity, organisation, who handled it, the day)."""

from dataclasses import dataclass
from datetime import date

from portal.giving.models import Donation, Restriction
from portal.i18n import gettext as _
from portal.ledger.models import Form
from portal.stock.lines import format_quantity


@dataclass(frozen=True)
class PaperFacts:
    """One gift as its donor's paper says it. ``amount_fen`` is 0 where nothing gives it a value.

    ``number`` is the paper's own, ``receipt_no`` the one by which anybody can check the gift.
    """

    number: str
    receipt_no: str
    donor: str
    payer: str
    organisation: str
    uscc: str
    fund: str
    station: str
    form: Form
    amount_fen: int
    lines: tuple[tuple[str, str], ...]
    restriction: str
    received_on: date
    handler: str
    lookup_code: str = ""
    copy: int = 1

    @property
    def is_money(self) -> bool:
        """Whether it was money."""
        return self.form is Form.MONEY


def facts_of(donation: Donation, number: str, *, lookup_code: str = "", copy: int = 1) -> PaperFacts:
    """What the paper of a gift says. It goes to the donor, so it bears the donor's own name."""
    anonymous = donation.anonymous or not donation.donor_name
    return PaperFacts(
        number=number,
        receipt_no=(donation.entry.receipt_no if donation.entry else None) or "",
        donor=_("爱心人士") if anonymous else donation.donor_name,
        payer=donation.payer_name,
        organisation=donation.organisation.name,
        uscc=donation.organisation.uscc,
        fund=donation.fund.name,
        station=donation.station.name if donation.station else "",
        form=donation.form,
        amount_fen=donation.amount_fen,
        lines=tuple(
            (
                f"{one.item} {one.specification}".strip(),
                f"{format_quantity(one.quantity_thousandths)} {one.unit}",
            )
            for one in donation.items
        ),
        restriction=donation.restriction_text if donation.restriction is not Restriction.NONE else "",
        received_on=donation.received_on,
        handler=donation.maker.display_name,
        lookup_code=lookup_code,
        copy=copy,
    )
