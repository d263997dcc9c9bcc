"""What a writer does: commands at random, some twice, some that others send too; each in its journal twice."""

import random
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bench.soak.commands import APPROVALS, Answer, Command, What, approval_of, carry_out, queue, reversal_of
from bench.soak.journal import Journal
from portal.config import Settings
from portal.db import db
from portal.ledger.models import Channel
from portal.periods import today
from portal.refusals import Refusal
from portal.registry.models import Fund, Station
from portal.translog.publishing import publish
from portal.translog.signing import FileSigner, SignerRefusal

_LARGEST_GIFT = 10_000
_LARGEST_PAYOUT = 12_000
"""In fen. Some payouts ask for more than their fund has, and must be refused."""


class LostContact(Exception):
    """The database does not answer any more."""


class Desk:
    """A clerk and a reviewer who share a computer, and keep a journal."""

    def __init__(self, app: Flask, journal: Journal, seed: int, shared: str) -> None:
        self._app = app
        self._journal = journal
        self._random = random.Random(seed)
        self._mine = f"{seed:x}"
        self._shared = shared
        self._made = self._shared_made = 0
        self._waiting: list[Command] = []
        self._posted: list[tuple[str, Command]] = []
        self._answered: list[Command] = []
        settings: Settings = app.config["PORTAL_SETTINGS"]
        self._signer = FileSigner(settings.signing_key)
        with app.app_context():
            self._funds = list(db.session.scalars(select(Fund.code).order_by(Fund.code)))
            self._stations = ["", *db.session.scalars(select(Station.code))]

    def work(self) -> None:
        """Send a few commands, then have the log signed.

        Raises:
            LostContact: the database went away.
        """
        for _ in range(self._random.randint(1, 5)):
            self.send(self._choose())
        self.publish()

    def send(self, command: Command) -> None:
        """Send one command and write down what became of it."""
        self._journal.asks(command)
        try:
            with self._app.app_context():
                answer = carry_out(command)
        except Refusal as no:
            self._journal.refused(command, type(no).__name__)
        except SQLAlchemyError as problem:
            self._journal.failed(command, _name(problem))
            _require_contact(problem)
        else:
            self._journal.answered(command, answer.number)
            self._remember(command, answer)

    def publish(self) -> None:
        """Have the log signed and keep the checkpoint."""
        try:
            with self._app.app_context():
                signed = publish(self._signer)
        except SignerRefusal as no:
            self._journal.not_published(type(no).__name__)
        except SQLAlchemyError as problem:
            self._journal.not_published(_name(problem))
            _require_contact(problem)
        else:
            if signed is not None:
                self._journal.saw(signed.note)

    def _choose(self) -> Command:
        choices: list[tuple[int, Callable[[], Command]]] = [
            (30, self._gift),
            (8, self._shared_gift),
            (12, self._payout),
            (5, self._approval_from_the_queue),
        ]
        if self._waiting:
            choices.append((34, self._approval))
        if self._posted:
            choices.append((6, self._reversal))
        if self._answered:
            choices.append((5, self._again))
        [make] = self._random.choices([make for _, make in choices], [weight for weight, _ in choices])
        return make()

    def _gift(self) -> Command:
        return _gift(self._key(), self._random, self._funds, self._stations)

    def _shared_gift(self) -> Command:
        """A form that the writers beside this one send as well, under the same key."""
        self._shared_made += 1
        key = f"{self._shared}-{self._shared_made}"
        return _gift(key, random.Random(key), self._funds, self._stations)

    def _payout(self) -> Command:
        amount_fen = self._random.randint(1, _LARGEST_PAYOUT)
        fund = self._random.choice(self._funds)
        return Command(What.PAYOUT, self._key(), fund, "out", amount_fen)

    def _reversal(self) -> Command:
        entry_no, posted = self._posted.pop(self._random.randrange(len(self._posted)))
        return reversal_of(self._key(), entry_no, posted.fund, posted.direction, posted.amount_fen)

    def _approval(self) -> Command:
        return self._waiting.pop(self._random.randrange(len(self._waiting)))

    def _approval_from_the_queue(self) -> Command:
        """Whatever waits, so that two reviewers may decide on the same document."""
        with self._app.app_context():
            waiting = queue(db.session())
        return self._random.choice(waiting) if waiting else self._gift()

    def _again(self) -> Command:
        return self._random.choice(self._answered)

    def _remember(self, command: Command, answer: Answer) -> None:
        self._answered.append(command)
        if command.what in APPROVALS:
            self._waiting.append(approval_of(command, answer.document_id, answer.version))
        elif command.what is not What.REVERSAL_APPROVAL:
            self._posted.append((answer.number, command))

    def _key(self) -> str:
        self._made += 1
        return f"{self._mine}-{self._made}"


def _gift(key: str, by: random.Random, funds: list[str], stations: list[str]) -> Command:
    stated = {
        "day": _day(by),
        "channel": by.choice([one for one in Channel if one is not Channel.IN_KIND]).value,
        "station": by.choice(stations),
        "donor": by.choice(("", "李女士", "海珠区第一小学")),
    }
    return Command(What.GIFT, key, by.choice(funds), "in", by.randint(1, _LARGEST_GIFT), stated)


def _day(by: random.Random) -> str:
    return (today() - timedelta(days=by.randint(0, 3))).isoformat()


def _name(problem: SQLAlchemyError) -> str:
    cause = problem.orig if isinstance(problem, DBAPIError) else None
    return type(cause or problem).__name__


def _require_contact(problem: SQLAlchemyError) -> None:
    with_contact = {"LockNotAvailable", "DeadlockDetected", "UniqueViolation", "SerializationFailure"}
    if isinstance(problem, DBAPIError) and _name(problem) not in with_contact:
        raise LostContact(_name(problem)) from problem
