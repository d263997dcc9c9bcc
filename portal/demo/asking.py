"""What citizens of the demonstration asked: answered in time and late, waiting, withheld, and one complaint."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.demo.stage import Stage
from portal.ledger.models import Entry, EntryKind
from portal.periods import noon
from portal.questions import answering, asking, complaints, withholding
from portal.questions.asking import Asking
from portal.questions.complaint_models import Finding
from portal.questions.models import Question, WithheldReason
from portal.questions.subjects import About, find_about
from portal.staff.models import StaffMember


@dataclass(frozen=True)
class _Heard:
    """Something that was asked so many days ago, and what was answered how many days later, if it was."""

    kind: str
    days_ago: int
    words: str
    nickname: str = ""
    answer: str = ""
    after_days: int = 0


_HEARD = (
    _Heard(
        "fund",
        38,
        "这个基金今年的管理费占多少？有没有超过百分之十？",
        "退休教师",
        "管理费用按《慈善法》第六十一条计算，比例每天算好放在组织页面的“费用比例”里，目前没有超过规定。",
        2,
    ),
    _Heard(
        "bill",
        27,
        "上个月的结余为什么比前一个月少了这么多？",
        "住在江南中的街坊",
        "上个月集中发放了助学金和节日慰问，支出比平时多。每一笔都在账单下面的明细里，点开可以看到用途和送达情况。",
        3,
    ),
    _Heard(
        "project",
        24,
        "项目帮到的人是怎么选出来的？别的街道可以报名吗？",
        "",
        "由社区推荐、项目组上门核实，再公示名单的群体和人数。全区都可以报名，请到就近的捐赠站点领表。",
        11,
    ),
    _Heard(
        "payout",
        9,
        "这一笔写着已经支付，请问什么时候送到受助人手里？",
        "志愿者",
        "款项已经转到街道，由社区在本月内发放，送达以后会登记在这一笔下面。",
        1,
    ),
    _Heard("organisation", 16, "去年的审计报告在哪里可以看到全文？"),
    _Heard("gift", 1, "这笔捐款指定了用途吗？会不会拿去做别的？", "海珠街坊"),
)
_NEWEST = {"payout": EntryKind.DISBURSEMENT, "gift": EntryKind.DONATION}
_PRIVATE = "我楼上那户人家也领了钱，他家孩子在某某小学读书，为什么他家可以领？"
_COMPLAINT = "问题提交已经超过五个工作日，一直没有答复，请民政部门督促。"
_OUTCOME = "已督促该组织尽快答复，并约谈负责人。答复会公开在原来的问题下面。"


def hear(stage: Stage, secret: str, bureau: StaffMember) -> None:
    """Ask; answer most in time and one late; leave two without an answer; withhold one; complain about the late one."""
    for heard in _HEARD:
        question = _ask(stage, secret, heard)
        if heard.answer:
            at = noon(stage.today - timedelta(days=heard.days_ago - heard.after_days))
            answering.answer(question.id, stage.clerk, 1, heard.answer, stage.key(), at)
        elif heard.days_ago > 10:
            _complain(stage, question, bureau)
    private = _ask(stage, secret, _Heard("station", 6, _PRIVATE))
    withholding.propose(private.id, stage.clerk, 1, WithheldReason.PRIVACY, "说到了一户人家和孩子的学校")
    withholding.uphold(private.id, stage.reviewer)


def _ask(stage: Stage, secret: str, heard: _Heard) -> Question:
    typed = Asking(heard.words, heard.nickname).checked()
    at = noon(stage.today - timedelta(days=heard.days_ago))
    return asking.take(stage.session, _about(stage, heard.kind), typed, stage.key(), secret, at).question


def _complain(stage: Stage, question: Question, bureau: StaffMember) -> None:
    about = complaints.about_question(question)
    made = complaints.take(stage.session, about, question, _COMPLAINT, stage.key())
    complaints.decide(made.id, bureau, Finding.JUSTIFIED, _OUTCOME)


def _about(stage: Stage, kind: str) -> About:
    made = stage.made
    numbers = {
        "fund": made.funds[0].code,
        "project": made.projects[0].code,
        "station": made.stations[0].code,
        "organisation": made.organisations[0].uscc,
    }
    if kind == "bill":
        month = stage.today.replace(day=1) - timedelta(days=1)
        return find_about(stage.session, kind, f"{month:%Y-%m}-{made.funds[0].code}")
    if kind in _NEWEST:
        newest = select(Entry.entry_no).where(Entry.kind == _NEWEST[kind]).order_by(Entry.index.desc())
        return find_about(stage.session, "entry", stage.session.scalars(newest.limit(1)).one())
    return find_about(stage.session, kind, numbers[kind])
