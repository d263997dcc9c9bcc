"""What a gift becomes in the ledger, and what of it is sealed in its leaf."""

from collections.abc import Iterator
from functools import partial

from portal.giving.models import Donation, Restriction
from portal.ledger.entries import Dimensions, Document, NewEntry, money_received
from portal.ledger.in_kind import CONSUMED_AT_ONCE, goods_received, service_used
from portal.ledger.models import Form
from portal.translog.canonical import seal


def entries_of(donation: Donation) -> list[NewEntry]:
    """The ledger entries a gift becomes: its own, and for a service of some worth the use of it in the same moment.

    Its street is the station's, else the fund's.
    """
    station, fund = donation.station, donation.fund
    document = Document(
        f"donation:{donation.id}", donation.donation_no, tuple(_sealed(donation)), agency=donation.agency
    )
    receive = (
        partial(money_received, channel=donation.channel)
        if donation.form is Form.MONEY
        else partial(goods_received, form=donation.form)
    )
    gift = receive(
        amount_fen=donation.amount_fen,
        occurred_on=donation.received_on,
        dimensions=Dimensions(
            organisation_id=donation.organisation_id,
            fund_id=donation.fund_id,
            station_id=donation.station_id,
            street_id=station.street_id if station else fund.street_id,
            project_id=donation.project_id,
            campaign_id=donation.campaign_id,
        ),
        restricted=fund.restricted or donation.restriction is not Restriction.NONE,
        document=document,
        receipt_series=station.code if station else fund.code,
        late_reason=donation.late_reason,
    )
    used_at_once = donation.form in CONSUMED_AT_ONCE and gift.amount_fen and not gift.agency
    return [gift, service_used(gift)] if used_at_once else [gift]


def _sealed(donation: Donation) -> Iterator[tuple[str, str]]:
    if donation.donor_salt:
        yield "donor", seal(donation.donor_salt, donation.donor_part)
    if donation.goods_salt:
        yield "goods", seal(donation.goods_salt, {"lines": donation.goods_part})
