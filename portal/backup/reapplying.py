"""Bring back what was published and lost, from the published list itself, after an older copy was restored.

What was private in the missing leaves is lost, and nothing is made up for it.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.backup.verifying import Damaged
from portal.committees import using
from portal.db import insert_many, writing
from portal.evidence.publishing import erase_again
from portal.giving.models import Donation, DonationCounter
from portal.imports.erasing import erase_of_entry
from portal.ledger import (
    accounts,
    arrivals,
    balances,
    cancelling,
    daily_totals,
    day_places,
    head,
    receipts,
    transfers,
    year_totals,
)
from portal.ledger.codes import all_codes
from portal.ledger.entries import RECOVERED, Dimensions, Line, NewEntry
from portal.ledger.models import Channel, Direction, Entry, EntryKind, Form, Head, Posting
from portal.ledger.touched import touch
from portal.periods import noon
from portal.projects import budgets
from portal.questions.numbers import note_lost
from portal.registry.services.funds import change_purpose
from portal.reversals.models import ReversalRequest
from portal.spending import commitments
from portal.spending.models import Disbursement, DisbursementCounter, DisbursementState
from portal.staff.documents import DocumentState
from portal.transfers.models import FundTransfer, TransferCounter
from portal.translog import reading
from portal.translog.appending import Appending
from portal.translog.signing import Signer
from portal.translog.tree import Frontier, leaf_hash
from portal.watch.losses import note_recovered

Recorded = Donation | Disbursement | FundTransfer

_WORDS = {Donation: "donation", Disbursement: "disbursement", FundTransfer: "transfer"}
"""What the idempotency key of a document's entry begins with."""

_ENTRY_KINDS = {kind.value for kind in EntryKind}


def reapply(source: Iterable[bytes], signer: Signer) -> int:
    """Apply the leaves of a published list that the database lacks; return how many there were.

    Raises:
        Damaged: the list is not the one that was signed, or does not continue the database.
    """
    leaves = [line.rstrip(b"\n") for line in source]
    signed = signer.signed()
    edge = Frontier.empty()
    edge.extend(map(leaf_hash, leaves[: signed.size]))
    if edge.size < signed.size or edge.root() != signed.root:
        raise Damaged(f"这份清单不是签名公布过的那一份（应有 {signed.size} 条）。请换一份 entries.jsonl。")
    with writing(even_in_doubt=True) as session:
        held = reading.log_size(session)
        if list(reading.leaves(session, 0, held)) != leaves[:held]:
            raise Damaged("数据库里的记录和公布过的清单不一致，不能补回。请换一份备份。")
        _Reapplying(session).apply(leaves[held : signed.size])
    return signed.size - held


