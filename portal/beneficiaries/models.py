"""Lists of persons who are helped, and each person on them as stated for one payout."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, BigId, Instant, index_of_some, words
from portal.registry.models import Organisation
from portal.staff.models import StaffMember

APPEND_ONLY_TABLES = ("interest_note",)


class PersonState(StrEnum):
    """What becomes of a person on a list; every person is in exactly one state, so the four counts add up."""

    FINE = "fine"
    TO_MEND = "to_mend"
    TO_CONFIRM = "to_confirm"
    LEFT_OUT = "left_out"


class DocumentKind(StrEnum):
    """What a person is identified by."""

    CITIZEN = "citizen"
    PERMIT = "permit"
    TRAVEL_PERMIT = "travel_permit"
    PASSPORT = "passport"
    OTHER = "other"


class BeneficiaryList(Base):
    """Persons who are helped by one payout. It belongs to ``disbursement_id`` once that was requested.

    ``fingerprint`` is a keyed digest of what a list says, by which the same list is noticed; the file itself is not
    kept. A list for goods has no amounts.
    """

    __tablename__ = "beneficiary_list"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    group_words: Mapped[str] = mapped_column(String(60))
    with_amounts: Mapped[bool] = mapped_column(default=True, server_default=true())
    title: Mapped[str] = mapped_column(String(200), default="")
    file_name: Mapped[str] = mapped_column(String(255), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="", index=True)
    stated_total_fen: Mapped[int | None] = mapped_column(BigInteger)
    stated_count: Mapped[int | None]
    rows: Mapped[int] = mapped_column(default=0)
    fine: Mapped[int] = mapped_column(default=0)
    to_mend: Mapped[int] = mapped_column(default=0)
    to_confirm: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    total_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    version: Mapped[int] = mapped_column(default=1)
    disbursement_id: Mapped[int | None] = mapped_column(ForeignKey("disbursement.id"), unique=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    dropped_at: Mapped[datetime | None] = mapped_column(Instant)

    organisation: Mapped[Organisation] = relationship(viewonly=True)
    maker: Mapped[StaffMember] = relationship(viewonly=True)

    __table_args__ = (
        CheckConstraint("fine + to_mend + to_confirm + left_out = rows", name="every_person_is_counted"),
        CheckConstraint("total_fen >= 0", name="total_not_negative"),
        CheckConstraint("dropped_at IS NULL OR disbursement_id IS NULL", name="dropped_is_unused"),
    )

    @property
    def mended(self) -> bool:
        """Whether nobody on it needs a look any more."""
        return self.fine > 0 and not self.to_mend and not self.to_confirm


class Beneficiary(Base):
    """One person on one list, as stated for it: what is paid is what was approved, whatever is stated later.

    ``sealed`` holds name, document, telephone, account, guardian, school and remark (``person.py``), encrypted. The
    digests are keyed, and find the same person on other lists. An erased person keeps amount, group and street.
    """

    __tablename__ = "beneficiary"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("beneficiary_list.id"))
    position: Mapped[int]
    row_no: Mapped[int]
    state: Mapped[PersonState] = mapped_column(words(PersonState))
    confirmed: Mapped[bool] = mapped_column(default=False)
    group_words: Mapped[str] = mapped_column(String(60))
    street_id: Mapped[int | None] = mapped_column(ForeignKey("street.id"))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_digest: Mapped[str | None] = mapped_column(String(64))
    name_digest: Mapped[str | None] = mapped_column(String(64))
    phone_digest: Mapped[str | None] = mapped_column(String(64))
    account_digest: Mapped[str | None] = mapped_column(String(64))
    name_phone_digest: Mapped[str | None] = mapped_column(String(64))
    name_account_digest: Mapped[str | None] = mapped_column(String(64))
    returned_on: Mapped[date | None]
    return_reason: Mapped[str] = mapped_column(String(200), default="")
    erased_at: Mapped[datetime | None] = mapped_column(Instant)

    on_list: Mapped[BeneficiaryList] = relationship(viewonly=True)

    __table_args__ = (
        UniqueConstraint("list_id", "position"),
        CheckConstraint("amount_fen IS NULL OR amount_fen > 0", name="amount_positive"),
        CheckConstraint("(sealed IS NULL) = (erased_at IS NOT NULL)", name="sealed_until_erased"),
        CheckConstraint(
            "erased_at IS NULL OR coalesce(document_digest, name_digest, phone_digest, account_digest, "
            "name_phone_digest, name_account_digest) IS NULL",
            name="erased_cannot_be_found",
        ),
        index_of_some("ix_beneficiary_document", "document_digest"),
        index_of_some("ix_beneficiary_name", "name_digest"),
        index_of_some("ix_beneficiary_phone", "phone_digest"),
        index_of_some("ix_beneficiary_name_phone", "name_phone_digest"),
        index_of_some("ix_beneficiary_name_account", "name_account_digest"),
    )


class CountOnlyLimit(Base):
    """Up to which amount an organisation's payouts may carry a count, the list being kept elsewhere."""

    __tablename__ = "count_only_limit"

    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True, autoincrement=False
    )
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    set_at: Mapped[datetime] = mapped_column(Instant)

    __table_args__ = (CheckConstraint("amount_fen >= 0", name="limit_not_negative"),)


class InterestNote(Base):
    """Why a reviewer approves a payout to somebody with an interest (慈善法 40, 59), for good."""

    __tablename__ = "interest_note"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    disbursement_id: Mapped[int] = mapped_column(ForeignKey("disbursement.id"), index=True)
    version: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    noted_by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    noted_at: Mapped[datetime] = mapped_column(Instant)

    noted_by: Mapped[StaffMember] = relationship(viewonly=True)

    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason_given"),)
