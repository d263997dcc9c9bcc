"""Enter, review and end the ways to give: no account number is shown that two persons have not compared."""

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from portal.db import take_row, take_turn, writing
from portal.i18n import lazy_gettext as _l
from portal.periods import now, today
from portal.refusals import Conflict, Invalid, NotFound, Sentence
from portal.registry.models import Campaign, Organisation, Status
from portal.staff import audit, review
from portal.staff.documents import DocumentState
from portal.staff.models import Decision, StaffMember
from portal.ways_to_give.models import GivingWay, WayKind
from portal.ways_to_give.platforms import platform_of, platforms

SUBJECT = "giving_way"
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class WayDetails:
    """A way to give as its papers have it. ``organisation`` is a credit code, ``campaign`` a campaign's code."""

    organisation: str
    kind: WayKind
    campaign: str = ""
    account_name: str = ""
    bank: str = ""
    account_no: str = ""
    url: str = ""
    note: str = ""

    def content_hash(self) -> str:
        """SHA-256 of what is stated, to tell a repeated submission from another."""
        stated = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(stated.encode()).hexdigest()


def enter(details: WayDetails, by: StaffMember, idempotency_key: str) -> GivingWay:
    """Enter a way to give; another person compares it with the papers before it is shown.

    Raises:
        Invalid: a field breaks a rule; the errors name each.
        Conflict: the key was used for another content.
    """
    with writing() as session:
        take_turn(session, f"giving-way:{idempotency_key}")
        earlier = session.scalar(select(GivingWay).where(GivingWay.idempotency_key == idempotency_key))
        if earlier is not None:
            if earlier.content_hash != details.content_hash() or earlier.maker_id != by.id:
                raise Conflict(_l("这张表单已经提交过另一份内容。请打开新的表单重新填写。"))
            return earlier
        way = GivingWay(
            **_columns(session, details, by),
            kind=details.kind,
            idempotency_key=idempotency_key,
            content_hash=details.content_hash(),
            maker_id=by.id,
            made_at=now(),
            submitted_at=now(),
            state=DocumentState.PENDING,
        )
        session.add(way)
        session.flush()
        _note(session, way, by, "entered")
        return way


def approve(way_id: int, by: StaffMember, version: int) -> GivingWay:
    """Publish a way to give that fits the papers."""
    with writing() as session:
        way = find(session, way_id, by, lock=True)
        _decide(session, way, by, version, Decision.APPROVED)
        way.state, way.published_at = DocumentState.POSTED, now()
        _note(session, way, by, "published")
        return way


def return_to_maker(way_id: int, by: StaffMember, version: int, reason: str) -> GivingWay:
    """Refuse what does not fit the papers; it may be entered anew.

    Raises:
        Invalid: no reason is given.
    """
    if not reason.strip():
        raise Invalid({"reason": _l("请写明哪里与开户证明或平台页面不符。")})
    with writing() as session:
        way = find(session, way_id, by, lock=True)
        _decide(session, way, by, version, Decision.RETURNED, reason.strip())
        way.state = DocumentState.RETURNED
        _note(session, way, by, "returned")
        return way


def withdraw(way_id: int, by: StaffMember, version: int) -> GivingWay:
    """Take back what was not published yet."""
    with writing() as session:
        way = find(session, way_id, by, lock=True)
        way.require_state(DocumentState.PENDING, DocumentState.RETURNED)
        way.require_version(version)
        way.state = DocumentState.WITHDRAWN
        _note(session, way, by, "withdrawn")
        return way


def end(way_id: int, by: StaffMember) -> GivingWay:
    """Stop showing a way to give, at once and by one person: taking down never loses anybody's money.

    Raises:
        Conflict: it is not shown.
    """
    with writing() as session:
        way = find(session, way_id, by, lock=True)
        if not way.shown:
            raise Conflict(_l("它现在没有公开，不需要撤下。"))
        way.ended_at = now()
        _note(session, way, by, "ended")
        return way


def find(session: Session, way_id: int, by: StaffMember, *, lock: bool = False) -> GivingWay:
    """A way to give within a person's scope.

    Raises:
        NotFound: there is none, or none for this person.
    """
    found = take_row(session, GivingWay, way_id, lock=lock)
    if found is None or not by.scope.permits(found.organisation_id, None):
        raise NotFound(_l("没有找到这条捐赠方式。"))
    return found


