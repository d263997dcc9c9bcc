"""What the demonstration's money is for: uses, projects, campaigns, and the reasons that staff give."""

from dataclasses import dataclass
from enum import Enum, auto

from portal.giving.items import ItemDetails
from portal.ledger.models import Form
from portal.registry.labels import CLAUSES
from portal.registry.models import ProjectCategory
from portal.registry.purposes import CharitablePurpose
from portal.stock.lines import ValuationBasis


class Topic(Enum):
    """A field of charity, by which uses are matched with the funds and projects that may pay for them."""

    POVERTY = auto()
    STUDY = auto()
    MEDICAL = auto()
    ELDERLY = auto()
    CHILDREN = auto()
    REHABILITATION = auto()
    DISABILITY = auto()
    NEWCOMERS = auto()
    DISASTER = auto()
    COMMUNITY = auto()


CATEGORIES = {
    Topic.POVERTY: ProjectCategory.POVERTY,
    Topic.STUDY: ProjectCategory.EDUCATION,
    Topic.MEDICAL: ProjectCategory.MEDICAL,
    Topic.ELDERLY: ProjectCategory.ELDERLY,
    Topic.CHILDREN: ProjectCategory.CHILDREN,
    Topic.REHABILITATION: ProjectCategory.DISABILITY,
    Topic.DISABILITY: ProjectCategory.DISABILITY,
    Topic.NEWCOMERS: ProjectCategory.POVERTY,
    Topic.DISASTER: ProjectCategory.EMERGENCY,
    Topic.COMMUNITY: ProjectCategory.OTHER,
}
"""What a project of each topic is registered as."""

CHARITABLE = {topic: tuple(CharitablePurpose)[CLAUSES[one] - 1] for topic, one in CATEGORIES.items()}
"""Under which category of the law each topic falls."""


@dataclass(frozen=True)
class Use:
    """What a fund pays for: purpose, who is helped (a group, never a person), and yuan a head."""

    topic: Topic
    purpose: str
    recipient: str
    yuan_a_head: int


USES = (
    Use(Topic.POVERTY, "节日慰问困难家庭", "低保和低保边缘家庭", 500),
    Use(Topic.POVERTY, "临时生活救助", "遇到突发困难的家庭", 3000),
    Use(Topic.POVERTY, "困难家庭冬季送温暖", "困难家庭", 800),
    Use(Topic.STUDY, "发放慈善助学金", "困难家庭学生", 2000),
    Use(Topic.STUDY, "新生学费和路费资助", "困难家庭大学新生", 5000),
    Use(Topic.MEDICAL, "大病患者医疗救助", "重大疾病困难患者", 12000),
    Use(Topic.MEDICAL, "门诊和护理补贴", "长期患病的困难居民", 1500),
    Use(Topic.ELDERLY, "长者饭堂用餐补贴", "高龄困难老人", 240),
    Use(Topic.ELDERLY, "居家适老化改造", "独居和高龄老人家庭", 4500),
    Use(Topic.CHILDREN, "困境儿童课后照顾", "困境儿童", 800),
    Use(Topic.CHILDREN, "困境儿童暑期陪伴", "困境儿童", 600),
    Use(Topic.REHABILITATION, "康复训练费用资助", "残障儿童家庭", 6000),
    Use(Topic.DISABILITY, "轮椅和助行器配发", "行动不便的居民", 900),
    Use(Topic.DISABILITY, "家庭无障碍改造", "残疾人家庭", 5200),
    Use(Topic.NEWCOMERS, "随迁子女夏令营", "来穗务工人员子女", 600),
    Use(Topic.NEWCOMERS, "困难务工人员探访慰问", "来穗务工人员", 1000),
    Use(Topic.DISASTER, "台风受灾家庭补助", "受灾家庭", 2000),
    Use(Topic.DISASTER, "应急包配发", "易涝点居民", 120),
    Use(Topic.COMMUNITY, "社区义诊和健康讲座", "社区居民", 60),
    Use(Topic.COMMUNITY, "社区公益微项目", "社区居民", 150),
)

MANAGEMENT = ("办公和审计费用", "信息系统维护费用")
FUNDRAISING = ("募捐活动场地和物料", "募捐宣传印刷费用")
OWN_COSTS = "本组织"
"""Who is paid when an organisation pays its own costs."""


@dataclass(frozen=True)
class Undertaking:
    """A made-up project; ``body`` is the place of its organisation.

    ``last`` is month and day of its end in the first year; without one it goes on.
    """

    body: int
    name: str
    topic: Topic
    goal: str
    budget_yuan: int
    planned_people: int
    last: tuple[int, int] | None = None
    from_all_funds: bool = False


