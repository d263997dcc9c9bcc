"""Who gives in the demonstration: made-up people, companies, classes and clubs, and how much they give."""

from dataclasses import dataclass
from math import log
from random import Random

from portal.donors.models import DonorKind
from portal.ledger.models import Channel

_SURNAMES = "陈李黄张梁林吴何刘罗谢郑冯曾邓叶苏潘钟卢简区麦霍"
_GIVEN = (
    "志明 淑芬 家豪 美玲 伟强 丽华 国栋 秀珍 俊杰 晓雯 建国 桂英 子轩 思琪 文博 慧敏 海燕 永康 洁仪 浩然 "
    "嘉欣 振华 雪梅 景行 婉婷 耀辉 凤仪 少芳 卓然 巧云 立群 颖怡 德全 锦棠 若水 𬭎 玥 喆 堃 翀"
).split()
_PLACES = "珠江潮 晓港湾 磨碟沙 赤岗塔 客村 新港湾 洪德 同福 凤凰岗 石榴岗 大塘涌 黄埔古港".split()
_TRADES = (
    "贸易有限公司 纺织品有限公司 餐饮管理有限公司 科技有限公司 布艺商行 建筑工程有限公司 物业服务有限公司 "
    "中药材有限公司"
).split()
_SCHOOLS = "第一小学 实验小学 第五中学 外国语小学 职业技术学校".split()
_CLASSES = "三年（2）班 五年（1）班 初二（4）班 高一（6）班 学生会".split()
_CLUBS = "广场舞队 粤剧私伙局 退休教师联谊会 骑行俱乐部 志愿服务队 商户联盟".split()
_OFFICES = "街道办事处职工 社区卫生服务中心职工 区图书馆职工 街道综合文化站职工".split()

_SHARES = {
    DonorKind.ANONYMOUS: 8,
    DonorKind.PERSON: 66,
    DonorKind.ENTERPRISE: 12,
    DonorKind.INSTITUTION: 4,
    DonorKind.GROUP: 10,
}
_CONSENT = {
    DonorKind.PERSON: 0.35,
    DonorKind.ENTERPRISE: 0.9,
    DonorKind.GROUP: 0.7,
    DonorKind.INSTITUTION: 0.8,
}


@dataclass(frozen=True)
class Size:
    """How much one kind of donor gives: the middle gift and the spread of a lognormal law, both in yuan."""

    median: int
    spread: float
    least: int
    most: int


_SIZES = {
    DonorKind.ANONYMOUS: Size(60, 1.2, 1, 20_000),
    DonorKind.PERSON: Size(120, 1.2, 5, 50_000),
    DonorKind.ENTERPRISE: Size(60_000, 1.5, 1_000, 3_000_000),
    DonorKind.INSTITUTION: Size(6_000, 0.7, 800, 60_000),
    DonorKind.GROUP: Size(1_500, 0.9, 80, 30_000),
}
_LUCKY_YUAN = (66, 88, 166, 188, 520, 666, 888, 1314, 1688, 6666, 8888)
_PERSON_CHANNELS = {
    Channel.WECHAT: 45,
    Channel.ALIPAY: 24,
    Channel.CASH: 18,
    Channel.UNIONPAY: 4,
    Channel.POS: 4,
    Channel.BANK: 5,
}


@dataclass(frozen=True)
class Donor:
    """A made-up donor; ``consents`` says whether the name may be shown."""

    name: str
    kind: DonorKind
    consents: bool


def draw_donor(random: Random, district: str) -> Donor:
    """A donor; most are people, one in twelve leaves no name."""
    kind = random.choices(list(_SHARES), list(_SHARES.values()))[0]
    name = _name(random, kind, district)
    return Donor(name, kind, random.random() < _CONSENT.get(kind, 0))


def draw_person(random: Random) -> Donor:
    """A donor who is one person and agrees to be named as seldom as people do."""
    name = random.choice(_SURNAMES) + random.choice(_GIVEN)
    return Donor(name, DonorKind.PERSON, random.random() < _CONSENT[DonorKind.PERSON])


def draw_amount_fen(random: Random, kind: DonorKind) -> int:
    """How much such a donor gives, in fen. What a group collects is an odd sum, all others give round ones."""
    size = _SIZES[kind]
    yuan = min(max(random.lognormvariate(log(size.median), size.spread), size.least), size.most)
    if kind is DonorKind.GROUP:
        return round(yuan * 10) * 10
    if kind is DonorKind.PERSON and random.random() < 0.08:
        return random.choice(_LUCKY_YUAN) * 100
    return _rounded(yuan) * 100


def draw_channel(random: Random, kind: DonorKind) -> Channel:
    """How such a donor pays: bodies by bank transfer, people mostly by telephone."""
    if kind in (DonorKind.ENTERPRISE, DonorKind.INSTITUTION):
        return Channel.BANK
    return random.choices(list(_PERSON_CHANNELS), list(_PERSON_CHANNELS.values()))[0]


def _name(random: Random, kind: DonorKind, district: str) -> str:
    place = random.choice(_PLACES)
    if kind is DonorKind.PERSON:
        return random.choice(_SURNAMES) + random.choice(_GIVEN)
    if kind is DonorKind.ENTERPRISE:
        return f"{district}{place}{random.choice(_TRADES)}"
    if kind is DonorKind.INSTITUTION:
        return random.choice(_OFFICES)
    if kind is DonorKind.GROUP and random.random() < 0.6:
        return f"{place}{random.choice(_SCHOOLS)}{random.choice(_CLASSES)}"
    return f"{place}{random.choice(_CLUBS)}" if kind is DonorKind.GROUP else ""


def _rounded(yuan: float) -> int:
    """The sum that a person thinks of: 137 becomes 150, 41,300 becomes 40,000."""
    unit = 1
    while unit * 10 <= yuan:
        unit *= 10
    return min((round_ * unit // 2 for round_ in range(2, 21)), key=lambda sum_: abs(sum_ - yuan)) or 1
