"""Who and what the accounts are about: streets, organisations, funds, stations, projects, campaigns.

Nothing here is ever deleted: a thing is suspended or closed, and each change is kept in ``RegistryChange``.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, words
from portal.registry.purposes import PURPOSE_KNOWN, CharitablePurpose

APPEND_ONLY_TABLES = ("registry_change",)


class Status(StrEnum):
    """The life of a thing of the registry: applied for, checked by a second person, active, suspended, closed.

    What is refused before it was ever active is never shown to the public. Only a project is ever ``closing``: its
    closing report is written or waits for review.
    """

    APPLIED = "applied"
    CHECKED = "checked"
    REFUSED = "refused"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSING = "closing"
    CLOSED = "closed"


COMING = (Status.APPLIED, Status.CHECKED)
"""Not yet active."""

ENDED = (Status.REFUSED, Status.CLOSED)
"""Nothing about it changes any more."""

PUBLIC = (Status.ACTIVE, Status.SUSPENDED, Status.CLOSING, Status.CLOSED)
"""What the public sees."""

STATUS_KNOWN = "status IN ('applied', 'checked', 'refused', 'active', 'suspended', 'closed')"
"""The condition that every table of things carries."""

PROJECT_STATUS_KNOWN = (
    "status IN ('applied', 'checked', 'refused', 'active', 'suspended', 'closing', 'closed')"
)


class OrganisationKind(StrEnum):
    """The legal form of a charitable organisation."""

    FEDERATION = "federation"
    FOUNDATION = "foundation"
    ASSOCIATION = "association"
    SERVICE = "service"


class FundKind(StrEnum):
    """What kind of fund an organisation keeps."""

    GENERAL = "general"
    COMMUNITY = "community"
    NAMED = "named"
    SPECIAL = "special"


class LandmarkKind(StrEnum):
    """What kind of place a charity landmark is."""

    SQUARE = "square"
    COMMUNITY = "community"
    PARK = "park"


class ProjectCategory(StrEnum):
    """What a project is for; ``registry.labels.CLAUSES`` tells under which clause of 慈善法 3 it falls."""

    MEDICAL = "medical"
    POVERTY = "poverty"
    EDUCATION = "education"
    RURAL = "rural"
    EMERGENCY = "emergency"
    ELDERLY = "elderly"
    CHILDREN = "children"
    DISABILITY = "disability"
    VETERANS = "veterans"
    CULTURE = "culture"
    ENVIRONMENT = "environment"
    OTHER = "other"


CATEGORY_KNOWN = f"category IN ({', '.join(repr(one.value) for one in ProjectCategory)})"


class AcceptedKind(StrEnum):
    """What a station takes in, in the order in which people ask for it."""

    MONEY = "money"
    CLOTHES = "clothes"
    BOOKS = "books"
    FOOD = "food"
    HOUSEHOLD = "household"
    TOYS = "toys"
    APPLIANCES = "appliances"
    MEDICAL = "medical"
    OTHER = "other"


ACCEPTED_KNOWN = f"kind IN ({', '.join(repr(one.value) for one in AcceptedKind)})"


class SubjectKind(StrEnum):
    """What a recorded change is about."""

    ORGANISATION = "organisation"
    FUND = "fund"
    STATION = "station"
    PROJECT = "project"
    CAMPAIGN = "campaign"
    LANDMARK = "landmark"


class Street(Base):
    """A subdistrict; the tile places it on the schematic map of the district (1 is west and north)."""

    __tablename__ = "street"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    tile_column: Mapped[int]
    tile_row: Mapped[int]

    communities: Mapped[list["Community"]] = relationship(order_by="Community.code", viewonly=True)

    __table_args__ = (
        CheckConstraint("tile_column >= 1", name="tile_column_positive"),
        CheckConstraint("tile_row >= 1", name="tile_row_positive"),
    )


class Community(Base):
    """A residents' community within a street."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(15), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    street_id: Mapped[int] = mapped_column(ForeignKey("street.id"), index=True)

    street: Mapped[Street] = relationship(viewonly=True)


