"""What is kept of days, months and years beside the entries, so that a question about many years reads few rows."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, words
from portal.ledger.models import Channel, Direction, Form


class Length(StrEnum):
    """How long the time is that a row of sums speaks of."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class PeriodTotal(Base):
    """Sums of one month or year for one combination of dimensions; 0 stands for "none", as in ``DailyTotal``.

    ``day`` is its first day.
    """

    __tablename__ = "ledger_period_total"

    length: Mapped[Length] = mapped_column(words(Length), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fund_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    station_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    street_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    campaign_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    direction: Mapped[Direction] = mapped_column(words(Direction), primary_key=True)
    form: Mapped[Form] = mapped_column(words(Form), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel), primary_key=True)
    agency: Mapped[bool] = mapped_column(primary_key=True)
    entries: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        Index("ix_ledger_period_total_organisation", "organisation_id", "length", "day"),
        Index("ix_ledger_period_total_fund", "fund_id", "length", "day"),
        Index("ix_ledger_period_total_station", "station_id", "length", "day"),
        Index("ix_ledger_period_total_street", "street_id", "length", "day"),
        Index("ix_ledger_period_total_project", "project_id", "length", "day"),
        Index("ix_ledger_period_total_campaign", "campaign_id", "length", "day"),
    )


class DistrictTotal(Base):
    """Sums of one day, month or year over everything in the books; ``day`` is its first day."""

    __tablename__ = "ledger_district_total"

    length: Mapped[Length] = mapped_column(words(Length), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    direction: Mapped[Direction] = mapped_column(words(Direction), primary_key=True)
    form: Mapped[Form] = mapped_column(words(Form), primary_key=True)
    channel: Mapped[Channel] = mapped_column(words(Channel), primary_key=True)
    agency: Mapped[bool] = mapped_column(primary_key=True)
    entries: Mapped[int]
    amount_fen: Mapped[int] = mapped_column(BigInteger)


class DayPlaces(Base):
    """Between which places of the log all entries of a day stand; what was entered late stands far from the rest."""

    __tablename__ = "ledger_day_places"

    day: Mapped[date] = mapped_column(primary_key=True)
    oldest: Mapped[int] = mapped_column(BigInteger)
    newest: Mapped[int] = mapped_column(BigInteger)
