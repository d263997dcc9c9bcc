"""What a person states of a gift, and where in the registry it belongs."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from portal.donors.models import DonorKind
from portal.giving.consent_models import ConsentHow
from portal.giving.currency import HOME, in_fen
from portal.giving.items import ItemDetails, value_of
from portal.giving.models import Restriction
from portal.giving.pledge_models import Pledge
from portal.ledger.models import Channel, Form
from portal.registry.models import Campaign, Fund, Organisation, Project, Station
from portal.registry.purposes import CharitablePurpose


@dataclass(frozen=True)
class DonationDetails:
    """A gift as stated: codes for things of the registry, fen for the amount, ``donor_id`` for a donor who is known."""

    fund: str
    amount_fen: int
    received_on: date
    channel: Channel = Channel.CASH
    organisation: str = ""
    station: str = ""
    campaign: str = ""
    project: str = ""
    donor_name: str = ""
    donor_kind: DonorKind = DonorKind.PERSON
    donor_id: int | None = None
    donor_phone: str = ""
    consent_how: ConsentHow = ConsentHow.IN_PERSON
    anonymous: bool = False
    publish_name: bool = False
    mask_name: bool = False
    form: Form = Form.MONEY
    external_ref: str = ""
    remark: str = ""
    late_reason: str = ""
    payer_name: str = ""
    restriction: Restriction = Restriction.NONE
    restriction_text: str = ""
    restricted_until: date | None = None
    agency: bool = False
    agency_beneficiary: str = ""
    currency: str = HOME
    foreign_amount: str = ""
    exchange_rate: str = ""
    rate_source: str = ""
    pledge: str = ""
    items: tuple[ItemDetails, ...] = ()

    @property
    def worth_fen(self) -> int:
        """What the gift comes to in the books: the money, foreign money at its rate, or the value of its lines."""
        if self.form is not Form.MONEY:
            return value_of(self.items)
        if self.currency != HOME and self.foreign_amount and self.exchange_rate:
            return in_fen(self.foreign_amount, self.exchange_rate)
        return self.amount_fen

    def content_hash(self) -> str:
        """SHA-256 of what is stated, to tell a repeated submission from another gift.

        The telephone number stays out: it is kept encrypted, and a hash of it beside the name would give it away.
        """
        stated = {name: value for name, value in asdict(self).items() if name != "donor_phone"}
        canonical = json.dumps(stated, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Placement:
    """Where in the registry a gift or payout belongs."""

    organisation: Organisation
    fund: Fund
    station: Station | None = None
    campaign: Campaign | None = None
    project: Project | None = None
    pledge: Pledge | None = None
    budget_line_id: int | None = None
    purpose_kind: CharitablePurpose | None = None
