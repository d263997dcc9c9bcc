"""Two organisations with one of everything each, to try who may see and do what with which."""

import uuid
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.beneficiaries.models import Beneficiary
from portal.committees import service as committees
from portal.db import db, writing
from portal.donors import service as donors
from portal.donors.contacts import read_contact
from portal.donors.models import ContactKind, DonorKind
from portal.files import storage
from portal.imports.models import ImportBatch
from portal.inquiries import service as inquiries
from portal.jobs.models import Job, JobState
from portal.ledger import accounts
from portal.periods import Month, now, today
from portal.projects import milestones, progress
from portal.projects.milestones import MilestoneDetails
from portal.projects.progress import ProgressDetails
from portal.ratios import stating
from portal.ratios.models import ExcuseGround
from portal.reconciliation import service as reconciliation
from portal.reconciliation.figures import Account
from portal.reconciliation.models import StatementLine
from portal.registry.models import Fund, Organisation, Station, SubjectKind
from portal.registry.purposes import CharitablePurpose
from portal.registry.record_models import Attachment, AttachmentKind, Body, Officer
from portal.reversals import service as reversals
from portal.staff.models import Role, StaffMember
from portal.stock import service as store
from portal.stock.models import StockDocumentKind
from portal.stock.service import LineDetails, StockDetails
from portal.transfers import noticing
from portal.transfers.models import ChangeBasis
from portal.ways_to_give import service as ways
from portal.ways_to_give.models import WayKind
from portal.ways_to_give.service import WayDetails
from tests import factories, gifts, goods, lists, moves, people
from tests.beneficiaries import persons
from tests.evidence import pieces
from tests.imports import sheets
from tests.questions import asked
from tests.reports import made

ABSENT_ID = 987_654


@dataclass(frozen=True)
class Things:
    """One of everything, of one organisation, each under the kind of subject that the table of access names."""

    organisation_id: int
    station: Station
    subjects: dict[str, dict[str, object]]


def things(name: str) -> Things:
    """Make one of everything."""
    with writing() as session:
        owner = factories.organisation(session)
        fund = factories.fund(session, organisation_id=owner.id)
        station = factories.station(session, organisation_id=owner.id)
        project = factories.project(session, organisation_id=owner.id)
        campaign = factories.campaign(session, organisation_id=owner.id)
        landmark = factories.landmark(session, organisation_id=owner.id)
        officer, attachment = _records(session, campaign.id)
    entry = gifts.posted_gift(fund, 50_000, station=station.code).entry
    spare = gifts.posted_gift(fund, 70_000, station=station.code).entry
    assert entry is not None and spare is not None
    reversal = reversals.request(entry.entry_no, "录错", people.clerk(), uuid.uuid4().hex)
    member = people.member(f"{name}.member", Role.AUDITOR, owner.id)
    batch = lists.batch(fund)
    known = _donor(owner.id, station.id)
    return Things(
        owner.id,
        station,
        {
            "organisation": {"code": owner.uscc},
            "fund": {"code": fund.code},
            "station": {"code": station.code},
            "project": {"code": project.code},
            **_of_project(project.code),
            "campaign": {"code": campaign.code},
            "landmark": {"code": landmark.code},
            "officer": {"officer_id": officer},
            **_accounts(owner.id, owner.uscc),
            "inquiry": {"inquiry_id": _inquiry(fund, station.code)},
            **_asked(fund),
            "attachment": {"attachment_id": attachment},
            "donation": {"donation_id": gifts.gift(fund, 1_000, station=station.code).id},
            "donor": known,
            "job": {"job_id": _job(owner.id, station.id)},
            "stock_document": {"document_id": _stock_document(fund, station.code)},
            **_helped(fund),
            **_evidence(fund),
            **_moves(owner.id, fund),
            "entry": {"entry_no": spare.entry_no},
            "reversal": {"request_id": reversal.id},
            "pledge": {"pledge_no": gifts.pledge(fund).pledge_no},
            "bill": {"bill_no": f"{Month.of(today())}-{fund.code}"},
            "staff_member": {"member_id": member.id},
            **_statements(owner.uscc),
            "giving_way": {"way_id": _giving_way(owner)},
            "report": {"report_id": _report(owner.id)},
            "import_batch": {"batch_id": batch.id, "position": 1},
        },
    )


def _helped(fund: Fund) -> dict[str, dict[str, object]]:
    """A payout by a list, somebody on it, and a list that no payout has yet."""
    of_payout = persons.made_list(fund, persons.row(10 * fund.id + 1, 500))
    payout = gifts.payout(fund, 500, beneficiary_list=of_payout.id, beneficiary_count=None)
    person = db.session.query(Beneficiary).filter_by(list_id=of_payout.id).one()
    return {
        "disbursement": {"disbursement_id": payout.id, "arrival_id": ABSENT_ID},
        "beneficiary": {"beneficiary_id": person.id},
        "beneficiary_list": {
            "list_id": persons.made_list(fund, persons.row(10 * fund.id + 2, 500)).id,
            "position": 1,
        },
    }


