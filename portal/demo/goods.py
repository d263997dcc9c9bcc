"""What becomes of the demonstration's goods: given out, moved to a station, counted, written off."""

from datetime import date

from portal.demo import payouts
from portal.demo.stage import Stage
from portal.registry.purposes import CharitablePurpose
from portal.spending import service as spending
from portal.spending.details import DisbursementDetails, GoodsLine
from portal.spending.models import DisbursementKind
from portal.staff.scope import Scope
from portal.stock import service as store
from portal.stock.figures import Stock, in_stock
from portal.stock.models import StockDocumentKind
from portal.stock.service import LineDetails, StockDetails

_GIVEN_SHARE = 0.6
_RECIPIENTS = (
    ("街道社区居家养老服务中心", "发放给独居老人"),
    ("社区困难家庭帮扶组", "发放给低保和低收入家庭"),
    ("外来务工人员子女学校", "发放给学生"),
)


def give_out(stage: Stage, day: date) -> None:
    """Give out most of one thing that lies at a station."""
    stock = _some(stage)
    if stock is None:
        return
    quantity = _whole(round(stock.quantity_thousandths * _GIVEN_SHARE))
    recipient, purpose = stage.random.choice(_RECIPIENTS)
    details = DisbursementDetails(
        kind=DisbursementKind.GOODS,
        fund=stock.fund.code,
        recipient=recipient,
        purpose=f"{stock.item.item}{purpose}",
        purpose_kind=next(iter(stock.fund.purposes), CharitablePurpose.POVERTY),
        station=stock.station.code if stock.station else "",
        goods=(GoodsLine(stock.item.id, quantity),),
        beneficiary_count=stage.random.randint(8, 60),
    )
    requested = spending.request(details, stage.clerk, stage.key(), submit_now=True)
    payouts.pay(stage, payouts.approve(stage, requested), day)


def take_care(stage: Stage, day: date) -> None:
    """Count one thing and find a little less than the books say; write off what got wet."""
    for kind, reason in (
        (StockDocumentKind.COUNT, "季度盘点"),
        (StockDocumentKind.WRITE_OFF, "仓库漏雨受潮，不能再用"),
    ):
        stock = _some(stage)
        if stock is None or stock.quantity_thousandths < 2_000:
            continue
        quantity = stock.quantity_thousandths - 1_000 if kind is StockDocumentKind.COUNT else 1_000
        details = StockDetails(
            kind=kind,
            fund=stock.fund.code,
            station=stock.station.code if stock.station else "",
            happened_on=day,
            reason=reason,
            lines=(LineDetails(stock.item.id, quantity),),
        )
        document = store.make(details, stage.clerk, stage.key())
        store.approve(document.id, stage.reviewer, document.version)


def _some(stage: Stage) -> Stock | None:
    held = [one for one in in_stock(stage.session, Scope.district()) if one.quantity_thousandths >= 2_000]
    return stage.random.choice(held) if held else None


def _whole(quantity_thousandths: int) -> int:
    return max(quantity_thousandths // 1_000, 1) * 1_000
