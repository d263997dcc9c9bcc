"""The form of a document of the store."""

import uuid

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from portal.choices import member_options, options
from portal.db import db
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Channel
from portal.money import AmountError, parse_yuan
from portal.refusals import Invalid
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.staff.forms import show_errors
from portal.staff.scope import Scope
from portal.stock.fields import GoodsList
from portal.stock.models import StockDocumentKind
from portal.stock.service import LineDetails, StockDetails


class StockForm(FlaskForm):
    """A transfer, a write-off, a sale or a count."""

    kind = SelectField(_l("做什么"), coerce=StockDocumentKind, default=StockDocumentKind.TRANSFER)
    fund = PickField(_l("哪个基金的物资"))
    station = PickField(_l("存放地点"), empty=_l("组织仓库"))
    to_station = PickField(_l("移到哪里（调拨时填）"), empty=_l("组织仓库"))
    happened_on = DayField(_l("日期"), [InputRequired(_l("请填写日期。"))])
    reason = StringField(_l("原因"), description=_l("公众会看到，只写物资和事由，不写个人姓名。"))
    proceeds = StringField(_l("变卖所得（元，变卖时填）"))
    channel = SelectField(_l("收款方式（变卖时选）"), coerce=Channel, default=Channel.BANK)
    items = GoodsList(description=_l("盘点时填实际点到的数量，没有就填 0。"))
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.kind.choices = member_options(StockDocumentKind)
        self.channel.choices = options(
            (one.value, label(one)) for one in Channel if one is not Channel.IN_KIND
        )
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        self.station.offer(lookups.choices(lookups.active_stations(session, scope)))
        self.to_station.offer(lookups.choices(lookups.active_stations(session, Scope(scope.organisation_id))))
        self.items.offer(scope)

    def show(self, problem: Invalid) -> None:
        """Put the service's messages beside the fields they speak of."""
        for name, message in problem.errors.items():
            if name.startswith("items-"):
                self.items.show(name, message)
        rest = {name: text for name, text in problem.errors.items() if not name.startswith("items-")}
        if rest:
            show_errors(self, Invalid(rest))

    def details(self) -> StockDetails:
        """What was stated.

        Raises:
            Invalid: the proceeds are no amount.
        """
        assert self.happened_on.data is not None  # noqa: S101 - validated
        sale = self.kind.data is StockDocumentKind.SALE
        try:
            proceeds = parse_yuan(self.proceeds.data or "") if sale else 0
        except AmountError:
            raise Invalid({"proceeds": _l("看不懂这个金额，请按 1,234.56 的样式填写，单位是元。")}) from None
        return StockDetails(
            kind=self.kind.data,
            fund=self.fund.data or "",
            station=self.station.data or "",
            to_station=(self.to_station.data or "") if self.kind.data is StockDocumentKind.TRANSFER else "",
            happened_on=self.happened_on.data,
            reason=(self.reason.data or "").strip(),
            proceeds_fen=proceeds,
            channel=self.channel.data if sale else Channel.IN_KIND,
            lines=tuple(LineDetails(*line) for line in self.items.stated),
        )
