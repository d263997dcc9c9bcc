"""Every enumeration in words a neighbour would use, found by the name of its class and its value.

Only the language layer is imported, so that any package may ask for a label.
"""

from enum import Enum

from flask_babel import LazyString

from portal.i18n import lazy_gettext as _l

LABELS: dict[str, dict[str, LazyString]] = {
    "Status": {
        "applied": _l("待核准"),
        "checked": _l("已核准，待启用"),
        "refused": _l("不予登记"),
        "active": _l("正常"),
        "suspended": _l("已暂停"),
        "closed": _l("已关闭"),
    },
    "Likeness": {
        "reference": _l("单号相同"),
        "same_day": _l("同日同额"),
        "near_day": _l("同额，日期相近"),
        "fee": _l("差一点，可能是手续费"),
        "swapped": _l("两个数字颠倒"),
    },
    "LandmarkKind": {"square": _l("慈善广场"), "community": _l("慈善社区"), "park": _l("慈善公园")},
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
    "OrganisationKind": {
        "federation": _l("慈善会"),
        "foundation": _l("基金会"),
        "association": _l("社会团体"),
        "service": _l("社会服务机构"),
    },
    "FundKind": {
        "general": _l("普通基金"),
        "community": _l("社区慈善基金"),
        "named": _l("冠名基金"),
        "special": _l("专项基金"),
    },
    "SubjectKind": {
        "organisation": _l("慈善组织"),
        "fund": _l("基金"),
        "station": _l("捐赠站点"),
        "project": _l("慈善项目"),
        "campaign": _l("公开募捐活动"),
        "landmark": _l("慈善空间"),
    },
    "Role": {
        "station_clerk": _l("站点登记员"),
        "federation_clerk": _l("慈善会经办人"),
        "reviewer": _l("复核人"),
        "auditor": _l("审计人员"),
        "administrator": _l("管理员"),
    },
    "EntryKind": {
        "donation": _l("捐赠"),
        "disbursement": _l("支出"),
        "transfer": _l("划转"),
        "write_off": _l("报损"),
        "sale": _l("变卖"),
        "reversal": _l("红冲"),
    },
    "Direction": {"in": _l("收入"), "out": _l("支出")},
    "Form": {
        "money": _l("资金"),
        "goods": _l("物资"),
        "skills": _l("技能"),
        "services": _l("服务"),
        "ip": _l("知识产权"),
        "insurance": _l("保险"),
        "securities": _l("有价证券"),
    },
    "Channel": {
        "cash": _l("现金"),
        "bank": _l("银行转账"),
        "wechat": _l("微信支付"),
        "alipay": _l("支付宝"),
        "unionpay": _l("云闪付"),
        "pos": _l("刷卡"),
        "payroll": _l("工资代扣"),
        "in_kind": _l("实物（非货币）"),
        "other": _l("其他方式"),
    },
    "DonorKind": {
        "person": _l("个人"),
        "household": _l("家庭"),
        "enterprise": _l("企业"),
        "institution": _l("机关和事业单位"),
        "group": _l("集体"),
        "anonymous": _l("匿名"),
    },
    "ContactKind": {"phone": _l("电话"), "email": _l("邮箱"), "address": _l("地址")},
    "ConsentShown": {"name": _l("全名"), "masked": _l("只显示姓氏")},
    "ConsentHow": {
        "in_person": _l("当面"),
        "paper": _l("书面"),
        "telephone": _l("电话"),
        "online": _l("网上"),
        "list": _l("随名单"),
        "correction": _l("更正登记"),
        "unrecorded": _l("启用记录以前"),
    },
    "DocumentState": {
        "draft": _l("草稿"),
        "pending": _l("待复核"),
        "returned": _l("已退回"),
        "posted": _l("已入账"),
        "withdrawn": _l("已撤回"),
    },
    "RowState": {
        "accepted": _l("可入账"),
        "duplicate": _l("重复"),
        "rejected": _l("已剔除"),
        "needs_review": _l("待核对"),
    },
    "CostKind": {
        "programme": _l("慈善活动支出"),
        "management": _l("管理费用"),
        "fundraising": _l("募捐费用"),
        "other": _l("其他费用"),
    },
    "Restriction": {
        "none": _l("不限定"),
        "purpose": _l("限定用途"),
        "time": _l("限定时间"),
        "both": _l("限定用途和时间"),
    },
    "ValuationBasis": {
        "evidence": _l("发票、报关单等凭据"),
        "ex_factory": _l("出厂价"),
        "sales": _l("捐赠方销售价"),
        "guide": _l("政府指导价"),
        "ecommerce": _l("知名电商价"),
        "appraisal": _l("第三方评估"),
        "nominal": _l("名义金额（1 元）"),
    },
    "FiscalState": {
        "open": _l("待开票"),
        "issued": _l("已开票"),
        "red_reversed": _l("已红冲，待重开"),
        "waived": _l("捐赠人不要票据"),
        "anonymous": _l("匿名，不开票"),
        "value_pending": _l("待计价，计价后开票"),
    },
    "JobState": {
        "waiting": _l("等待"),
        "running": _l("进行中"),
        "done": _l("完成"),
        "failed": _l("没有做成"),
        "cancelled": _l("已停止"),
    },
    "ListKind": {
        "donations": _l("捐款名单"),
        "goods_received": _l("收到物资"),
        "goods_given": _l("发放物资"),
    },
    "MovementKind": {
        "received": _l("收到"),
        "taken_back": _l("红冲收到"),
        "issued": _l("发放"),
        "transferred": _l("调拨到别处"),
        "written_off": _l("报损"),
        "sold": _l("变卖"),
        "found": _l("盘盈"),
        "missed": _l("盘亏"),
        "put_back": _l("红冲退回"),
    },
    "StockDocumentKind": {
        "transfer": _l("调拨"),
        "write_off": _l("报损"),
        "sale": _l("变卖"),
        "count": _l("盘点"),
    },
    "PledgeRhythm": {"instalments": _l("分期"), "monthly": _l("按月")},
    "PledgeState": {"open": _l("进行中"), "cancelled": _l("已取消")},
    "Decision": {"approved": _l("同意"), "returned": _l("退回")},
    "Outcome": {"done": _l("已完成"), "refused": _l("被拒绝")},
    "PopulationKind": {
        "census": _l("人口普查"),
        "year_end": _l("年末常住人口"),
        "secondary": _l("转引数据"),
    },
    "TargetBasis": {"plan": _l("规划写明"), "interpolated": _l("两年之间推算")},
}


