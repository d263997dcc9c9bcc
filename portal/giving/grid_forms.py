"""The grid: what all rows share, and the rows."""

import uuid
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.utils import unset_value
from wtforms.validators import InputRequired, Length

from portal.choices import options
from portal.db import db
from portal.donors.models import DonorKind
from portal.giving.details import DonationDetails
from portal.giving.fields import OptionalAmountField
from portal.giving.grid import MOST_ROWS, GridRow
from portal.i18n import lazy_gettext as _l
from portal.labels import label
from portal.ledger.models import Channel
from portal.refusals import Invalid
from portal.registry import lookups
from portal.registry.fields import DayField, PickField
from portal.staff.forms import show_errors
from portal.staff.scope import Scope

SHOWN = 20


class GridRowForm(Form):
    """One row."""

    name = StringField(_l("捐赠人"))
    amount = StringField(_l("金额（元）"))
    remark = StringField(_l("备注"))
    publish = BooleanField(_l("同意公开"))

    def row(self) -> GridRow:
        """What stands in it."""
        return GridRow(
            (self.name.data or "").strip(),
            (self.amount.data or "").strip(),
            (self.remark.data or "").strip(),
            bool(self.publish.data),
        )


class GridRows(FieldList):  # type: ignore[type-arg]
    """The rows, with empty ones behind them."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(FormField(GridRowForm), label=_l("名单"), max_entries=MOST_ROWS + SHOWN, **keywords)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the rows, and keep empty ones behind them."""
        super().process(formdata, data, extra_filters)
        while len(self.entries) < SHOWN:
            self.append_entry()

    @property
    def in_use(self) -> list[GridRowForm]:
        """The rows in which something stands."""
        return [entry.form for entry in self.entries if not entry.form.row().empty]


class GridForm(FlaskForm):
    """A paper list."""

    fund = PickField(_l("入哪个基金"))
    station = PickField(_l("捐赠站点"), empty=_l("不在站点收到"))
    campaign = PickField(_l("募捐活动"), empty=_l("不属于募捐活动"))
    channel = SelectField(_l("收款方式"), coerce=Channel, default=Channel.CASH)
    received_on = DayField(_l("收到日期"), [InputRequired(_l("请填写收到日期。"))])
    donor_kind = SelectField(_l("捐赠人类型"), coerce=DonorKind, default=DonorKind.PERSON)
    declared = OptionalAmountField(_l("名单上写的合计（元）"), description=_l("填了就核对，没有可空着。"))
    late_reason = StringField(
        _l("补记原因"), description=_l("只有日期在已公布账单的月份里才要填写，公众会看到。")
    )
    pasted = TextAreaField(_l("从 Excel 粘贴"), description=_l("选中姓名、金额、备注几列复制，粘贴到这里。"))
    rows = GridRows()
    idempotency_key = HiddenField(validators=[Length(max=64)], default=lambda: uuid.uuid4().hex)

    def offer(self, scope: Scope) -> None:
        """Set the options of the select boxes to what this person may use."""
        session = db.session()
        self.channel.choices = options(
            (one.value, label(one)) for one in Channel if one is not Channel.IN_KIND
        )
        self.donor_kind.choices = options(
            (one.value, label(one)) for one in DonorKind if one is not DonorKind.ANONYMOUS
        )
        self.fund.offer(lookups.choices(lookups.active_funds(session, scope)))
        self.station.offer(lookups.choices(lookups.active_stations(session, scope)))
        self.campaign.offer(lookups.choices(lookups.active_campaigns(session, scope)))

    def fill(self, rows: list[GridRow]) -> None:
        """Put pasted rows behind those that are there."""
        kept = [one.row() for one in self.rows.in_use]
        self.rows.process(None, [vars(one) for one in [*kept, *rows][:MOST_ROWS]])
        self.pasted.data = ""

    def common(self) -> DonationDetails:
        """What all rows share."""
        assert self.received_on.data is not None  # noqa: S101 - validated
        return DonationDetails(
            fund=self.fund.data or "",
            amount_fen=0,
            received_on=self.received_on.data,
            channel=self.channel.data,
            station=self.station.data or "",
            campaign=self.campaign.data or "",
            donor_kind=self.donor_kind.data,
            late_reason=(self.late_reason.data or "").strip(),
        )

    def show(self, problem: Invalid) -> None:
        """Put the service's messages beside the cells and fields they speak of."""
        rest = {}
        for name, message in problem.errors.items():
            if name.startswith("rows-"):
                _, number, field = name.split("-", 2)
                cell = self.rows.in_use[int(number)][field]
                cell.errors = [*cell.errors, str(message)]
            else:
                rest[name] = message
        if rest:
            show_errors(self, Invalid(rest))
