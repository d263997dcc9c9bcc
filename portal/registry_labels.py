"""The registry's enumerations in words, by the name of the class and the value; ``portal/labels.py`` finds them."""

from flask_babel import LazyString

from portal.i18n import lazy_gettext as _l

REGISTRY_LABELS: dict[str, dict[str, LazyString]] = {
    "Status": {
        "applied": _l("待核准"),
        "checked": _l("已核准，待启用"),
        "refused": _l("不予登记"),
        "active": _l("正常"),
        "suspended": _l("已暂停"),
        "closing": _l("结项中"),
        "closed": _l("已关闭"),
    },
    "ProjectCategory": {
        "medical": _l("慈善医疗"),
        "poverty": _l("慈善济困"),
        "education": _l("爱心助学"),
        "rural": _l("乡村振兴"),
        "emergency": _l("应急救灾"),
        "elderly": _l("助老"),
        "children": _l("扶幼"),
        "disability": _l("助残"),
        "veterans": _l("优抚"),
        "culture": _l("科教文卫体"),
        "environment": _l("生态环保"),
        "other": _l("其他公益"),
    },
    "LandmarkKind": {"square": _l("慈善广场"), "community": _l("慈善社区"), "park": _l("慈善公园")},
    "AcceptedKind": {
        "money": _l("善款"),
        "clothes": _l("衣物"),
        "books": _l("图书文具"),
        "food": _l("食品"),
        "household": _l("生活用品"),
        "toys": _l("玩具"),
        "appliances": _l("家电家具"),
        "medical": _l("药械防护"),
        "other": _l("其他物品"),
    },
    "Body": {
        "in_charge": _l("负责人"),
        "deciding": _l("决策机构"),
        "executing": _l("执行机构"),
        "supervising": _l("监督机构"),
    },
    "AttachmentKind": {
        "charter": _l("章程"),
        "certificate": _l("登记证书"),
        "qualification": _l("公开募捐资格证书"),
        "plan": _l("募捐方案"),
        "agreement": _l("协议"),
        "minutes": _l("会议决议"),
        "photo": _l("照片"),
        "other": _l("其他文件"),
    },
    "FundKind": {
        "general": _l("普通基金"),
        "community": _l("社区慈善基金"),
        "named": _l("冠名基金"),
        "special": _l("专项基金"),
    },
    "OrganisationKind": {
        "federation": _l("慈善会"),
        "foundation": _l("基金会"),
        "association": _l("社会团体"),
        "service": _l("社会服务机构"),
    },
}
