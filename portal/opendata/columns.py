"""The data dictionary: every table that is given away, its columns, and what each of them says.

One description for all: the header of CSV and XLSX, the schema of the data package and the page for readers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from portal.i18n import lazy_gettext as _l
from portal.ledger.models import Direction, EntryKind, Form
from portal.refusals import Sentence
from portal.registry.models import PUBLIC, FundKind, OrganisationKind

Kind = Literal["string", "integer", "number", "date", "datetime", "boolean"]
Cell = str | int | bool | None

_USCC = r"^[0-9A-HJ-NPQRTUWXY]{18}$"
_CODE = r"^[A-Z0-9-]{2,24}$"


@dataclass(frozen=True)
class Column:
    """One column. ``path`` is where its value stands in the API's document; ``free`` says that people wrote it."""

    name: str
    kind: Kind
    words: Sentence
    example: str
    unit: Sentence | str = ""
    source: Sentence | str = ""
    path: tuple[str, ...] = ()
    free: bool = False
    constraints: Mapping[str, Any] = field(default_factory=dict)

    def of(self, document: Mapping[str, Any]) -> Any:
        """The value of this column in a document of the API."""
        value: Any = document
        for word in self.path or (self.name,):
            value = value.get(word) if value is not None else None
        return value


@dataclass(frozen=True)
class Table:
    """One table; ``refers`` maps columns to the table and column that hold what they name."""

    name: str
    title: Sentence
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.columns]


def _required(**more: Any) -> dict[str, Any]:
    return {"required": True, **more}


def _one_of(kind: Any) -> dict[str, Any]:
    return _required(enum=[one.value for one in kind])


_CHARITY_LAW_56 = _l("慈善法第五十六条")
_CHARITY_LAW_61 = _l("慈善法第六十一条")
_CHARITY_LAW_24 = _l("慈善法第二十四条")
_CHARITY_LAW_78 = _l("慈善法第七十八条")
_CHARITY_LAW_38 = _l("慈善法第三十八条")
_CHARITY_LAW_82 = _l("慈善法第八十二条，个人信息保护法第二十五条")
_ORDER_81 = _l("慈善组织信息公开办法（民政部令第81号）")
_ACCOUNTING = _l("民间非营利组织会计制度（财会〔2024〕25号）")
_GB_32100 = "GB 32100"
_FEN = _l("分")
_YUAN = _l("元")


def _named(
    word: str, words: Sentence, example: tuple[str, str], *, required: bool = False
) -> tuple[Column, Column]:
    constraints = {"required": True} if required else {}
    pattern = {} if word == "street" else {"pattern": _CODE}
    return (
        Column(
            f"{word}_code",
            "string",
            _l("%(thing)s的编号", thing=words),
            example[0],
            path=(word, "code"),
            constraints={**constraints, **pattern},
        ),
        Column(
            f"{word}_name",
            "string",
            _l("%(thing)s的名称", thing=words),
            example[1],
            path=(word, "name"),
            free=True,
            constraints=constraints,
        ),
    )


_OWNER = Column(
    "organisation_uscc",
    "string",
    _l("所属慈善组织的统一社会信用代码"),
    "53440105MJK0000018",
    source=_GB_32100,
    path=("organisation", "uscc"),
    constraints=_required(pattern=_USCC),
)
_STREET_CODE = Column(
    "street_code", "string", _l("所在街道的统计用区划代码"), "440105001", path=("street", "code")
)
_STATUS = Column("status", "string", _l("登记状态"), "active", constraints=_one_of(PUBLIC))


def _code(words: Sentence, example: str) -> Column:
    return Column("code", "string", words, example, constraints=_required(unique=True))


def _name(words: Sentence, example: str) -> Column:
    return Column("name", "string", words, example, free=True, constraints=_required())


