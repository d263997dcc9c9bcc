"""The filed plan of a fundraising campaign, with everything the law wants in it (慈善法 24; 公开募捐管理办法 10)."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class CampaignPlan(Base):
    """What a campaign's plan says beyond its name, purpose and period. Everything in it is public."""

    __tablename__ = "campaign_plan"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), primary_key=True, autoincrement=False)
    area: Mapped[str] = mapped_column(String(200))
    person_in_charge: Mapped[str] = mapped_column(String(60))
    office: Mapped[str] = mapped_column(String(200))
    ways_of_giving: Mapped[str] = mapped_column(Text)
    bank_account: Mapped[str] = mapped_column(String(200))
    target_fen: Mapped[int] = mapped_column(BigInteger)
    beneficiaries: Mapped[str] = mapped_column(Text)
    use_of_funds: Mapped[str] = mapped_column(Text)
    fundraising_cost: Mapped[str] = mapped_column(Text)
    leftovers: Mapped[str] = mapped_column(Text)
    partners: Mapped[str] = mapped_column(Text)
    partner_agreement: Mapped[str] = mapped_column(String(120))
    partner_evaluation: Mapped[str] = mapped_column(Text)
    platform_links: Mapped[str] = mapped_column(Text)

    __table_args__ = (CheckConstraint("target_fen >= 0", name="target_not_negative"),)
