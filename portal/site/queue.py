"""What waits for a second person, of every kind, in one list; and the payouts that wait for a clerk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.committees import service as committees
from portal.evidence import listing as evidence
from portal.giving import listing as gifts
from portal.i18n import gettext as _
from portal.imports.models import ImportBatch
from portal.labels import label
from portal.periods import local
from portal.projects import papers
from portal.questions import complaints
from portal.questions import listing as questions
from portal.questions.models import Question
from portal.ratios import listing as statements
from portal.ratios.models import BaseFigure
from portal.registry import listing as registry
from portal.reports import publishing as reports
from portal.reversals import listing as reversals
from portal.spending import listing as payouts
from portal.spending.models import Disbursement, DisbursementState
from portal.staff.documents import DocumentState
from portal.staff.models import StaffMember
from portal.stock import service as stock
from portal.transfers import listing as transfers
from portal.ways_to_give import service as ways

MOST = 100
"""How many of each kind are listed at once; the oldest come first."""


@dataclass(frozen=True)
class Waiting:
    """One document that waits. ``endpoint`` and ``ids`` lead to its page; the amount is in fen."""

    kind: str
    number: str
    endpoint: str
    ids: Mapping[str, int | str]
    amount_fen: int | None
    day: date
    words: str
    maker: str
    own: bool


@dataclass(frozen=True)
class Counts:
    """How many documents of each kind wait for review."""

    donations: int
    disbursements: int
    reversals: int
    imports: int
    stock: int
    registrations: int
    transfers: int
    committee_decisions: int
    project_papers: int
    statements: int
    evidence: int
    giving_ways: int
    withholdings: int
    reports: int
    to_pay: int
    on_their_way: int
    to_answer: int
    late_answers: int
    complaints: int

    @property
    def total(self) -> int:
        """All that waits for review."""
        parts = (
            self.donations,
            self.disbursements,
            self.reversals,
            self.imports,
            self.stock,
            self.registrations,
            self.transfers,
            self.committee_decisions,
            self.project_papers,
            self.statements,
            self.evidence,
            self.giving_ways,
            self.withholdings,
            self.reports,
        )
        return sum(parts)


def counts(session: Session, by: StaffMember) -> Counts:
    """How much waits within a person's reach."""
    return Counts(
        gifts.count_waiting(session, by),
        payouts.count_waiting(session, by),
        reversals.count_waiting(session, by),
        len(_batches(session, by)),
        stock.count_waiting(session, by),
        registry.count_applied(session, by.scope),
        transfers.count_waiting(session, by),
        committees.count_waiting(session, by),
        papers.count_waiting(session, by),
        len(statements.waiting(session, by)),
        evidence.count_waiting(session, by),
        ways.count_waiting(session, by),
        questions.count_to_decide(session, by),
        reports.count_waiting(session, by),
        payouts.count_to_pay(session, by),
        payouts.count_long_on_their_way(session, by),
        questions.count_to_answer(session, by),
        questions.count_late(session, by),
        complaints.count_to_decide(session, by),
    )


def waiting(session: Session, by: StaffMember) -> list[Waiting]:
    """Everything that waits within a person's reach: lists, reversals and payouts before single gifts."""
    return [
        *(_batch(one, by) for one in _batches(session, by)),
        *_reversals(session, by),
        *_transfers(session, by),
        *_committee_decisions(session, by),
        *_payouts(session, by),
        *_evidence(session, by),
        *_stock(session, by),
        *_gifts(session, by),
        *_registrations(session, by),
        *_project_papers(session, by),
        *_statements(session, by),
        *_giving_ways(session, by),
        *_withholdings(session, by),
        *_reports(session, by),
    ]


def to_pay(session: Session, by: StaffMember) -> list[Waiting]:
    """Payouts that were approved and wait to be paid, or handed out."""
    return [_payout(one, by) for one in payouts.to_pay(session, by, limit=MOST)]


def on_their_way(session: Session, by: StaffMember) -> list[Waiting]:
    """Payouts that have been on their way for more than 30 days."""
    return [_payout(one, by) for one in payouts.long_on_their_way(session, by, limit=MOST)]


def to_answer(session: Session, by: StaffMember) -> list[Waiting]:
    """Questions of citizens that wait for an answer, the most urgent first; the day is the last one."""
    return [
        _question(one, _("市民提问"), one.waiting_due_on or one.due_on, one.about_name)
        for one in questions.to_answer(session, by, limit=MOST)
    ]


def _withholdings(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        _question(
            one.question,
            _("不公开提问"),
            local(one.proposed_at).date(),
            str(label(one.reason)),
            maker=one.proposed_by,
            own=by.id == one.proposed_by_id,
        )
        for one in questions.to_decide(session, by, limit=MOST)
    ]


def _question(
    one: Question, kind: str, day: date, words: str, *, maker: StaffMember | None = None, own: bool = False
) -> Waiting:
    return Waiting(
        kind=kind,
        number=one.question_no,
        endpoint="questions_desk.show",
        ids={"question_id": one.id},
        amount_fen=None,
        day=day,
        words=words,
        maker=maker.display_name if maker else _("市民"),
        own=own,
    )


def _gifts(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=_("捐赠"),
            number=one.donation_no,
            endpoint="giving.show",
            ids={"donation_id": one.id},
            amount_fen=one.amount_fen,
            day=one.received_on,
            words=f"{one.donor_name or _('未留名')} → {one.fund.name}",
            maker=one.maker.display_name,
            own=by.id in one.makers,
        )
        for one in gifts.waiting(session, by, limit=MOST)
    ]


def _payouts(session: Session, by: StaffMember) -> list[Waiting]:
    return [_payout(one, by) for one in payouts.waiting(session, by, limit=MOST)]


