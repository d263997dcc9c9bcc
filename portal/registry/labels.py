"""The registry's columns in words, for forms, files and histories of changes."""

from portal.i18n import lazy_gettext as _l

FIELD_LABELS = {
    "uscc": _l("统一社会信用代码"),
    "code": _l("编号"),
    "name": _l("名称"),
    "short_name": _l("简称"),
    "kind": _l("类型"),
    "fundraising_since": _l("取得公开募捐资格日期"),
    "fundraising_certificate_no": _l("公开募捐资格证书编号"),
    "legal_representative": _l("法定代表人"),
    "contact_name": _l("联系人"),
    "contact_phone": _l("联系电话"),
    "address": _l("地址"),
    "street": _l("街道"),
    "community": _l("社区"),
    "organisation": _l("慈善组织"),
    "fund": _l("基金"),
    "status": _l("状态"),
    "founded_on": _l("成立日期"),
    "national_platform_url": _l("慈善中国主页"),
    "purpose": _l("宗旨或用途"),
    "restricted": _l("限定用途"),
    "restriction": _l("限定内容"),
    "opened_on": _l("设立日期"),
    "hours": _l("开放时间"),
    "accepts": _l("接收的捐赠"),
    "goal": _l("项目目标"),
    "starts_on": _l("开始日期"),
    "ends_on": _l("结束日期"),
    "filing_no": _l("募捐方案备案编号"),
    "filed_on": _l("备案日期"),
    "emergency": _l("应对突发事件"),
    "cooperative": _l("合作募捐"),
    "reason": _l("变更原因或说明"),
}
"""Every column a person may fill in; ``tests/registry`` checks that none is missing."""