UNDERTAKINGS = (
    Undertaking(
        0, "慈善助学", Topic.STUDY, "让困难家庭的孩子安心读书。", 6_000_000, 3_000, from_all_funds=True
    ),
    Undertaking(0, "慈善医疗", Topic.MEDICAL, "帮大病患者付得起自付的那一部分。", 8_000_000, 1_500),
    Undertaking(
        0,
        "慈善济困",
        Topic.POVERTY,
        "困难街坊有急难时，三天内送到救助。",
        4_000_000,
        6_000,
        from_all_funds=True,
    ),
    Undertaking(0, "敬老微心愿", Topic.ELDERLY, "一件小事，帮一位长者实现。", 5_000_000, 5_000),
    Undertaking(1, "风雨同心", Topic.DISASTER, "台风过后，帮受灾家庭尽快恢复生活。", 6_000_000, 12_000),
    Undertaking(2, "晓港奖学计划", Topic.STUDY, "三年资助两百名高中生。", 4_000_000, 2_000),
    Undertaking(3, "同福重症援助", Topic.MEDICAL, "为重症患者提供一次性援助。", 4_000_000, 1_000),
    Undertaking(4, "一餐热饭", Topic.ELDERLY, "让高龄老人每天吃上一餐热饭。", 4_000_000, 6_000),
    Undertaking(8, "四点半课堂", Topic.CHILDREN, "放学到下班之间，孩子有人陪。", 3_000_000, 3_000),
    Undertaking(10, "小脚步康复", Topic.REHABILITATION, "六岁以前的康复训练不中断。", 3_000_000, 500),
    Undertaking(
        0, "新春暖万家", Topic.POVERTY, "春节前把慰问送到每一户困难街坊。", 2_000_000, 3_000, (6, 30), True
    ),
)


@dataclass(frozen=True)
class Drive:
    """A campaign of every year: first and last day as month and day. Without topics every fund may take part."""

    body: int
    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    purpose: str
    topics: tuple[Topic, ...] = ()


DRIVES = (
    Drive(0, "新春送暖", (1, 1), (2, 25), "为困难家庭筹集新春慰问款。", (Topic.POVERTY, Topic.ELDERLY)),
    Drive(
        0, "广东扶贫济困日募捐", (6, 1), (7, 31), "为区内困难家庭筹集救助款。", (Topic.POVERTY, Topic.STUDY)
    ),
    Drive(0, "中华慈善日·社区慈善月", (9, 1), (9, 30), "为各街道的社区慈善基金筹款。", (Topic.COMMUNITY,)),
    Drive(1, "台风季应急储备", (5, 1), (10, 31), "为防汛救灾储备款项。", (Topic.DISASTER,)),
    Drive(2, "开学季助学", (7, 15), (9, 15), "为困难新生筹集学费和路费。", (Topic.STUDY,)),
    Drive(4, "重阳敬老", (9, 20), (11, 10), "为社区长者饭堂筹集餐费补贴。", (Topic.ELDERLY,)),
)

LATE_REASONS = ("捐赠人补交转账凭证", "银行回单月底之后才到", "站点漏报，核对现金日记账后补记")
RETURN_REASONS = ("金额与凭证不一致，请核对", "缺少转账凭证，请补上后再提交")
PAYOUT_RETURN_REASON = "请写明受助名册编号"
PAYOUT_REFUSAL_REASON = "与上月的救助对象重复，不再发放"
REVERSAL_REASONS = ("重复登记，已保留另一笔", "金额录错，已另行登记")
PAYOUT_REVERSAL_REASON = "收款账户有误，款项被银行退回，核对后重新拨付"

IN_KIND = (
    (Form.GOODS, ItemDetails("旧衣服", 18_500, "公斤")),
    (Form.GOODS, ItemDetails("儿童绘本", 120_000, "本")),
    (
        Form.GOODS,
        ItemDetails("轮椅", 2_000, "台", "可折叠", 136_000, ValuationBasis.ECOMMERCE, "电商页面截图"),
    ),
    (
        Form.GOODS,
        ItemDetails("大米", 300_000, "公斤", "5 公斤装", 210_000, ValuationBasis.EVIDENCE, "购货发票"),
    ),
    (Form.GOODS, ItemDetails("棉被", 40_000, "床", "1.5 米", 480_000, ValuationBasis.SALES, "捐赠方价目表")),
    (Form.SERVICES, ItemDetails("法律咨询", 6_000, "小时", "", 180_000, ValuationBasis.EVIDENCE, "服务发票")),
    (Form.SKILLS, ItemDetails("义务理发", 8_000, "小时")),
)
"""What people bring or give in hours: some of it has a value that something says, some is only counted."""
