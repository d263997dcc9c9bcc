"""Made-up lists of persons who are helped: paid, waiting to be paid, waiting for review, and still to be mended."""

from portal.beneficiaries import lists
from portal.beneficiaries.lists import NewList, StatedRow
from portal.beneficiaries.models import BeneficiaryList
from portal.beneficiaries.person import Person
from portal.demo import payouts
from portal.demo.stage import Stage
from portal.identifiers import citizen_check_character, luhn_holds
from portal.ledger.balances import available_fen
from portal.registry.models import Fund, FundKind
from portal.spending import service
from portal.spending.details import DisbursementDetails
from portal.spending.models import Disbursement, DisbursementKind

GROUP = "困难家庭学生"
_PURPOSE = "发放秋季助学金"
_A_HEAD_FEN = 120_000
_PERSONS = 12
_SURNAMES = "冼招邝伍关尹甘庞卫植阮禤"
_GIVEN = "家明 子晴 俊熙 思敏 浩铭 咏诗 梓轩 心怡 嘉豪 晓彤 文轩 雅雯".split()
_SCHOOL = "演示中学"
_BANK = "演示银行海珠支行"


def leave(stage: Stage) -> None:
    """Leave lists in every state, on which some persons are helped by two organisations."""
    funds = _funds(stage)
    if not funds:
        return
    first, last = funds[0], funds[-1]
    paid = request(stage, first, _list(stage, first, range(_PERSONS)))
    payouts.pay(stage, payouts.approve(stage, paid), stage.recent_day())
    again = _list(stage, last, range(_PERSONS - 3, _PERSONS + 6))
    for row in range(1, again.rows + 1):
        if again.to_confirm:
            lists.keep(again.id, row, stage.clerk, again.version)
    request(stage, last, again)
    payouts.approve(stage, request(stage, first, _list(stage, first, range(40, 40 + _PERSONS))))
    _to_be_mended(stage, first)


def request(stage: Stage, fund: Fund, of_list: BeneficiaryList) -> Disbursement:
    """Request aid by a list."""
    details = DisbursementDetails(
        kind=DisbursementKind.AID,
        fund=fund.code,
        amount_fen=of_list.total_fen,
        recipient=GROUP,
        purpose=_PURPOSE,
        beneficiary_list=of_list.id,
    )
    return service.request(details, stage.clerk, stage.key())


def person(number: int) -> Person:
    """Somebody who is not there; the same number is the same person."""
    born = f"20{8 + number % 3:02d}{1 + number % 12:02d}{1 + number % 28:02d}"
    body = f"440105{born}{number % 1_000:03d}"
    account = f"621700000000{number:06d}"
    return Person(
        name=f"{_SURNAMES[number % 12]}{_GIVEN[(number * 5 + number // 12) % 12]}",
        document_no=body + citizen_check_character(body),
        phone=f"1990000{number:04d}",
        account=next(account + digit for digit in "0123456789" if luhn_holds(account + digit)),
        bank=_BANK,
        school=_SCHOOL,
    )


def _list(stage: Stage, fund: Fund, numbers: range) -> BeneficiaryList:
    rows = [StatedRow(person(number), _A_HEAD_FEN, place) for place, number in enumerate(numbers, start=2)]
    details = NewList(fund.organisation_id, GROUP, title="秋季助学金名单（演示）")
    return lists.create(details, rows, stage.clerk)[0]


def _to_be_mended(stage: Stage, fund: Fund) -> None:
    wrong = Person(**{**vars(person(70)), "document_no": person(70).document_no[:-1] + "A"})
    rows = [
        StatedRow(person(71), _A_HEAD_FEN, 2),
        StatedRow(wrong, _A_HEAD_FEN, 3),
        StatedRow(person(72), None, 4),
        StatedRow(person(71), _A_HEAD_FEN, 5),
    ]
    details = NewList(fund.organisation_id, GROUP, title="补发名单（演示）", stated_total_fen=4 * _A_HEAD_FEN)
    lists.create(details, rows, stage.clerk)


def _funds(stage: Stage) -> list[Fund]:
    """Funds of two organisations that may be spent on anybody's schooling and can afford it."""
    found: dict[int, Fund] = {}
    for fund in stage.made.funds:
        free = fund.kind is FundKind.GENERAL and not fund.restricted
        if free and available_fen(stage.session, fund.id) > 3 * (_PERSONS + 6) * _A_HEAD_FEN:
            found.setdefault(fund.organisation_id, fund)
    return list(found.values())[:2]
