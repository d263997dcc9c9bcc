"""The pages that list payouts, with 1,000 and with 100,000 of them: what waits is the same, so the time must be."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from flask import Flask
from flask.testing import FlaskClient

from bench.measuring import Measurement, middle_milliseconds, scratch_portal
from portal.config import Settings
from portal.db import db, writing
from portal.periods import now, today
from portal.registry.models import Fund
from tests import factories, people

FEW, MANY = 1_000, 100_000
PENDING, SECOND, APPROVED, LATE = 60, 20, 40, 30
"""What waits for a reviewer, for another, to be paid, and has been on its way for too long; the rest is done."""
DAYS = 300
AMOUNT_FEN = 10_000

PAGES = {
    "the reviewers' queue": ("reviewer", "/desk/queue"),
    "the clerks' queue": ("clerk", "/desk/queue"),
    "the list of payouts": ("clerk", "/desk/disbursements"),
    "the list of payouts to be paid": ("clerk", "/desk/disbursements?state=approved"),
    "the list of refused payouts": ("clerk", "/desk/disbursements?state=refused"),
    "the project's page": ("", "/projects/PJBENCH"),
    "the public ledger of payouts": ("", "/ledger?direction=out"),
}


def measurements() -> Iterator[Measurement]:
    """Milliseconds a page among many payouts; the floor is the same page among few."""
    few, many = _times(FEW), _times(MANY)
    for name, taken in many.items():
        yield Measurement(f"{name} among {MANY} payouts", taken, "ms", few[name])


def _times(payouts: int) -> dict[str, float]:
    with scratch_portal() as (app, fund):
        with writing() as session:
            project = factories.project(session, organisation_id=fund.organisation_id, code="PJBENCH")
        browsers = {
            "": app.test_client(),
            "clerk": people.log_in(app, people.clerk()),
            "reviewer": people.log_in(app, people.reviewer()),
        }
        _fill(app, fund, project.id, payouts)
        return {name: _milliseconds(browsers[who], path) for name, (who, path) in PAGES.items()}


def _milliseconds(browser: FlaskClient, path: str) -> float:
    def ask() -> None:
        # A page that the browser remembers would only be compared.
        answer = browser.get(path, headers={"Cache-Control": "no-cache"})
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")

    ask()
    return middle_milliseconds(ask, 15)


def _fill(app: Flask, fund: Fund, project_id: int, payouts: int) -> None:
    """Write payouts as the services would, without their checks; those that wait come in the middle of the others."""
    settings: Settings = app.config["PORTAL_SETTINGS"]
    file = settings.database_file
    if file is None:
        raise SystemExit("this measurement needs an SQLite file")
    maker_id, approver_id, place = (
        people.clerk().id,
        people.reviewer().id,
        (fund.organisation_id, fund.id, project_id),
    )
    db.session.remove()
    with sqlite3.connect(file) as connection:
        _drop_triggers(connection)
        connection.executemany(_INSERT_ENTRY, _entries(place, payouts))
        connection.executemany(_INSERT_PAYOUT, _payouts(place, payouts, (maker_id, approver_id)))
        connection.executemany(_INSERT_DELIVERY, _deliveries(fund.organisation_id, payouts))
        connection.executemany(_INSERT_TOTAL, _totals(place, payouts))
    connection.close()


def _drop_triggers(connection: sqlite3.Connection) -> None:
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")


_INSERT_ENTRY = (
    'INSERT INTO ledger_entry (id, "index", entry_no, kind, direction, form, channel, amount_fen, occurred_on,'
    " booked_on, posted_at, organisation_id, fund_id, project_id, agency, late, late_reason, reason, idempotency_key,"
    " content_hash) VALUES (?, ?, ?, 'disbursement', 'out', 'money', 'bank', ?, ?, ?, ?, ?, ?, ?, 0, 0, '', '', ?, '')"
)
_INSERT_PAYOUT = (
    "INSERT INTO disbursement (id, disbursement_no, kind, form, state, recipient, purpose, beneficiary_count,"
    " amount_fen, paid_on, channel, payment_ref, remark, late_reason, reserved_fen, entry_id, idempotency_key,"
    " content_hash, seal_lost, version, made_at, submitted_at, maker_id, approver_id, organisation_id, fund_id,"
    " project_id) VALUES (?, ?, 'aid', 'money', ?, '困难家庭学生', '发放助学金', 12, ?, ?, 'bank', '', '', '', ?, ?, ?,"
    " '', 0, 1, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_DELIVERY = (
    "INSERT INTO ledger_delivery (entry_id, organisation_id, paid_on, amount_fen, arrived_fen, arrivals, arrived_on)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_TOTAL = (
    "INSERT INTO ledger_daily_total (day, organisation_id, fund_id, station_id, street_id, project_id, campaign_id,"
    " direction, form, channel, agency, entries, amount_fen)"
    " VALUES (?, ?, ?, 0, 0, ?, 0, 'out', 'money', 'bank', 0, ?, ?)"
)

Place = tuple[int, int, int]


def _states(payouts: int) -> Sequence[str]:
    waiting = ["pending"] * PENDING + ["second_pending"] * SECOND + ["approved"] * APPROVED
    done = payouts - len(waiting)
    return ["posted"] * (done // 2) + waiting + ["posted"] * (done - done // 2)


def _posted(payouts: int) -> Iterator[tuple[int, date]]:
    """Number and day of each payout that was paid."""
    for number, state in enumerate(_states(payouts), start=1):
        if state == "posted":
            yield number, today() - timedelta(days=DAYS - number * DAYS // payouts)


def _entries(place: Place, payouts: int) -> Iterator[tuple[object, ...]]:
    instant = now().isoformat()
    for number, day in _posted(payouts):
        stated = (number, number, f"E-{number}", AMOUNT_FEN, day.isoformat(), day.isoformat(), instant)
        yield (*stated, *place, f"bench-{number}")


def _payouts(place: Place, payouts: int, people_ids: tuple[int, int]) -> Iterator[tuple[object, ...]]:
    maker_id, approver_id = people_ids
    paid, instant = dict(_posted(payouts)), now().isoformat()
    for number, state in enumerate(_states(payouts), start=1):
        entry_id = number if number in paid else None
        day = paid[number].isoformat() if entry_id else None
        approver = None if state == "pending" else approver_id
        amounts = (AMOUNT_FEN, day, 0 if entry_id else AMOUNT_FEN, entry_id)
        times = (instant, instant, maker_id, approver)
        yield (number, f"P-{number}", state, *amounts, f"bench-{number}", *times, *place)


def _deliveries(organisation_id: int, payouts: int) -> Iterator[tuple[object, ...]]:
    for count, (number, day) in enumerate(_posted(payouts)):
        arrived = (0, 0, None) if count < LATE else (AMOUNT_FEN, 1, day.isoformat())
        yield (number, organisation_id, day.isoformat(), AMOUNT_FEN, *arrived)


def _totals(place: Place, payouts: int) -> Iterator[tuple[object, ...]]:
    days: dict[date, int] = {}
    for _number, day in _posted(payouts):
        days[day] = days.get(day, 0) + 1
    for day, entries in days.items():
        yield (day.isoformat(), *place, entries, entries * AMOUNT_FEN)