class Organisation(Base):
    """A charitable organisation. ``fundraising_since`` is the day of its public fundraising qualification.

    What it rules about its payouts: above ``second_approval_fen`` (None: never) two reviewers approve; a request that
    waits longer than ``request_expires_days`` lapses; payouts of ``evidence_required_fen`` and more need evidence
    before their arrival is reported.
    """

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(40), default="")
    kind: Mapped[OrganisationKind] = mapped_column(words(OrganisationKind))
    fundraising_since: Mapped[date | None]
    fundraising_certificate_no: Mapped[str] = mapped_column(String(60), default="")
    legal_representative: Mapped[str] = mapped_column(String(60), default="")
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    street_id: Mapped[int | None] = mapped_column(ForeignKey("street.id"), index=True)
    status: Mapped[Status] = mapped_column(words(Status), default=Status.ACTIVE)
    founded_on: Mapped[date | None]
    national_platform_url: Mapped[str] = mapped_column(String(300), default="")
    second_approval_fen: Mapped[int | None] = mapped_column(BigInteger)
    request_expires_days: Mapped[int] = mapped_column(default=60, server_default="60")
    evidence_required_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Instant)

    street: Mapped[Street | None] = relationship(viewonly=True)
    funds: Mapped[list["Fund"]] = relationship(order_by="Fund.code", viewonly=True)

    __table_args__ = (
        CheckConstraint("length(uscc) = 18", name="uscc_length"),
        CheckConstraint("second_approval_fen >= 0", name="second_approval_not_negative"),
        CheckConstraint("request_expires_days BETWEEN 1 AND 3650", name="request_expires_in_time"),
        CheckConstraint("evidence_required_fen >= 0", name="evidence_required_not_negative"),
        CheckConstraint(STATUS_KNOWN, name="status_known"),
        CheckConstraint("kind IN ('federation', 'foundation', 'association', 'service')", name="kind_known"),
    )

    @property
    def shown_name(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    def may_raise_on(self, day: date) -> bool:
        """Whether the organisation held the public fundraising qualification on a day (慈善法 22)."""
        return self.fundraising_since is not None and self.fundraising_since <= day


class Fund(Base):
    """Money kept apart for a purpose, always of one organisation; a community fund belongs to a street."""

    __tablename__ = "fund"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[FundKind] = mapped_column(words(FundKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    street_id: Mapped[int | None] = mapped_column(ForeignKey("street.id"), index=True)
    purpose: Mapped[str] = mapped_column(Text, default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    restriction: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[Status] = mapped_column(words(Status), default=Status.ACTIVE)
    opened_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    street: Mapped[Street | None] = relationship(viewonly=True)
    purpose_rows: Mapped[list["FundPurpose"]] = relationship(cascade="all, delete-orphan", lazy="selectin")

    __table_args__ = (
        CheckConstraint("kind <> 'community' OR street_id IS NOT NULL", name="community_fund_has_street"),
        CheckConstraint("NOT restricted OR restriction <> ''", name="restriction_in_words"),
        CheckConstraint(STATUS_KNOWN, name="status_known"),
        CheckConstraint("kind IN ('general', 'community', 'named', 'special')", name="kind_known"),
    )

    @property
    def purposes(self) -> tuple[CharitablePurpose, ...]:
        """What its money may be used for, in the order of the law."""
        return tuple(one for one in CharitablePurpose if any(row.purpose is one for row in self.purpose_rows))

    def allows(self, purpose: CharitablePurpose | None) -> bool:
        """Whether its money may be used for that; what is not restricted may be used for anything charitable."""
        return not self.restricted or purpose in self.purposes


class FundPurpose(Base):
    """One category that the money of a restricted fund may be used for (慈善法 54, 56)."""

    __tablename__ = "fund_purpose"

    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"), primary_key=True, autoincrement=False)
    purpose: Mapped[CharitablePurpose] = mapped_column(words(CharitablePurpose), primary_key=True)

    __table_args__ = (CheckConstraint(PURPOSE_KNOWN, name="purpose_known"),)


class Station(Base):
    """A donation station at a counter, run by an organisation.

    ``accepts`` says in words what it takes; ``accepted`` says the same in kinds, to be searched by.
    """

    __tablename__ = "station"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    street_id: Mapped[int] = mapped_column(ForeignKey("street.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(120), default="")
    accepts: Mapped[str] = mapped_column(Text, default="")
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[Status] = mapped_column(words(Status), default=Status.ACTIVE)

    street: Mapped[Street] = relationship(viewonly=True)
    community: Mapped[Community | None] = relationship(viewonly=True)
    organisation: Mapped[Organisation] = relationship(viewonly=True)
    accepted_rows: Mapped[list["StationAccepted"]] = relationship(
        cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (CheckConstraint(STATUS_KNOWN, name="status_known"),)

    @property
    def accepted(self) -> tuple[AcceptedKind, ...]:
        """The kinds of things it takes, in their usual order."""
        return tuple(one for one in AcceptedKind if any(row.kind is one for row in self.accepted_rows))


class StationAccepted(Base):
    """One kind of thing that a station takes."""

    __tablename__ = "station_accepted"

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), primary_key=True, autoincrement=False)
    kind: Mapped[AcceptedKind] = mapped_column(words(AcceptedKind), primary_key=True)

    __table_args__ = (CheckConstraint(ACCEPTED_KNOWN, name="kind_known"),)


PROJECT_FUND = Table(
    "project_fund",
    Base.metadata,
    Column("project_id", ForeignKey("project.id"), primary_key=True),
    Column("fund_id", ForeignKey("fund.id"), primary_key=True, index=True),
)
"""The funds that a project draws on."""


class Project(Base):
    """What the money is used for: a charity project of an organisation.

    It may draw on the funds named; where none is named, on every fund of its organisation. ``planned_people`` are the
    people it is meant to reach. Its budget, milestones and reports hang on it in ``portal/projects``.
    """

    __tablename__ = "project"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    category: Mapped[ProjectCategory] = mapped_column(
        words(ProjectCategory), default=ProjectCategory.OTHER, server_default=ProjectCategory.OTHER.value
    )
    goal: Mapped[str] = mapped_column(Text, default="")
    work_area: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    planned_people: Mapped[int | None]
    national_platform_url: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    status: Mapped[Status] = mapped_column(words(Status), default=Status.ACTIVE)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    funds: Mapped[list[Fund]] = relationship(secondary=PROJECT_FUND, order_by=Fund.code)

    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("planned_people IS NULL OR planned_people > 0", name="planned_people_positive"),
        CheckConstraint(CATEGORY_KNOWN, name="category_known"),
        CheckConstraint(PROJECT_STATUS_KNOWN, name="status_known"),
    )


class Campaign(Base):
    """A public fundraising campaign under a filed plan (慈善法 24, Order 74 articles 10–12).

    ``filing_no`` may stand empty only while an ``emergency`` campaign waits for its filing (慈善法 73).
    """

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    filing_no: Mapped[str | None] = mapped_column(String(24), unique=True)
    filed_on: Mapped[date | None]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    fund_id: Mapped[int | None] = mapped_column(ForeignKey("fund.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    purpose: Mapped[str] = mapped_column(Text, default="")
    national_platform_url: Mapped[str] = mapped_column(String(300), default="", server_default=text("''"))
    emergency: Mapped[bool] = mapped_column(default=False)
    cooperative: Mapped[bool] = mapped_column(default=False)
    status: Mapped[Status] = mapped_column(words(Status), default=Status.ACTIVE)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    fund: Mapped[Fund | None] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("emergency OR filing_no IS NOT NULL", name="filed_unless_emergency"),
        CheckConstraint(STATUS_KNOWN, name="status_known"),
    )


class Landmark(Base):
    """A charity landmark: a square, community or park that stands for charity in its street; it keeps no accounts."""

    __tablename__ = "landmark"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    kind: Mapped[LandmarkKind] = mapped_column(words(LandmarkKind))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    street_id: Mapped[int] = mapped_column(ForeignKey("street.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("community.id"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    opened_on: Mapped[date | None]
    status: Mapped[Status] = mapped_column(words(Status), default=Status.ACTIVE)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    street: Mapped[Street] = relationship(viewonly=True)
    community: Mapped[Community | None] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint(STATUS_KNOWN, name="status_known"),
        CheckConstraint("kind IN ('square', 'community', 'park')", name="kind_known"),
    )


class RegistryChange(Base):
    """One change of one thing: who, when, and its columns before and after. Written once, never changed."""

    __tablename__ = "registry_change"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    subject_kind: Mapped[SubjectKind] = mapped_column(words(SubjectKind))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("ix_registry_change_subject", "subject_kind", "subject_id", "id"),)


class District(Base):
    """The one district whose accounts these are. Every fact about it is data.

    ``demonstration`` says that the books were made up for trying the portal out; every page then says so.
    ``complaint_office`` and ``complaint_phone`` say where one may complain about a charity (慈善法 108).
    """

    __tablename__ = "district"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(40))
    city: Mapped[str] = mapped_column(String(40))
    demonstration: Mapped[bool] = mapped_column(default=False)
    complaint_office: Mapped[str] = mapped_column(String(60), default="", server_default=text("''"))
    complaint_phone: Mapped[str] = mapped_column(String(40), default="", server_default=text("''"))

    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        UniqueConstraint("code"),
    )
