"""Who gives in the demonstration: made-up people, companies, classes and clubs."""

from random import Random

from portal.giving.models import DonorKind

_SURNAMES = "陈李黄张梁林吴何刘罗谢郑冯曾邓叶苏潘钟卢简区麦霍欧阳".replace("欧阳", "")
_GIVEN = tuple(
    (
        "志明 淑芬 家豪 美玲 伟强 丽华 国栋 秀珍 俊杰 晓雯 建国 桂英 子轩 思琪 "
        "文博 慧敏 海燕 永康 洁仪 浩然 嘉欣 振华 雪梅 景行 婉婷 耀辉 凤仪 少芳 "
        "卓然 巧云 立群 颖怡 德全 锦棠 若水 𬭎 玥 喆 堃 翀 "
    ).split()
)
_STREETS_OF_TRADE = (
    "珠江潮",
    "晓港",
    "磨碟沙",
    "赤岗塔",
    "客村",
    "新港湾",
    "洪德",
    "同福",
    "凤凰岗",
    "石榴岗",
    "大塘涌",
    "黄埔古港",
)
_TRADES = (
    "贸易有限公司",
    "纺织品有限公司",
    "餐饮管理有限公司",
    "科技有限公司",
    "布艺商行",
    "建筑工程有限公司",
    "物业服务有限公司",
    "中药材有限公司",
)
_SCHOOLS = ("第一小学", "实验小学", "第五中学", "外国语小学", "职业技术学校")
_CLASSES = ("三年（2）班", "五年（1）班", "初二（4）班", "高一（6）班", "学生会")
_CLUBS = ("广场舞队", "粤剧私伙局", "退休教师联谊会", "骑行俱乐部", "志愿服务队", "商户联盟")
_OFFICES = ("街道办事处职工", "社区卫生服务中心职工", "区图书馆职工", "街道综合文化站职工")


def donor(random: Random) -> tuple[str, DonorKind]:
    """A donor and what kind it is; most are people, one in twelve leaves no name."""
    drawn = random.random()
    if drawn < 0.08:
        return "", DonorKind.ANONYMOUS
    if drawn < 0.74:
        return random.choice(_SURNAMES) + random.choice(_GIVEN), DonorKind.PERSON
    if drawn < 0.86:
        return f"海珠区{random.choice(_STREETS_OF_TRADE)}{random.choice(_TRADES)}", DonorKind.ENTERPRISE
    if drawn < 0.90:
        return random.choice(_OFFICES), DonorKind.INSTITUTION
    if drawn < 0.96:
        return f"{random.choice(_SCHOOLS)}{random.choice(_CLASSES)}", DonorKind.GROUP
    return f"{random.choice(_STREETS_OF_TRADE)}{random.choice(_CLUBS)}", DonorKind.GROUP


_PERSON_YUAN = (
    5,
    10,
    10,
    20,
    20,
    50,
    50,
    66,
    88,
    100,
    100,
    100,
    200,
    200,
    300,
    500,
    500,
    666,
    1000,
    1000,
    2000,
    5000,
)
_GROUP_YUAN = (326.5, 580, 888, 1234.56, 1680, 2356.8, 3000, 4520.3, 6666, 8800)
_OFFICE_YUAN = (3200, 5600, 8850, 12000, 18600)
_COMPANY_YUAN = (5000, 10000, 20000, 30000, 50000, 50000, 100000, 100000, 200000, 300000, 500000, 1000000)


def amount_fen(random: Random, kind: DonorKind) -> int:
    """How much such a donor gives: round sums mostly, in fen."""
    if kind is DonorKind.ENTERPRISE:
        return round(random.choice(_COMPANY_YUAN) * random.choice((1, 1, 1, 1.2, 1.68)) * 100)
    if kind is DonorKind.INSTITUTION:
        return round(random.choice(_OFFICE_YUAN) * 100)
    if kind is DonorKind.GROUP:
        return round(random.choice(_GROUP_YUAN) * 100)
    return random.choice(_PERSON_YUAN) * 100


def consents(random: Random, kind: DonorKind) -> bool:
    """Whether such a donor agrees to be named in public."""
    likely = {
        DonorKind.PERSON: 0.35,
        DonorKind.ENTERPRISE: 0.9,
        DonorKind.GROUP: 0.7,
        DonorKind.INSTITUTION: 0.8,
    }
    return random.random() < likely.get(kind, 0)
