"""The organisations, funds, projects and campaigns of the demonstration, as facts. Every name says that it is one."""

from dataclasses import dataclass

from portal.registry.models import FundKind, OrganisationKind

MARK = "（演示）"


@dataclass(frozen=True)
class Body:
    """A made-up organisation; ``raises`` says whether it may raise funds in public."""

    name: str
    short_name: str
    kind: OrganisationKind
    raises: bool


BODIES = (
    Body("海珠区慈善会", "区慈善会", OrganisationKind.FEDERATION, raises=True),
    Body("广州市海珠区珠江潮慈善基金会", "珠江潮基金会", OrganisationKind.FOUNDATION, raises=True),
    Body("广州市晓港助学慈善基金会", "晓港助学", OrganisationKind.FOUNDATION, raises=True),
    Body("广州市同福医疗救助基金会", "同福医疗", OrganisationKind.FOUNDATION, raises=False),
    Body("海珠区扶老助老协会", "扶老助老", OrganisationKind.ASSOCIATION, raises=True),
    Body("海珠区助残联合会", "助残联合", OrganisationKind.ASSOCIATION, raises=False),
    Body("海珠区志愿服务促进会", "志愿促进", OrganisationKind.ASSOCIATION, raises=False),
    Body("海珠区来穗人员关爱协会", "来穗关爱", OrganisationKind.ASSOCIATION, raises=False),
    Body("海珠区蓝天社会工作服务中心", "蓝天社工", OrganisationKind.SERVICE, raises=False),
    Body("海珠区邻里互助服务中心", "邻里互助", OrganisationKind.SERVICE, raises=False),
    Body("海珠区春晖儿童服务中心", "春晖儿童", OrganisationKind.SERVICE, raises=False),
    Body("海珠区安宁疗护服务中心", "安宁疗护", OrganisationKind.SERVICE, raises=False),
)
"""The first is the district's federation: community funds and most stations are its own."""


@dataclass(frozen=True)
class Purse:
    """A made-up fund that belongs to no street; ``body`` is the place of its organisation in ``BODIES``."""

    body: int
    name: str
    kind: FundKind
    purpose: str
    restriction: str = ""


PURSES = (
    Purse(0, "区慈善会综合基金", FundKind.GENERAL, "扶贫济困、应急救助和日常慈善活动。"),
    Purse(
        0,
        "百岁松柏敬老专项基金",
        FundKind.SPECIAL,
        "为高龄困难老人送餐、安装扶手、上门探访。",
        "只用于六十岁以上老人",
    ),
    Purse(0, "骑楼街坊冠名基金", FundKind.NAMED, "资助老城区困难街坊临时生活救助。"),
    Purse(1, "珠江潮综合基金", FundKind.GENERAL, "资助本区公益项目。"),
    Purse(1, "防汛救灾专项基金", FundKind.SPECIAL, "台风和内涝期间的应急救助与重建。", "只用于自然灾害救助"),
    Purse(2, "晓港助学基金", FundKind.GENERAL, "资助困难家庭学生完成学业。", "只用于助学"),
    Purse(3, "同福大病救助基金", FundKind.GENERAL, "资助重大疾病患者自付医疗费。", "只用于医疗救助"),
    Purse(4, "长者饭堂基金", FundKind.GENERAL, "补贴社区长者饭堂。"),
    Purse(5, "无障碍出行基金", FundKind.GENERAL, "资助辅具和无障碍改造。"),
    Purse(8, "蓝天困境儿童基金", FundKind.GENERAL, "困境儿童陪伴和课后照顾。", "只用于未成年人"),
    Purse(9, "邻里互助基金", FundKind.GENERAL, "社区临时困难互助。"),
    Purse(10, "春晖早期康复基金", FundKind.GENERAL, "资助残障儿童早期康复训练。", "只用于儿童康复"),
)


@dataclass(frozen=True)
class Use:
    """What a fund pays for: purpose, who is helped, and how many at most in one payout."""

    purpose: str
    recipient: str
    most_people: int


USES = (
    Use("发放慈善助学金", "困难家庭学生", 60),
    Use("大病患者医疗救助", "重大疾病困难患者", 25),
    Use("节日慰问困难家庭", "低保和低保边缘家庭", 180),
    Use("长者饭堂用餐补贴", "高龄困难老人", 240),
    Use("居家适老化改造", "独居和高龄老人家庭", 18),
    Use("困境儿童课后照顾", "困境儿童", 45),
    Use("临时生活救助", "遇到突发困难的家庭", 30),
    Use("轮椅和助行器配发", "行动不便的居民", 40),
    Use("台风受灾家庭补助", "受灾家庭", 70),
    Use("康复训练费用资助", "残障儿童家庭", 22),
    Use("社区义诊和健康讲座", "社区居民", 300),
    Use("来穗务工人员子女夏令营", "来穗务工人员子女", 80),
)

PROJECTS = (
    (0, "慈善助学", "让困难家庭的孩子安心读书。"),
    (0, "慈善医疗", "帮大病患者付得起自付的那一部分。"),
    (0, "慈善济困", "困难街坊有急难时，三天内送到救助。"),
    (0, "微心愿", "一件小事，帮一位街坊实现。"),
    (2, "晓港奖学计划", "三年资助两百名高中生。"),
    (3, "同福重症援助", "为重症患者提供一次性援助。"),
    (4, "一餐热饭", "让高龄老人每天吃上一餐热饭。"),
    (8, "四点半课堂", "放学到下班之间，孩子有人陪。"),
    (10, "小脚步康复", "六岁以前的康复训练不中断。"),
)
"""Place of the organisation, name, goal."""

CAMPAIGNS = (
    (0, "扶贫济困日募捐", 6, 1, 7, 31, "为区内困难家庭筹集救助款。"),
    (0, "中华慈善日·社区慈善月", 9, 1, 9, 30, "为十八条街道的社区慈善基金筹款。"),
    (1, "台风季应急储备", 5, 1, 10, 31, "为防汛救灾储备款项。"),
    (2, "开学季助学", 7, 15, 9, 15, "为困难新生筹集学费和路费。"),
)
"""Place of the organisation, name, first and last day of each year (month, day), purpose."""

LATE_REASONS = ("捐赠人补交转账凭证", "银行回单月底之后才到", "站点漏报，核对现金日记账后补记")
RETURN_REASONS = ("金额与凭证不一致，请核对", "缺少转账凭证", "请写明受助名册编号")
REVERSAL_REASONS = ("重复登记，已保留另一笔", "金额录错，已另行登记", "转账被银行退回")
