"""Small made-up lists for tests."""

from collections.abc import Sequence

from portal.imports import service
from portal.imports.models import ImportBatch
from portal.imports.target import Target
from portal.registry.models import Fund
from tests import people

ROWS = (("陈某", "100.00", "2026-03-01"), ("李某", "250.50", "2026-03-02"))


def csv(rows: Sequence[tuple[str, str, str]] = ROWS) -> bytes:
    """A list as a UTF-8 file with a header."""
    lines = ["捐赠人,捐赠金额（元）,捐赠日期", *(",".join(row) for row in rows)]
    return "\n".join(lines).encode()


def batch(
    fund: Fund,
    rows: Sequence[tuple[str, str, str]] = ROWS,
    name: str = "名单.csv",
    *,
    publish_names: bool = False,
) -> ImportBatch:
    """A list that waits for review."""
    target = Target(fund=fund.code, publish_names=publish_names)
    made = service.create_batch(csv(rows), name, target, people.clerk())
    return service.submit(made.id, people.clerk(), made.version)
