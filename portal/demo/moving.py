"""Committees and their decisions, a transfer, and changes of purpose: one done, one under public notice."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

from PIL import Image

from portal.committees import service as committees
from portal.committees.models import CommitteeDecision
from portal.committees.service import DecisionDetails, MemberDetails
from portal.demo.stage import Stage
from portal.evidence import attaching, subjects
from portal.evidence.attaching import EvidenceDetails, HandedIn
from portal.evidence.models import EvidenceKind
from portal.ledger.balances import available_fen
from portal.periods import Month
from portal.registry.models import Fund, FundKind
from portal.registry.purposes import CharitablePurpose
from portal.transfers import noticing, service
from portal.transfers.details import ChangeDetails, TransferDetails
from portal.transfers.models import ChangeBasis, FundTransfer

OFFICES = ("主任", "副主任", "居民代表", "捐赠人代表", "社区社会工作者")
_SURNAMES = "陈林黄张李"
_BUDGET_FEN = 500_000_000
"""What a committee gives free for a year."""
_WAITING_FEN = 3_000_000
_MOVED_FEN = 2_000_000


def seat_committees(stage: Stage, first_year: int) -> None:
    """Each community fund has a committee, which decides about every year at its beginning."""
    for fund in _community_funds(stage):
        for number, office in enumerate(OFFICES):
            name = f"{_SURNAMES[number]}委员{fund.code[-2:]}"
            committees.seat(fund.code, MemberDetails(name, office, fund.opened_on), stage.clerk)
        for year in range(first_year, stage.today.year + 1):
            decided_on = min(date(year, 1, 5), stage.today)
            _confirm(stage, _enter(stage, fund, f"{year}-1", decided_on, _BUDGET_FEN))


def decision_for(stage: Stage, fund: Fund, amount_fen: int) -> int | None:
    """A decision that covers a payout of a community fund; None for other funds."""
    if fund.kind is not FundKind.COMMUNITY:
        return None
    rows = [one for one in committees.usable(stage.session, stage.clerk) if one.fund_id == fund.id]
    return next((one.id for one in reversed(rows) if one.left_fen >= amount_fen), None)


def move(stage: Stage) -> None:
    """A transfer within the federation, a change with the donor's consent, and one that the public may object to."""
    _transfer(stage)
    _change(stage, ChangeBasis.CONSENT)
    _change(stage, ChangeBasis.NOTICE)
    fund = next(_community_funds(stage))
    _enter(stage, fund, f"{stage.today.year}-2", stage.today, _WAITING_FEN)


def _transfer(stage: Stage) -> None:
    general, named = _named(stage, "区慈善会综合基金"), _named(stage, "骑楼街坊冠名基金")
    amount = _affordable(stage, general)
    if amount:
        details = TransferDetails(
            from_fund=general.code,
            to_fund=named.code,
            amount_fen=amount,
            reason="冠名基金的临时救助申请增多，从综合基金调剂。",
            moved_on=_open_day(stage),
        )
        _approve(stage, service.request(details, stage.clerk, stage.key()))


def _change(stage: Stage, basis: ChangeBasis) -> None:
    disaster = _named(stage, "防汛救灾专项基金")
    target = "珠江潮综合基金" if basis is ChangeBasis.CONSENT else "受灾家庭助学专项基金"
    amount = _affordable(stage, disaster)
    if not amount:
        return
    details = TransferDetails(
        from_fund=disaster.code,
        to_fund=_named(stage, target).code,
        amount_fen=amount,
        reason="今年汛期平稳，救灾款有结余。",
        moved_on=stage.today,
        change=_change_details(stage, basis),
    )
    made = service.request(details, stage.clerk, stage.key())
    _attach_paper(stage, made)
    if basis is ChangeBasis.CONSENT:
        _approve(stage, made)
    else:
        noticing.open_notice(made.id, stage.reviewer, made.version)


def _attach_paper(stage: Stage, made: FundTransfer) -> None:
    """A blank sheet in place of the minutes; it is for staff only."""
    sheet = BytesIO()
    Image.new("RGB", (600, 800), "white").save(sheet, "PNG")
    subject = subjects.kind_of(noticing.EVIDENCE_KIND).find(stage.session, made.id, stage.clerk)
    files = [HandedIn("minutes.png", sheet.getvalue())]
    details = EvidenceDetails(EvidenceKind.DECISION, files, "理事会第 7 次会议记录（演示）")
    attaching.attach((noticing.EVIDENCE_KIND, made.id), subject, details, stage.clerk)


def _change_details(stage: Stage, basis: ChangeBasis) -> ChangeDetails:
    if basis is ChangeBasis.CONSENT:
        return ChangeDetails(
            old_purpose="台风和内涝期间的应急救助",
            new_purpose="困难家庭冬季送温暖",
            new_kind=CharitablePurpose.POVERTY,
            basis=basis,
            decided_on=stage.today,
            decided_by="理事会第 7 次会议",
            consent="三家捐赠单位的五笔捐赠，均已书面同意，同意书存档（演示）。",
        )
    return ChangeDetails(
        old_purpose="台风和内涝期间的应急救助",
        new_purpose="资助受灾家庭学生",
        new_kind=CharitablePurpose.CULTURE,
        basis=basis,
        decided_on=stage.today,
        decided_by="理事会第 7 次会议",
        notice_text=(
            "本基金会防汛救灾专项基金有一部分捐款是匿名或未留联系方式的捐赠，经多方查找仍联系不上捐赠人。\n"
            "今年汛期平稳，这部分款项拟改为资助受灾家庭学生，由受灾家庭助学专项基金管理和公示。\n"
            "捐赠人或公众有不同意见，请在公示期内提出。（演示）"
        ),
        objections_to="电话 020-0000 0002，工作日 9:00–17:00；或寄信到基金会办公室（演示）",
    )


def _enter(stage: Stage, fund: Fund, number: str, decided_on: date, amount_fen: int) -> CommitteeDecision:
    details = DecisionDetails(
        number=number,
        decided_on=decided_on,
        present=5,
        votes_for=4,
        votes_against=0,
        abstained=0,
        interested=1,
        interest_note="一位成员的亲属可能申请救助，回避（演示）",
        decided="本年度用于本街道的临时救助、助老、助学和社区公益微项目",
        amount_fen=amount_fen,
    )
    return committees.enter(fund.code, details, stage.clerk, stage.key())


def _confirm(stage: Stage, entered: CommitteeDecision) -> None:
    committees.approve(entered.id, stage.reviewer, entered.version)


def _approve(stage: Stage, waiting: FundTransfer) -> None:
    service.approve(waiting.id, stage.reviewer, waiting.version)


def _affordable(stage: Stage, fund: Fund) -> int:
    """A round amount that a fund can spare, in fen; 0 when it holds next to nothing."""
    return min(_MOVED_FEN, available_fen(stage.session, fund.id) // 3 // 10_000 * 10_000)


def _open_day(stage: Stage) -> date:
    """Yesterday, or today where yesterday's books are closed."""
    return max(Month.of(stage.today).first, date.fromordinal(stage.today.toordinal() - 1))


def _named(stage: Stage, name: str) -> Fund:
    return next(fund for fund in stage.made.funds if fund.name == name)


def _community_funds(stage: Stage) -> Iterator[Fund]:
    return (fund for fund in stage.made.funds if fund.kind is FundKind.COMMUNITY)