def _report(organisation_id: int) -> int:
    """A report that waits to be published."""
    return made.waiting(organisation_id, people.clerk().id).id


def _giving_way(owner: Organisation) -> int:
    """An account that waits to be compared."""
    stated = WayDetails(
        organisation=owner.uscc,
        kind=WayKind.ACCOUNT,
        account_name=owner.name,
        bank="工商银行海珠支行",
        account_no="6222020000000001",
    )
    return ways.enter(stated, people.clerk(), uuid.uuid4().hex).id


def _moves(organisation_id: int, fund: Fund) -> dict[str, dict[str, object]]:
    """A decision and a member of a committee, a change under notice, and an objection to it."""
    with writing() as session:
        bound = factories.fund(session, organisation_id=organisation_id, purposes=[CharitablePurpose.CULTURE])
    moves.committee(fund)
    decision = moves.decision(fund)
    member = committees.members(db.session(), fund.id)[0]
    change = moves.change(fund, bound, 500, basis=ChangeBasis.NOTICE)
    noticing.open_notice(change.id, people.reviewer(), change.version)
    objection = noticing.object_to(change.id, today(), "", "不同意变更", people.clerk())
    return {
        "committee_decision": {"decision_id": decision.id},
        "committee_member": {"member_id": member.id},
        "transfer": {"transfer_id": change.id},
        "objection": {"objection_id": objection.id},
    }


def _of_project(code: str) -> dict[str, dict[str, object]]:
    """A milestone of a project, and a report of it that waits."""
    details = ProgressDetails(today(), 12, "发放了第一批")
    report = progress.report(code, details, people.clerk(), uuid.uuid4().hex)
    milestone = milestones.add(code, MilestoneDetails("第一批", today()), people.clerk())
    return {
        "project_milestone": {"milestone_id": milestone.id},
        "project_paper": {"word": "progress", "paper_id": report.id},
    }


def _accounts(organisation_id: int, uscc: str) -> dict[str, dict[str, object]]:
    """An account with one line of a statement, and a closing that waits to be signed."""
    content = sheets.csv_file(
        [
            ["交易日期", "收入金额", "支出金额", "余额", "对方户名"],
            ["2026-03-02", "10.00", "", "10.00", "王小明"],
        ]
    )
    service = reconciliation
    statement, _known = service.take_in(content, "bank.csv", (uscc, accounts.BANK), people.clerk())
    closing = service.close(Account(organisation_id, accounts.BANK), date(2026, 3, 2), people.clerk())
    line = db.session.scalars(
        select(StatementLine.id).where(StatementLine.statement_id == statement.id)
    ).one()
    return {
        "account": {"code": uscc, "account": accounts.BANK},
        "statement_line": {"line_id": line},
        "reconciliation": {"closing_id": closing.id},
    }


def _statements(uscc: str) -> dict[str, dict[str, object]]:
    """Figures of a year, and an explanation, that wait for a second person."""
    year, day, by = today().year - 1, today(), people.clerk()
    figures = stating.StatedFigures(income_fen=100)
    stated = stating.state_figures(
        stating.BaseDetails(organisation=uscc, year=year, figures=figures, source="审计报告", sourced_on=day),
        by,
        uuid.uuid4().hex,
    )
    excuse = stating.state_excuse(
        stating.ExcuseDetails(
            organisation=uscc,
            year=year,
            ground=ExcuseGround.PROVISIONS,
            explanation="坏账",
            reported_on=day,
        ),
        by,
        uuid.uuid4().hex,
    )
    return {"base_figure": {"document_id": stated.id}, "ratio_excuse": {"document_id": excuse.id}}


def _evidence(fund: Fund) -> dict[str, dict[str, object]]:
    """A payout, and a piece of its evidence that waits to be published."""
    payout = gifts.posted_payout(fund, 700)
    return {
        "evidence_subject": {"subject_kind": "disbursement", "subject_id": payout.id},
        "evidence": {"evidence_id": pieces.redacted(payout).id, "page": 1},
    }


def _inquiry(fund: Fund, station: str) -> int:
    """A question about a gift that stands in the books."""
    return inquiries.ask(gifts.posted_gift(fund, 900, station=station), "用到哪里了").id


def _asked(fund: Fund) -> dict[str, dict[str, object]]:
    """A question about a fund, and a complaint about it."""
    about = asked.about(fund)
    return {
        "question": {"question_id": asked.ask(about).question.id},
        "complaint": {"complaint_id": asked.complain(about).id},
    }