class _Reapplying:
    """One run of applying leaves, in the order in which they were published."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._size = head.lock(session).size
        self._log = Appending(session)
        self._ids = {(kind, code): id_ for (kind, id_), code in all_codes(session).found.items()}

    def apply(self, leaves: Sequence[bytes]) -> None:
        """Apply leaves, and say where the books stand after them."""
        for data in leaves:
            leaf = json.loads(data)
            index = self._log.add_bytes(data)
            if leaf["kind"] in _ENTRY_KINDS:
                self._entry(leaf, index)
                note_recovered(self._session, index)
            elif leaf["kind"] == "close":
                self._session.execute(
                    update(Head).values(closed_day=date.fromisoformat(leaf["date"]), closed_size=self._size)
                )
            elif leaf["kind"] == "erasure":
                number = self._session.scalar(select(Entry.entry_no).where(Entry.index == leaf["of"]))
                erase_of_entry(self._session, number or "")
                erase_again(self._session, leaf["of"])
            elif leaf["kind"] == "arrival":
                arrivals.restore(self._session, leaf, index)
                note_recovered(self._session, index)
            elif leaf["kind"] == "question":
                note_lost(self._session, leaf["no"])
        head.move(self._session, self._size)
        self._log.write()

    def _entry(self, leaf: dict[str, Any], index: int) -> None:
        session, document = self._session, self._document(leaf)
        entry = self._new_entry(leaf, document)
        day = date.fromisoformat(leaf["published"])
        positions = balances.apply(session, [entry])
        self._size += 1
        lines = positions.rows(entry, self._size)
        [receipt] = receipts.take_numbers(session, [entry], day.year)
        if receipt != leaf.get("receipt"):
            raise Damaged(f"{leaf['no']} 的回执号接不上：{receipt}")
        row = {
            "id": self._size,
            "index": index,
            "entry_no": leaf["no"],
            "booked_on": date.fromisoformat(leaf["booked"]),
            "posted_at": noon(day),
            "receipt_no": receipt,
            "late": leaf.get("late", False),
            "agency": entry.agency,
            "content_hash": entry.content_hash(),
            **{
                name: getattr(entry, name)
                for name in (
                    "kind",
                    "direction",
                    "form",
                    "channel",
                    "amount_fen",
                    "occurred_on",
                    "reverses_id",
                    "late_reason",
                    "reason",
                    "idempotency_key",
                    "document_no",
                )
            },
            "words_salt": None,
            **vars(entry.dimensions),
        }
        insert_many(session, Posting, lines)
        cancelling.note(session, [entry], self._size, lines)
        insert_many(session, Entry, [row])
        touch(session, [self._size])
        transfers.note(session, [entry], self._size)
        day_places.note(session, [(entry.occurred_on, index)])
        daily_totals.add(session, [entry])
        year_totals.add(session, [entry])
        self._settle(leaf, document)

    def _new_entry(self, leaf: dict[str, Any], document: Recorded | None) -> NewEntry:
        dimensions = {
            f"{kind}_id": self._ids[kind, leaf[kind]] if kind in leaf else None
            for kind in ("station", "street", "project", "campaign")
        }
        organisation_id, fund_id = (self._ids[kind, leaf[kind]] for kind in ("organisation", "fund"))
        key = f"{RECOVERED}{leaf['no']}"
        if document is not None:
            # The key that an approval would use: what came back can never be posted a second time.
            key = f"{_WORDS[type(document)]}:{document.id}"
        reverses = None
        if "reverses" in leaf:
            reverses = self._of(leaf["reverses"])
        return NewEntry(
            kind=EntryKind(leaf["kind"]),
            direction=Direction(leaf["direction"]),
            form=Form(leaf["form"]),
            channel=Channel(leaf["channel"]),
            amount_fen=leaf["fen"],
            occurred_on=date.fromisoformat(leaf["date"]),
            dimensions=Dimensions(organisation_id, fund_id, **dimensions),
            lines=tuple(
                Line(one["account"], self._ids["fund", one["fund"]], one["fen"]) for one in leaf["lines"]
            ),
            idempotency_key=key,
            reverses_id=reverses,
            receipt_series=leaf["receipt"].rsplit("-", 2)[0] if "receipt" in leaf else None,
            release_fen=0 if document is None or isinstance(document, Donation) else document.reserved_fen,
            document_no=leaf.get("document"),
            agency=leaf.get("agency", False),
        )

    def _of(self, number: str) -> int:
        """The entry with a number."""
        return self._session.scalars(select(Entry.id).where(Entry.entry_no == number)).one()

    def _document(self, leaf: dict[str, Any]) -> Recorded | None:
        """The document that the older copy still holds, before it was posted."""
        number = leaf.get("document", "")
        gift = self._session.scalar(select(Donation).where(Donation.donation_no == number))
        payout = select(Disbursement).where(Disbursement.disbursement_no == number)
        moved = select(FundTransfer).where(FundTransfer.transfer_no == number)
        return gift or self._session.scalar(payout) or self._session.scalar(moved)

    def _settle(self, leaf: dict[str, Any], document: Recorded | None) -> None:
        """Mark documents of the entry as posted, and never give their numbers again."""
        session = self._session
        if document is not None:
            if isinstance(document, Disbursement):
                _settle_payout(session, document, leaf, self._size)
            else:
                document.entry_id, document.state = self._size, DocumentState.POSTED
            if isinstance(document, FundTransfer):
                _settle_transfer(session, document)
            else:
                document.seal_lost = True
        if _has_to_arrive(leaf):
            arrivals.expect(session, self._size)
        if "reverses" in leaf:
            arrivals.forget(session, self._of(leaf["reverses"]))
            budgets.give_back(session, self._of(leaf["reverses"]), self._size)
            using.give_back(session, self._of(leaf["reverses"]))
            session.execute(
                update(ReversalRequest)
                .where(
                    ReversalRequest.state == DocumentState.PENDING,
                    ReversalRequest.subject_entry_id == self._of(leaf["reverses"]),
                )
                .values(state=DocumentState.POSTED, entry_id=self._size)
            )
        if "document" in leaf:
            _raise_counter(session, leaf["document"])
        session.flush()


def _settle_payout(session: Session, payout: Disbursement, leaf: dict[str, Any], entry_id: int) -> None:
    """A payout that the older copy holds as waiting was paid; by whom, and under which reference, is lost."""
    with session.no_autoflush:
        commitments.settle(session, payout, entry_id)
        payout.entry_id, payout.state = entry_id, DisbursementState.POSTED
    payout.paid_on, payout.channel = date.fromisoformat(leaf["date"]), Channel(leaf["channel"])


def _settle_transfer(session: Session, transfer: FundTransfer) -> None:
    """A transfer that the older copy holds as waiting was approved; a fund that it bound anew is bound so again."""
    using.spend(session, transfer.committee_decision_id, transfer.reserved_fen)
    transfer.reserved_fen = 0
    change = transfer.change
    if change is not None and transfer.from_fund_id == transfer.to_fund_id:
        change_purpose(session, transfer.from_fund, change.new_kind, change.new_purpose, None)


def _has_to_arrive(leaf: dict[str, Any]) -> bool:
    """Whether an entry is a payout for charitable activity: goods, or what its cost account says."""
    payout = leaf["kind"] == "disbursement" and leaf.get("document", "").startswith("P-")
    charitable = any(line["account"] == accounts.PROGRAMME for line in leaf["lines"])
    return payout and (leaf["form"] == Form.GOODS or charitable)


def _raise_counter(session: Session, number: str) -> None:
    """Numbers that were given out with lost documents are not given again."""
    series, year, last = number.rsplit("-", 2)
    kinds: dict[str, type[DonationCounter | DisbursementCounter | TransferCounter]]
    kinds = {"D": DonationCounter, "T": TransferCounter}
    kind = kinds.get(series, DisbursementCounter)
    counter: DonationCounter | DisbursementCounter | TransferCounter
    counter = session.get(kind, int(year)) or kind(year=int(year), last=0)
    session.add(counter)
    counter.last = max(counter.last, int(last))
    session.flush()
