"""Made-up persons with numbers that hold, and lists of them."""

from datetime import date
from typing import Any

from portal.beneficiaries import lists
from portal.beneficiaries.lists import NewList, StatedRow
from portal.beneficiaries.models import BeneficiaryList
from portal.beneficiaries.person import Person
from portal.identifiers import citizen_check_character, luhn_holds
from portal.registry.models import Fund
from tests import people


def citizen(number: int, born: date = date(1990, 5, 17), region: str = "440105") -> str:
    """A citizen's number that holds; the same number gives the same person."""
    body = f"{region}{born:%Y%m%d}{number % 1000:03d}"
    return body + citizen_check_character(body)


def card(number: int) -> str:
    """A bank card's number that holds."""
    body = f"621700336000{number:06d}"
    return next(body + digit for digit in "0123456789" if luhn_holds(body + digit))


def person(number: int = 1, **given: Any) -> Person:
    """Somebody; the same number gives the same person."""
    facts: dict[str, Any] = {
        "name": f"受助{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{'一二三四五六七八九十'[number // 10 % 10]}",
        "document_no": citizen(number),
        "phone": f"138{number:08d}",
        "account": card(number),
        "bank": "中国建设银行广州海珠支行",
    }
    return Person(**{**facts, **given})


def row(number: int = 1, amount_fen: int | None = 100_000, **given: Any) -> StatedRow:
    """Somebody who gets 1,000 yuan."""
    return StatedRow(person(number, **given), amount_fen, number)


def made_list(fund: Fund, *rows: StatedRow, group: str = "困难家庭学生", **given: Any) -> BeneficiaryList:
    """A list of the fund's organisation; of three persons unless told otherwise."""
    stated = rows or (row(1), row(2), row(3))
    return lists.create(NewList(fund.organisation_id, group, **given), stated, people.clerk())[0]
