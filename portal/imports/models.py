"""Lists that staff brought in, row by row, before and after they stand in the ledger."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import BigId, db
from portal.staff.documents import Reviewed
from portal.staff.models import StaffMember


class ImportBatch(Reviewed, db.Model):
    """One list."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    accepted_fen: Mapped[int] = mapped_column(BigInteger)
    maker: Mapped[StaffMember] = relationship(foreign_keys="ImportBatch.maker_id", viewonly=True)