def _records(session: Session, campaign_id: int) -> tuple[int, int]:
    """Somebody in charge of a campaign, and a paper about it."""
    officer = Officer(
        subject_kind=SubjectKind.CAMPAIGN,
        subject_id=campaign_id,
        name="陈主任",
        position="负责人",
        body=Body.IN_CHARGE,
        since=today(),
    )
    attachment = Attachment(
        subject_kind=SubjectKind.CAMPAIGN,
        subject_id=campaign_id,
        kind=AttachmentKind.PLAN,
        title="方案",
        media_type="application/pdf",
        extension="pdf",
        size_bytes=4,
        sha256=storage.keep("registry", b"%PDF"),
        public=False,
        uploaded_by_id=people.clerk().id,
        uploaded_at=now(),
    )
    session.add_all([officer, attachment])
    session.flush()
    return officer.id, attachment.id


def _donor(organisation_id: int, station_id: int) -> dict[str, object]:
    """A donor with a telephone number, whom somebody took for another."""
    with writing() as session:
        kept, double = (
            donors.enlist(
                session,
                donors.DonorDetails("何阿姨", DonorKind.PERSON),
                people.clerk(),
                organisation_id=organisation_id,
                station_id=station_id,
            )
            for _ in range(2)
        )
        phone = read_contact(ContactKind.PHONE, "13800138000", "contact")
        donors.keep_contact(session, kept, phone, people.clerk())
        merge = donors.merge(kept.id, double.id, people.clerk())
        return {"donor_id": kept.id, "contact_id": kept.contacts[0].id, "merge_id": merge.id}


def _stock_document(fund: Fund, station: str) -> int:
    """A write-off that waits for review."""
    goods.gift(fund, goods.line("口罩", 3), station=station)
    details = StockDetails(
        kind=StockDocumentKind.WRITE_OFF,
        fund=fund.code,
        station=station,
        happened_on=today(),
        reason="受潮",
        lines=(LineDetails(goods.item("口罩").id, 1_000),),
    )
    return store.make(details, people.clerk(), uuid.uuid4().hex).id


def _job(organisation_id: int, station_id: int) -> int:
    """A piece of work that has ended."""
    with writing() as session:
        job = Job(
            kind="acknowledgements",
            content_key=uuid.uuid4().hex,
            state=JobState.DONE,
            organisation_id=organisation_id,
            station_id=station_id,
            maker_id=people.clerk().id,
            parameters={},
            made_at=now(),
        )
        session.add(job)
        session.flush()
        return job.id


def absent(kind: str) -> dict[str, object]:
    """What leads to nothing."""
    texts = {
        "entry": {"entry_no": "E-2020-999999"},
        "pledge": {"pledge_no": "P-2020-999999"},
        "bill": {"bill_no": f"{Month.of(today())}-NOSUCH"},
    }
    if kind == "evidence_subject":
        return {"subject_kind": "disbursement", "subject_id": ABSENT_ID}
    if kind == "beneficiary_list":
        return {"list_id": ABSENT_ID, "position": 1}
    if kind == "evidence":
        return {"evidence_id": ABSENT_ID, "page": 1}
    ids = {
        "donation": "donation_id",
        "donor": "donor_id",
        "officer": "officer_id",
        "inquiry": "inquiry_id",
        "question": "question_id",
        "complaint": "complaint_id",
        "statement_line": "line_id",
        "reconciliation": "closing_id",
        "attachment": "attachment_id",
        "job": "job_id",
        "stock_document": "document_id",
        "reversal": "request_id",
        "staff_member": "member_id",
        "import_batch": "batch_id",
        "project_milestone": "milestone_id",
        "beneficiary": "beneficiary_id",
        "giving_way": "way_id",
    }
    if kind == "project_paper":
        return {"word": "progress", "paper_id": ABSENT_ID}
    if kind == "account":
        return {"code": "NOSUCH", "account": accounts.BANK}
    if kind == "disbursement":
        return {"disbursement_id": ABSENT_ID, "arrival_id": ABSENT_ID}
    if kind == "donor":
        return {"donor_id": ABSENT_ID, "contact_id": ABSENT_ID, "merge_id": ABSENT_ID}
    return texts.get(kind) or ({ids[kind]: ABSENT_ID} if kind in ids else {"code": "NOSUCH"})


def colleague(role: Role, of: Things) -> StaffMember:
    """Somebody with a role whose work reaches as far as one organisation, a station clerk as far as one station."""
    if role is Role.STATION_CLERK:
        return people.station_clerk(of.station)
    return people.member(f"scoped.{role.value.replace('_', '.')}", role, of.organisation_id)


def batches() -> int:
    """How many lists there are."""
    return factories.count(db.session(), ImportBatch)
