"""The organisations and funds of the demonstration, as facts. Every organisation's name says that it is made up.

``{city}`` and ``{district}`` stand for the names in the bundled data.
"""

from dataclasses import dataclass

from portal.demo.purposes import Topic
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
    Body("{district}慈善会", "区慈善会", OrganisationKind.FEDERATION, raises=True),
    Body("{city}{district}珠江潮慈善基金会", "珠江潮基金会", OrganisationKind.FOUNDATION, raises=True),
    Body("{city}晓港助学慈善基金会", "晓港助学", OrganisationKind.FOUNDATION, raises=True),
    Body("{city}同福医疗救助基金会", "同福医疗", OrganisationKind.FOUNDATION, raises=False),
    Body("{district}扶老助老协会", "扶老助老", OrganisationKind.ASSOCIATION, raises=True),
    Body("{district}助残联合会", "助残联合", OrganisationKind.ASSOCIATION, raises=False),
    Body("{district}志愿服务促进会", "志愿促进", OrganisationKind.ASSOCIATION, raises=False),
    Body("{district}来穗人员关爱协会", "来穗关爱", OrganisationKind.ASSOCIATION, raises=False),
    Body("{district}蓝天社会工作服务中心", "蓝天社工", OrganisationKind.SERVICE, raises=False),
    Body("{district}邻里互助服务中心", "邻里互助", OrganisationKind.SERVICE, raises=False),
    Body("{district}春晖儿童服务中心", "春晖儿童", OrganisationKind.SERVICE, raises=False),
    Body("{district}安宁疗护服务中心", "安宁疗护", OrganisationKind.SERVICE, raises=False),
)
"""The first is the district's federation: community funds and most stations are its own."""


@dataclass(frozen=True)
class Purse:
    """A made-up fund that belongs to no street; ``body`` is the place of its organisation in ``BODIES``.

    It pays for its ``topics`` only; without any it pays for everything.
    """

    body: int
    name: str
    kind: FundKind
    purpose: str
    topics: tuple[Topic, ...] = ()
    restriction: str = ""


COMMUNITY_PURPOSE = "{street}居民互助：临时救助、助老、助学和社区公益微项目。"
COMMUNITY_TOPICS = (Topic.POVERTY, Topic.ELDERLY, Topic.STUDY, Topic.COMMUNITY)

PURSES = (
    Purse(0, "区慈善会综合基金", FundKind.GENERAL, "扶贫济困、应急救助和日常慈善活动。"),
    Purse(
        0,
        "百岁松柏敬老专项基金",
        FundKind.SPECIAL,
        "为高龄困难老人送餐、安装扶手、上门探访。",
        (Topic.ELDERLY,),
        "只用于六十岁以上老人",
    ),
    Purse(0, "骑楼街坊冠名基金", FundKind.NAMED, "资助老城区困难街坊临时生活救助。", (Topic.POVERTY,)),
    Purse(
        1,
        "珠江潮综合基金",
        FundKind.GENERAL,
        "资助本区济困、救灾和社区公益项目。",
        (Topic.POVERTY, Topic.DISASTER, Topic.COMMUNITY),
    ),
    Purse(
        1,
        "防汛救灾专项基金",
        FundKind.SPECIAL,
        "台风和内涝期间的应急救助与重建。",
        (Topic.DISASTER,),
        "只用于自然灾害救助",
    ),
    Purse(2, "晓港助学基金", FundKind.GENERAL, "资助困难家庭学生完成学业。", (Topic.STUDY,), "只用于助学"),
    Purse(
        3,
        "同福大病救助基金",
        FundKind.GENERAL,
        "资助重大疾病患者自付医疗费。",
        (Topic.MEDICAL,),
        "只用于医疗救助",
    ),
    Purse(4, "长者饭堂基金", FundKind.GENERAL, "补贴社区长者饭堂，改造老人居家环境。", (Topic.ELDERLY,)),
    Purse(5, "无障碍出行基金", FundKind.GENERAL, "资助辅具和无障碍改造。", (Topic.DISABILITY,)),
    Purse(7, "来穗家庭关爱基金", FundKind.NAMED, "关爱来穗务工人员和随迁子女。", (Topic.NEWCOMERS,)),
    Purse(
        8,
        "蓝天困境儿童基金",
        FundKind.GENERAL,
        "困境儿童陪伴和课后照顾。",
        (Topic.CHILDREN,),
        "只用于未成年人",
    ),
    Purse(
        10,
        "春晖早期康复基金",
        FundKind.GENERAL,
        "资助残障儿童早期康复训练。",
        (Topic.REHABILITATION,),
        "只用于儿童康复",
    ),
    Purse(
        1,
        "受灾家庭助学专项基金",
        FundKind.SPECIAL,
        "台风和内涝之后，资助受灾家庭的孩子继续读书。",
        (Topic.STUDY,),
        "只用于受灾家庭学生助学",
    ),
)
