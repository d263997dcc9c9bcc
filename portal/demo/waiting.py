"""What the demonstration leaves on the desk: documents that wait, came back, are half done, or were taken back."""

from portal.demo import corrections, gifts, payouts, purposes
from portal.demo.stage import Stage
from portal.giving import service as giving
from portal.periods import Month
from portal.spending import reviewing

PENDING_GIFTS = 12
GIFTS_AT_THE_COUNTER = 3
PENDING_PAYOUTS = 3
DRAFTS = 2


def leave(stage: Stage) -> None:
    """Leave gifts, payouts and a reversal in every state that is not yet the ledger's."""
    _gifts(stage)
    _payouts(stage)
    corrections.request_for_gift(stage, Month.of(stage.today).plus(-1))


def _gifts(stage: Stage) -> None:
    for _ in range(PENDING_GIFTS):
        gifts.record(stage, stage.recent_day())
    for _ in range(GIFTS_AT_THE_COUNTER):
        gifts.record_at_counter(stage, stage.recent_day())
    for _ in range(DRAFTS):
        gifts.record(stage, stage.recent_day(), submit=False)
    at_counter = gifts.record_at_counter(stage, stage.recent_day())
    for returned, reason in zip(
        (at_counter, gifts.record(stage, stage.recent_day())), purposes.RETURN_REASONS, strict=True
    ):
        giving.return_to_maker(returned.id, stage.reviewer, returned.version, reason)
    withdrawn = gifts.record(stage, stage.recent_day())
    giving.withdraw(withdrawn.id, withdrawn.maker, withdrawn.version)


def _payouts(stage: Stage) -> None:
    for _ in range(PENDING_PAYOUTS):
        payouts.request(stage)
    payouts.request(stage, submit=False)
    returned, refused, approved = (payouts.request(stage) for _ in range(3))
    if returned is not None:
        reviewing.return_to_maker(
            returned.id, stage.reviewer, returned.version, purposes.PAYOUT_RETURN_REASON
        )
    if refused is not None:
        reviewing.refuse(refused.id, stage.reviewer, refused.version, purposes.PAYOUT_REFUSAL_REASON)
    if approved is not None:
        payouts.approve(stage, approved)
    large = payouts.request_large(stage)
    if large is not None:
        reviewing.approve(large.id, stage.reviewer, large.version)
