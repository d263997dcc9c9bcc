"""What the programs that make reports load: what they need, and no page, no desk, no library of theirs."""

import json
import subprocess
import sys

import pytest

from portal.config import PROJECT
from portal.jobs.starting import PROGRAMS
from portal.reports import job
from portal.reports.apart import PROGRAM

OF_NO_USE = (
    "alembic",
    "argon2",
    "flask_migrate",
    "flask_wtf",
    "opencc",
    "portal.api",
    "portal.application",
    "portal.cli",
    "portal.imports",
    "portal.site",
    "pyotp",
    "pypdfium2",
    "pypinyin",
    "python_calamine",
    "waitress",
    "wtforms",
    "xlsxwriter",
)
"""Each takes megabytes of every report that is made."""

SHOW_MODULES = "import json, sys, {program}; print(json.dumps(sorted(sys.modules)))"

WRITE_NOTHING_UNKNOWN = """
import {program}
from sqlalchemy.orm import configure_mappers
from portal.disclosure.report_models import MadeReport
from portal.jobs.models import Job
from portal.staff.models import AuditEvent
configure_mappers()
for model in (MadeReport, Job, AuditEvent):
    for key in model.__table__.foreign_keys:
        key.column.name
"""


def said_by(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.parametrize("program", [PROGRAM, PROGRAMS[job.KIND]])
def test_a_process_for_reports_loads_nothing_of_the_site(program: str) -> None:
    loaded = set(json.loads(said_by(SHOW_MODULES.format(program=program))))
    assert "portal.reports.making" in loaded
    assert loaded.isdisjoint(OF_NO_USE)


@pytest.mark.parametrize("program", [PROGRAM, PROGRAMS[job.KIND]])
def test_a_process_for_reports_knows_every_table_that_it_writes_beside(program: str) -> None:
    said_by(WRITE_NOTHING_UNKNOWN.format(program=program))
