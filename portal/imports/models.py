"""Lists that staff brought in, row by row, before and after they stand in the ledger."""

from sqlalchemy.orm import Mapped, mapped_column

from portal.db import BigId, db
from portal.staff.documents import Reviewed


class ImportBatch(Reviewed, db.Model):
    """One list."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