def _payout(one: Disbursement, by: StaffMember) -> Waiting:
    second = one.state is DisbursementState.SECOND_PENDING
    return Waiting(
        kind=str(_("支出（二次复核）") if second else label(one.kind)),
        number=one.disbursement_no,
        endpoint="spending.show",
        ids={"disbursement_id": one.id},
        amount_fen=one.amount_fen,
        day=one.paid_on or local(one.submitted_at or one.made_at).date(),
        words=f"{one.fund.name} → {one.recipient or one.purpose}",
        maker=one.maker.display_name,
        own=by.id in one.makers,
    )


def _transfers(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=str(label(one.kind)),
            number=one.transfer_no,
            endpoint="transfers.show",
            ids={"transfer_id": one.id},
            amount_fen=one.amount_fen,
            day=one.moved_on,
            words=f"{one.from_fund.name} → {one.to_fund.name}",
            maker=one.maker.display_name,
            own=by.id in one.makers,
        )
        for one in transfers.waiting(session, by, limit=MOST)
    ]


def _committee_decisions(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=_("管委会决议"),
            number=one.number,
            endpoint="committees.show",
            ids={"decision_id": one.id},
            amount_fen=one.amount_fen,
            day=one.decided_on,
            words=f"{one.fund.name}：{one.decided}",
            maker=one.maker.display_name,
            own=by.id in one.makers,
        )
        for one in committees.waiting(session, by, limit=MOST)
    ]


def _evidence(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=_("公开凭证"),
            number=one.subject_no,
            endpoint="evidence_desk.show",
            ids={"evidence_id": one.id},
            amount_fen=None,
            day=local(one.made_at).date(),
            words=str(label(one.kind)),
            maker=one.maker.display_name,
            own=by.id in one.hands,
        )
        for one in evidence.waiting(session, by, limit=MOST)
    ]


def _giving_ways(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=_("捐赠方式"),
            number=str(one.id),
            endpoint="ways_to_give.show",
            ids={"way_id": one.id},
            amount_fen=None,
            day=local(one.made_at).date(),
            words=f"{one.organisation.shown_name}{_('：')}{one.platform or one.bank}",
            maker=one.maker.display_name,
            own=by.id in one.makers,
        )
        for one in ways.waiting(session, by, limit=MOST)
    ]


def _reports(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=_("报告"),
            number=str(one.id),
            endpoint="report_desk.show",
            ids={"report_id": one.id},
            amount_fen=None,
            day=local(one.made_at).date(),
            words=one.title,
            maker=one.offered_by.display_name if one.offered_by else "",
            own=by.id in one.makers,
        )
        for one in reports.waiting(session, by, limit=MOST)
    ]


def _stock(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=str(label(one.kind)),
            number=one.document_no,
            endpoint="stock.show",
            ids={"document_id": one.id},
            amount_fen=one.proceeds_fen,
            day=one.happened_on,
            words=f"{one.fund.name}：{one.reason}",
            maker=one.maker.display_name,
            own=by.id in one.makers,
        )
        for one in stock.waiting(session, by, limit=MOST)
    ]


def _registrations(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=str(label(one.keeper.subject)),
            number=one.code,
            endpoint=f"registry_desk.{one.keeper.subject.value}_show",
            ids={"code": one.code},
            amount_fen=None,
            day=local(one.made_at).date(),
            words=one.thing.name,
            maker=one.maker,
            own=by.id == one.maker_id,
        )
        for one in registry.applied(session, by.scope, limit=MOST)
    ]


def _project_papers(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=str(kind.title),
            number=f"{paper.project.code}-{paper.id}",
            endpoint="projects.paper",
            ids={"word": kind.word, "paper_id": paper.id},
            amount_fen=None,
            day=local(paper.made_at).date(),
            words=paper.project.name,
            maker=paper.maker.display_name,
            own=by.id in paper.makers,
        )
        for kind, paper in papers.waiting(session, by, limit=MOST)
    ]


def _statements(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=_("年度数字") if isinstance(one, BaseFigure) else _("超限说明"),
            number=f"{one.organisation.shown_name} {one.year}",
            endpoint="base_figures.show" if isinstance(one, BaseFigure) else "ratio_excuses.show",
            ids={"document_id": one.id},
            amount_fen=None,
            day=local(one.made_at).date(),
            words=one.source if isinstance(one, BaseFigure) else one.explanation,
            maker=one.maker.display_name,
            own=by.id in one.makers,
        )
        for one in statements.waiting(session, by)
    ]


def _reversals(session: Session, by: StaffMember) -> list[Waiting]:
    return [
        Waiting(
            kind=_("红冲"),
            number=one.subject_entry.entry_no,
            endpoint="reversals.show",
            ids={"request_id": one.id},
            amount_fen=-one.subject_entry.amount_fen,
            day=one.subject_entry.occurred_on,
            words=one.reason,
            maker=one.maker.display_name,
            own=by.id in one.makers,
        )
        for one in reversals.waiting(session, by, limit=MOST)
    ]


def _batches(session: Session, by: StaffMember) -> Sequence[ImportBatch]:
    query = select(ImportBatch).where(ImportBatch.state == DocumentState.PENDING)
    if by.scope.organisation_id is not None:
        query = query.where(ImportBatch.organisation_id == by.scope.organisation_id)
    return session.scalars(query.order_by(ImportBatch.id).limit(MOST)).all()


def _batch(one: ImportBatch, by: StaffMember) -> Waiting:
    return Waiting(
        kind=_("名单"),
        number=str(one.id),
        endpoint="imports.show",
        ids={"batch_id": one.id},
        amount_fen=one.accepted_fen,
        day=one.made_at.date(),
        words=one.file_name,
        maker=one.maker.display_name,
        own=by.id in one.makers,
    )
