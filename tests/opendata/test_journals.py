"""hledger and beancount read our journals without a word, and hold what the portal's own sums say, to the fen."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import writing
from portal.ledger.figures import fund_pots
from portal.ledger.models import Channel
from portal.registry.models import Fund
from tests import factories, gifts, goods
from tests.opendata.taking import LAST, THIS, saved, within
from tools.judges import data, installed, programs
from tools.judges.programs import Balances


@pytest.fixture(scope="session", autouse=True)
def _judges() -> None:
    installed.set_up("python")


@pytest.fixture
def funds(session: Session) -> list[Fund]:
    """Two funds with money, goods and what is only passed on, in two years and two months."""
    with writing() as writer:
        made = [factories.fund(writer, name="带 “引号” ; 和 | 的基金"), factories.fund(writer, code="2-X")]
    for fund in made:
        gifts.posted_gift(fund, 1_000_001, date(LAST.year - 1, 3, 1), channel=Channel.WECHAT)
        gifts.posted_payout(
            fund, 300_000, date(LAST.year - 1, 4, 1), purpose='说"不" \\ ; | 换行\n后', recipient="群众"
        )
        gifts.posted_gift(
            fund,
            5_55,
            within(LAST),
            donor_name='"; |',
            publish_name=True,
            agency=True,
            agency_beneficiary="某",
        )
        goods.gift(fund, goods.line("口罩", 3, value_fen=4_001), goods.line("旧书", 1), day=within(LAST, 7))
        goods.gift(fund, goods.line("未计价", 2), day=within(LAST, 8))
        wrong = gifts.posted_gift(fund, 70_000, within(LAST, 6))
        assert wrong.entry is not None
        gifts.reversed_entry(wrong.entry)
        gifts.posted_payout(fund, 100_000, THIS.first)
    return made


def _held(session: Session) -> Balances:
    session.rollback()
    ids = dict(session.execute(select(Fund.id, Fund.code)).all())
    return {ids[id_]: pots for id_, pots in fund_pots(session, ids).items()}


@pytest.mark.parametrize("period", [str(THIS.year), "all", str(THIS)])
def test_both_programs_agree_with_the_books(
    session: Session, funds: list[Fund], tmp_path: Path, period: str
) -> None:
    journal, ledger = saved(tmp_path, period, "hledger"), saved(tmp_path, period, "beancount")
    assert programs.hledger(journal) == [] and programs.bean_check(ledger) == []
    held = _held(session)
    assert all(sum(pots.values()) > 0 for pots in held.values())
    assert list(data.compare(held, programs.hledger_balances(journal), "hledger")) == []
    assert list(data.compare(held, programs.beancount_balances(ledger), "beancount")) == []


@pytest.mark.one_engine
def test_a_month_begins_with_what_was_held_before(
    session: Session, funds: list[Fund], tmp_path: Path
) -> None:
    text = saved(tmp_path, THIS, "hledger").read_text()
    assert f"{THIS.first} * 期初 2-X" in text
    assert "Equity:2-X:0000期初" in text and "Income:" not in text.split("期初 2-X")[1].split("\n\n")[0]
    # A late entry of an earlier month moves the opening of this one.
    gifts.posted_gift(funds[0], 77, within(LAST, 9))
    assert saved(tmp_path, THIS, "hledger").read_text() != text
    assert programs.hledger(tmp_path / "ledger.journal") == []


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("name", "judge", "old", "new"),
    [
        ("hledger", programs.hledger, " =* ", " =* 0.01 CNY + "),
        ("hledger", programs.hledger, "account Assets:2-X:1002银行存款\n", ""),
        ("hledger", programs.hledger, "-1000.00 CNY", "-1000.01 CNY"),
        ("beancount", programs.bean_check, " ~ 0.00 CNY", "1 ~ 0.00 CNY"),
        ("beancount", programs.bean_check, "-1000.00 CNY", "-1000.01 CNY"),
    ],
)
def test_a_planted_fault_is_caught(
    session: Session, funds: list[Fund], tmp_path: Path, name: str, judge: object, old: str, new: str
) -> None:
    assert callable(judge)
    path = saved(tmp_path, "all", name)
    assert judge(path) == []
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    assert judge(path)


@pytest.mark.one_engine
def test_one_fen_in_a_closing_balance_is_caught_by_both(
    session: Session, funds: list[Fund], tmp_path: Path
) -> None:
    for name, judge, mark in (
        ("hledger", programs.hledger, " = "),
        ("beancount", programs.bean_check, " balance "),
    ):
        path = saved(tmp_path, "all", name)
        lines = path.read_text().splitlines()
        place = next(
            number for number, line in enumerate(lines) if mark in line and "1009" in line and "0.01" in line
        )
        at = lines[place].rindex("0.01")
        lines[place] = lines[place][:at] + "0.02" + lines[place][at + 4 :]
        path.write_text("\n".join(lines) + "\n")
        assert judge(path), lines[place]