ENTRIES = Table(
    "entries",
    _l("收支明细"),
    (
        Column(
            "entry_no",
            "string",
            _l("这一笔的编号，永不重复"),
            "E-2026-000123",
            constraints=_required(unique=True, pattern=r"^E-\d{4}-\d{6,}$"),
        ),
        Column(
            "index",
            "integer",
            _l("在防篡改日志里的序号：日志第几行（从 0 数起）就是这一笔"),
            "128",
            source="RFC 6962",
            constraints=_required(unique=True, minimum=0),
        ),
        Column(
            "kind",
            "string",
            _l("种类：捐赠、支出、划转、核销、变卖、红冲"),
            "donation",
            constraints=_one_of(EntryKind),
        ),
        Column(
            "occurred_on",
            "date",
            _l("发生的日子（广州时间）"),
            "2026-09-05",
            source=_CHARITY_LAW_78,
            constraints=_required(),
        ),
        Column(
            "published_at",
            "datetime",
            _l("公开入账的时刻（协调世界时）"),
            "2026-09-05T08:30:00Z",
            source=_ORDER_81,
            constraints=_required(),
        ),
        Column(
            "organisation_uscc",
            "string",
            _l("慈善组织的统一社会信用代码"),
            "53440105MJK0000018",
            source=_GB_32100,
            path=("organisation", "uscc"),
            constraints=_required(pattern=_USCC),
        ),
        Column(
            "organisation_name",
            "string",
            _l("慈善组织的名称"),
            "海珠区慈善会",
            path=("organisation", "name"),
            free=True,
            constraints=_required(),
        ),
        *_named("fund", _l("基金"), ("HZ0001", "爱心助学基金"), required=True),
        *_named("to_fund", _l("划转到的基金"), ("HZ0002", "社区慈善基金")),
        *_named("station", _l("捐赠站点"), ("ST0001", "赤岗街捐赠站点")),
        *_named("project", _l("慈善项目"), ("PJ0001", "圆梦助学")),
        *_named("campaign", _l("募捐活动"), ("CP0001", "慈善日募捐")),
        *_named("street", _l("街道"), ("440105001", "赤岗街道")),
        Column(
            "direction",
            "string",
            _l("收入 in，支出 out；红冲的方向与原来那一笔相同"),
            "in",
            constraints=_one_of(Direction),
        ),
        Column(
            "form",
            "string",
            _l("形式：现金、物资、技能、服务、知识产权、保险、证券"),
            "money",
            source=_ORDER_81,
            constraints=_one_of(Form),
        ),
        Column(
            "amount_fen",
            "integer",
            _l("金额；红冲是负数，所以直接相加就对"),
            "10000",
            unit=_FEN,
            constraints=_required(),
        ),
        Column("amount", "number", _l("同一金额，以元表示"), "100.00", unit=_YUAN, constraints=_required()),
        Column(
            "donor",
            "string",
            _l("捐赠人：只有单独同意过才公布姓名，否则写“爱心人士”"),
            "爱心人士",
            source=_CHARITY_LAW_82,
            free=True,
        ),
        Column(
            "recipient",
            "string",
            _l("受益的人群或单位；不写个人姓名"),
            "困难家庭学生",
            source=_CHARITY_LAW_82,
            free=True,
        ),
        Column("purpose", "string", _l("用途"), "发放助学金", source=_CHARITY_LAW_56, free=True),
        Column(
            "beneficiary_count",
            "integer",
            _l("受益人数；没有统计，或者不足 5 人时空着"),
            "12",
            unit=_l("人"),
            source=_CHARITY_LAW_82,
            constraints={"minimum": 5},
        ),
        Column("receipt_no", "string", _l("捐赠回执的编号"), "ST0001-2026-000012", source=_CHARITY_LAW_38),
        Column("reverses", "string", _l("如果是红冲：冲掉的是哪一笔"), "E-2026-000120", source=_ACCOUNTING),
        Column(
            "reversed_by", "string", _l("如果被红冲：是被哪一笔冲掉的"), "E-2026-000124", source=_ACCOUNTING
        ),
        Column(
            "arrived_fen",
            "integer",
            _l("支出里已经到达受益方的金额；其余还在途"),
            "10000",
            unit=_FEN,
        ),
        Column("arrived_on", "date", _l("最近一次到达的日子"), "2026-09-12"),
    ),
    ("entry_no",),
    {
        "organisation_uscc": ("organisations", "uscc"),
        "fund_code": ("funds", "code"),
        "to_fund_code": ("funds", "code"),
        "station_code": ("stations", "code"),
        "project_code": ("projects", "code"),
        "campaign_code": ("campaigns", "code"),
        "street_code": ("streets", "code"),
    },
)

POSTINGS = Table(
    "postings",
    _l("会计分录"),
    (
        Column("entry_no", "string", _l("属于哪一笔"), "E-2026-000123", constraints=_required()),
        Column("line_no", "integer", _l("这一笔里的第几行"), "1", constraints=_required(minimum=1)),
        Column(
            "account_code",
            "string",
            _l("会计科目的编号"),
            "1002",
            source=_ACCOUNTING,
            constraints=_required(),
        ),
        Column("fund_code", "string", _l("记在哪个基金"), "HZ0001", constraints=_required()),
        Column(
            "amount_fen",
            "integer",
            _l("金额：借方为正，贷方为负；每一笔在每个基金里相加为零"),
            "10000",
            unit=_FEN,
            source=_ACCOUNTING,
            constraints=_required(),
        ),
    ),
    ("entry_no", "line_no"),
    {
        "entry_no": ("entries", "entry_no"),
        "account_code": ("accounts", "code"),
        "fund_code": ("funds", "code"),
    },
)