def label(value: object) -> LazyString | str:
    """The words for one value of an enumeration; anything unknown comes back as its own text."""
    if value is None:
        return ""
    if not isinstance(value, Enum):
        return str(value)
    words = LABELS.get(type(value).__name__, {})
    return words.get(str(value.value), str(value.value))


ACTIONS: dict[str, LazyString] = {
    "donation.recorded": _l("登记捐赠"),
    "acknowledgement.issued": _l("开具回执"),
    "acknowledgement.reprinted": _l("补打回执"),
    "acknowledgement.voided": _l("作废回执"),
    "acknowledgement.batch": _l("成批打印回执"),
    "fiscal_receipt.taken_in": _l("登记财政票据"),
    "fiscal_receipt.waived": _l("登记捐赠人不要票据"),
    "till.counted": _l("收工清点"),
    "job.begun": _l("开始任务"),
    "job.cancelled": _l("停止任务"),
    "certificate.printed": _l("打印捐赠证书"),
    "donor.enlisted": _l("新建捐赠人档案"),
    "donor.edited": _l("修改捐赠人档案"),
    "donor.contact_added": _l("登记捐赠人联系方式"),
    "donor.contact_removed": _l("删除捐赠人联系方式"),
    "donor.contact_revealed": _l("查看捐赠人联系方式全文"),
    "donor.merged": _l("合并捐赠人"),
    "donor.merge_undone": _l("撤销合并捐赠人"),
    "donation.consent_given": _l("捐赠人同意公开姓名"),
    "donation.consent_withdrawn": _l("捐赠人撤回公开姓名"),
    "donation.erased": _l("删除捐赠人信息"),
    "pledge.recorded": _l("登记认捐"),
    "pledge.cancelled": _l("取消认捐"),
    "donation.edited": _l("修改捐赠"),
    "donation.submitted": _l("提交捐赠复核"),
    "donation.withdrawn": _l("撤回捐赠"),
    "donation.approved": _l("复核通过，捐赠入账"),
    "donation.returned": _l("退回捐赠"),
    "disbursement.requested": _l("申请支出"),
    "disbursement.edited": _l("修改支出"),
    "disbursement.submitted": _l("提交支出复核"),
    "disbursement.withdrawn": _l("撤回支出"),
    "disbursement.approved": _l("复核通过，支出入账"),
    "disbursement.returned": _l("退回支出"),
    "stock.made": _l("登记库存单据"),
    "stock.approved": _l("复核通过库存单据"),
    "stock.returned": _l("退回库存单据"),
    "stock.withdrawn": _l("撤回库存单据"),
    "reversal.requested": _l("申请红冲"),
    "reversal.approved": _l("同意红冲"),
    "reversal.returned": _l("退回红冲申请"),
    "reversal.withdrawn": _l("撤回红冲申请"),
    "import.created": _l("上传名单"),
    "import.mended": _l("修改名单中的一行"),
    "import.submitted": _l("提交名单复核"),
    "import.approved": _l("复核通过，名单入账"),
    "import.returned": _l("退回名单"),
    "import.withdrawn": _l("撤回名单"),
    "bill.published": _l("公布账单"),
    "registry.create": _l("新增登记"),
    "registry.edit": _l("修改登记"),
    "registry.suspended": _l("暂停"),
    "registry.active": _l("恢复"),
    "registry.closed": _l("关闭"),
    "indicators.enter": _l("登记指标数据"),
    "indicators.withdraw": _l("撤回指标数据"),
    "staff.added": _l("新建账号"),
    "staff.role_changed": _l("更改角色"),
    "staff.activated": _l("恢复登录"),
    "staff.deactivated": _l("停用账号"),
    "staff.password_reset": _l("重置密码"),
    "staff.password_changed": _l("修改密码"),
    "staff.logged_in": _l("登录"),
    "staff.logged_out": _l("退出登录"),
    "staff.login_failed": _l("登录失败"),
    "staff.session_ended": _l("退出一台设备"),
    "staff.totp_enabled": _l("启用动态码"),
    "staff.totp_disabled": _l("停用动态码"),
}
"""What the audit trail calls each deed."""


def action_label(action: str) -> LazyString | str:
    """The words for one deed of the audit trail; an unknown one comes back as its own name."""
    return ACTIONS.get(action, action)