def page(session: Session, by: StaffMember, *, before: int | None = None) -> Sequence[GivingWay]:
    """Ways to give within reach, newest first; ``before`` is the id of the last of the page before."""
    query = _within(select(GivingWay), by).order_by(GivingWay.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(GivingWay.id < before)
    return session.scalars(query).all()


def waiting(session: Session, by: StaffMember, *, limit: int = PAGE) -> Sequence[GivingWay]:
    """What waits to be compared, oldest first."""
    query = _within(select(GivingWay), by).where(GivingWay.state == DocumentState.PENDING)
    return session.scalars(query.order_by(GivingWay.id).limit(limit)).all()


def count_waiting(session: Session, by: StaffMember) -> int:
    """How much waits to be compared."""
    query = _within(select(func.count(GivingWay.id)), by)
    return session.scalar(query.where(GivingWay.state == DocumentState.PENDING)) or 0


def shown(session: Session, *, campaign_ids: Sequence[int] | None = None) -> Sequence[GivingWay]:
    """What the public sees: the ways of some campaigns, or without any those of organisations themselves."""
    query = (
        select(GivingWay)
        .join(Organisation, Organisation.id == GivingWay.organisation_id)
        .where(
            GivingWay.state == DocumentState.POSTED,
            GivingWay.ended_at.is_(None),
            Organisation.status == Status.ACTIVE,
        )
        .options(joinedload(GivingWay.organisation))
        .order_by(GivingWay.kind.desc(), GivingWay.id)
    )
    if campaign_ids is not None:
        return session.scalars(query.where(GivingWay.campaign_id.in_(campaign_ids))).all()
    return session.scalars(query.where(GivingWay.campaign_id.is_(None)).limit(PAGE)).all()


def _within(query: Select[Any], by: StaffMember) -> Select[Any]:
    if by.scope.organisation_id is not None:
        query = query.where(GivingWay.organisation_id == by.scope.organisation_id)
    return query


def _columns(session: Session, details: WayDetails, by: StaffMember) -> dict[str, Any]:
    errors: dict[str, Sentence] = {}
    organisation = session.scalar(select(Organisation).where(Organisation.uscc == details.organisation))
    if organisation is None or not by.scope.permits(organisation.id, None):
        raise Invalid({"organisation": _l("请从列表中选择慈善组织。")})
    if organisation.status is not Status.ACTIVE or not organisation.may_raise_on(today()):
        errors["organisation"] = _l(
            "“%(name)s”现在没有公开募捐资格，不能公布捐赠方式（《慈善法》第二十二条）。",
            name=organisation.name,
        )
    campaign = _campaign(session, details, organisation, errors)
    if len(details.note.strip()) > 200:
        errors["note"] = _l("最多 %(count)d 个字。", count=200)
    if details.kind is WayKind.ACCOUNT:
        columns = _account(details, organisation, errors)
    else:
        columns = _page(details, errors)
        if campaign is None:
            errors.setdefault("campaign", _l("平台网页属于一次募捐活动，请选择是哪一次。"))
    if errors:
        raise Invalid(errors)
    return {
        **columns,
        "organisation_id": organisation.id,
        "campaign_id": campaign.id if campaign else None,
        "note": details.note.strip(),
    }


def _campaign(
    session: Session, details: WayDetails, organisation: Organisation, errors: dict[str, Sentence]
) -> Campaign | None:
    if not details.campaign:
        return None
    found = session.scalar(select(Campaign).where(Campaign.code == details.campaign))
    if found is None or found.organisation_id != organisation.id:
        errors["campaign"] = _l("没有这次募捐活动，或者它不属于所选的慈善组织。")
    elif found.status is not Status.ACTIVE or found.ends_on < today():
        errors["campaign"] = _l("“%(name)s”已经结束，不能再公布捐赠方式。", name=found.name)
    return found


def _account(details: WayDetails, organisation: Organisation, errors: dict[str, Sentence]) -> dict[str, str]:
    name = unicodedata.normalize("NFKC", details.account_name).strip()
    number = "".join(unicodedata.normalize("NFKC", details.account_no).replace("-", " ").split())
    if name != unicodedata.normalize("NFKC", organisation.name):
        errors["account_name"] = _l(
            "账户名称必须与组织全称“%(name)s”完全一致；善款只能进组织自己的账户（《慈善法》第二十六条）。",
            name=organisation.name,
        )
    if not 2 <= len(details.bank.strip()) <= 120:
        errors["bank"] = _l("请填写开户银行全称，写到支行。")
    if not (number.isascii() and number.isdigit() and 8 <= len(number) <= 32):
        errors["account_no"] = _l("账号是 8 至 32 位数字，请对照开户证明核对。")
    return {"account_name": organisation.name, "bank": details.bank.strip(), "account_no": number}


def _page(details: WayDetails, errors: dict[str, Sentence]) -> dict[str, str]:
    url = details.url.strip()
    platform = platform_of(url) if len(url) <= 300 else None
    if platform is None:
        errors["url"] = _l(
            "请填写指定募捐平台上的网页，以 https:// 开头。现在认得的平台：%(names)s。",
            names="、".join(one.name for one in platforms()),
        )
    return {"url": url, "platform": platform.name if platform else ""}


def _decide(
    session: Session, way: GivingWay, by: StaffMember, version: int, verdict: Decision, reason: str = ""
) -> None:
    way.require_state(DocumentState.PENDING)
    way.require_version(version)
    review.record_decision(
        session,
        subject_kind=SUBJECT,
        subject_id=way.id,
        version=version,
        makers=way.makers,
        checker=by,
        decision=verdict,
        reason=reason,
    )


def _note(session: Session, way: GivingWay, by: StaffMember, what: str) -> None:
    audit.record(session, staff=by, action=f"{SUBJECT}.{what}", subject_kind=SUBJECT, subject_id=way.id)