ACCOUNTS = Table(
    "accounts",
    _l("会计科目"),
    (
        Column(
            "code", "string", _l("科目的编号"), "1002", source=_ACCOUNTING, constraints=_required(unique=True)
        ),
        Column("name", "string", _l("科目的名称"), "银行存款", source=_ACCOUNTING, constraints=_required()),
    ),
    ("code",),
)

STREETS = Table(
    "streets",
    _l("街道"),
    (_code(_l("统计用区划代码"), "440105001"), _name(_l("街道的名称"), "赤岗街道")),
    ("code",),
)

ORGANISATIONS = Table(
    "organisations",
    _l("慈善组织"),
    (
        Column(
            "uscc",
            "string",
            _l("统一社会信用代码"),
            "53440105MJK0000018",
            source=_GB_32100,
            constraints=_required(unique=True, pattern=_USCC),
        ),
        _name(_l("组织的名称"), "海珠区慈善会"),
        _STATUS,
        Column(
            "kind",
            "string",
            _l("类型：慈善会、基金会、社会团体、社会服务机构"),
            "federation",
            constraints=_one_of(OrganisationKind),
        ),
        Column(
            "fundraising_since",
            "date",
            _l("取得公开募捐资格的日子"),
            "2018-01-01",
            source=_l("慈善法第二十二条"),
        ),
        _STREET_CODE,
    ),
    ("uscc",),
    {"street_code": ("streets", "code")},
)

FUNDS = Table(
    "funds",
    _l("基金"),
    (
        _code(_l("基金的编号"), "HZ0001"),
        _name(_l("基金的名称"), "爱心助学基金"),
        _STATUS,
        _OWNER,
        Column(
            "kind", "string", _l("类型：普通、社区、冠名、专项"), "community", constraints=_one_of(FundKind)
        ),
        _STREET_CODE,
        Column("purpose", "string", _l("基金的用途"), "资助困难学生", source=_CHARITY_LAW_56, free=True),
    ),
    ("code",),
    {"organisation_uscc": ("organisations", "uscc"), "street_code": ("streets", "code")},
)

STATIONS = Table(
    "stations",
    _l("捐赠站点"),
    (
        _code(_l("站点的编号"), "ST0001"),
        _name(_l("站点的名称"), "赤岗街捐赠站点"),
        _STATUS,
        _OWNER,
        _STREET_CODE,
        Column("address", "string", _l("地址"), "示范路 1 号", free=True),
        Column("hours", "string", _l("开放时间"), "周一至周五 9:00–17:00", free=True),
    ),
    ("code",),
    {"organisation_uscc": ("organisations", "uscc"), "street_code": ("streets", "code")},
)

_STARTS = Column("starts_on", "date", _l("开始的日子"), "2026-01-01", constraints=_required())
_ENDS = Column("ends_on", "date", _l("结束的日子"), "2026-12-31")

PROJECTS = Table(
    "projects",
    _l("慈善项目"),
    (
        _code(_l("项目的编号"), "PJ0001"),
        _name(_l("项目的名称"), "圆梦助学"),
        _STATUS,
        _OWNER,
        _STARTS,
        _ENDS,
        Column("goal", "string", _l("项目的目标"), "资助一百名困难学生", source=_CHARITY_LAW_61, free=True),
    ),
    ("code",),
    {"organisation_uscc": ("organisations", "uscc")},
)

CAMPAIGNS = Table(
    "campaigns",
    _l("募捐活动"),
    (
        _code(_l("活动的编号"), "CP0001"),
        _name(_l("活动的名称"), "慈善日募捐"),
        _STATUS,
        _OWNER,
        _STARTS,
        _ENDS,
        Column(
            "filing_no",
            "string",
            _l("募捐方案的备案编号，可到“慈善中国”核对"),
            "53440105MJK0000018A26001",
            source=_CHARITY_LAW_24,
        ),
        Column("purpose", "string", _l("募捐的目的"), "筹集助学款", source=_CHARITY_LAW_24, free=True),
    ),
    ("code",),
    {"organisation_uscc": ("organisations", "uscc")},
)

REGISTRY = (ORGANISATIONS, FUNDS, STATIONS, PROJECTS, CAMPAIGNS)
TABLES = (ENTRIES, POSTINGS, ACCOUNTS, STREETS, *REGISTRY)
"""All tables of the data package, in the order in which a reader meets them."""
