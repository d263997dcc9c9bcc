"""Whether a name is a person's, a firm's, an institution's or a group's, as far as the name tells."""

import re
from functools import lru_cache

from portal.donors.models import DonorKind

_ENTERPRISE = re.compile(
    r"公司|集团|企业|商行|商店|经营部|工厂|厂$|酒店|超市|银行|合作社|事务所|工作室|店$|门市部"
)
_INSTITUTION = re.compile(
    r"委员会|人民政府|学校|大学|学院|中学|小学|幼儿园|医院|基金会|协会|商会|学会|联合会|红十字会|慈善会|总会|研究[院所]|"
    r"局$|厅$|办事处|居委会|村委会|工会|寺$|教会|中心$"
)
_GROUP = re.compile(
    r"全体|员工|职工|党支部|支部$|班$|校友|家委会|同学|战友|[等及].{0,6}[人名位]$|群$|团队|车队"
)
_HOUSEHOLD = re.compile(r"一家|全家|家庭|夫妇|夫妻|伉俪")


@lru_cache(maxsize=16_384)
def donor_kind_of(name: str) -> DonorKind:
    """Tell the kind of a donor by the name; a person where nothing speaks for anything else."""
    if _HOUSEHOLD.search(name) and not _ENTERPRISE.search(name):
        return DonorKind.HOUSEHOLD
    if _GROUP.search(name):
        return DonorKind.GROUP
    if _ENTERPRISE.search(name):
        return DonorKind.ENTERPRISE
    if _INSTITUTION.search(name):
        return DonorKind.INSTITUTION
    return DonorKind.PERSON
