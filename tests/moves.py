"""Transfers, changes of purpose and decisions of committees that went the whole way."""

import uuid
from datetime import date, timedelta
from typing import Any

from portal.committees import service as committees
from portal.committees.models import CommitteeDecision
from portal.committees.service import DecisionDetails, MemberDetails
from portal.db import db
from portal.evidence import attaching, subjects
from portal.evidence.attaching import EvidenceDetails, HandedIn
from portal.evidence.models import EvidenceKind
from portal.periods import today
from portal.registry.models import Fund
from portal.registry.purposes import CharitablePurpose
from portal.transfers import service
from portal.transfers.details import ChangeDetails, TransferDetails
from portal.transfers.models import ChangeBasis, FundTransfer
from portal.transfers.noticing import EVIDENCE_KIND
from tests import people
from tests.evidence import papers

OFFICES = ("主任", "居民代表", "捐赠人代表")


def transfer(source: Fund, target: Fund, amount_fen: int = 1_000, **given: Any) -> FundTransfer:
    """A transfer that waits for review."""
    stated = {"reason": "两个基金合并使用", "moved_on": today(), **given}
    details = TransferDetails(source.code, target.code, amount_fen, **stated)
    return service.request(details, people.clerk(), uuid.uuid4().hex)


def posted_transfer(source: Fund, target: Fund, amount_fen: int = 1_000, **given: Any) -> FundTransfer:
    """A transfer in the ledger."""
    waiting = transfer(source, target, amount_fen, **given)
    return service.approve(waiting.id, people.reviewer(), waiting.version)


def change(source: Fund, target: Fund, amount_fen: int = 1_000, **given: Any) -> FundTransfer:
    """A change of purpose with the donor's consent, unless told otherwise, that waits for review."""
    return transfer(source, target, amount_fen, change=change_details(**given))


def proven(waiting: FundTransfer) -> FundTransfer:
    """A change of purpose with a paper of the decision attached."""
    place = (EVIDENCE_KIND, waiting.id)
    subject = subjects.kind_of(EVIDENCE_KIND).find(db.session(), waiting.id, people.clerk())
    details = EvidenceDetails(
        EvidenceKind.DECISION, [HandedIn("decision.jpg", papers.photo())], note="会议记录"
    )
    attaching.attach(place, subject, details, people.clerk())
    return waiting


def change_details(**given: Any) -> ChangeDetails:
    """What a change of purpose says."""
    facts: dict[str, Any] = {
        "old_purpose": "救助台风灾民",
        "new_purpose": "资助困难学生",
        "new_kind": CharitablePurpose.CULTURE,
        "basis": ChangeBasis.CONSENT,
        "decided_on": today(),
        "decided_by": "理事会第 3 次会议",
        **given,
    }
    of_basis: dict[ChangeBasis, dict[str, Any]] = {
        ChangeBasis.CONSENT: {"consent": "捐赠 D-2026-000001，书面同意"},
        ChangeBasis.NOTICE: {
            "notice_text": "台风救灾款还有剩余，多次联系不上捐赠人，拟改为资助困难学生。",
            "objections_to": "电话 020-00000000，慈善会办公室",
        },
        ChangeBasis.PLAN: {"filing_no": "51440105MJK0000019A26001", "filed_on": today()},
    }
    return ChangeDetails(**{**of_basis[facts["basis"]], **facts})


def committee(fund: Fund, since: date | None = None) -> None:
    """Three people who sit in a fund's committee, since a year unless told otherwise."""
    for number, office in enumerate(OFFICES, start=1):
        details = MemberDetails(f"成员{number}号", office, since or today() - timedelta(days=365))
        committees.seat(fund.code, details, people.clerk())


def decision(fund: Fund, amount_fen: int = 100_000, **given: Any) -> CommitteeDecision:
    """A decision that waits to be confirmed; the committee must be there."""
    facts: dict[str, Any] = {
        "number": uuid.uuid4().hex[:8],
        "decided_on": today(),
        "present": 3,
        "votes_for": 3,
        "votes_against": 0,
        "abstained": 0,
        "decided": "资助本街道困难家庭",
        **given,
    }
    details = DecisionDetails(amount_fen=amount_fen, **facts)
    return committees.enter(fund.code, details, people.clerk(), uuid.uuid4().hex)


def confirmed_decision(fund: Fund, amount_fen: int = 100_000, **given: Any) -> CommitteeDecision:
    """A decision that payouts may be made under."""
    entered = decision(fund, amount_fen, **given)
    return committees.approve(entered.id, people.reviewer(), entered.version)
