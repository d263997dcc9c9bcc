"""Eight processes ask one line of a budget at once: it promises exactly what it has."""

import subprocess
import sys

from flask import Flask
from sqlalchemy.orm import Session

from portal.config import PROJECT, Settings
from portal.db import db, writing
from portal.projects import budgets
from tests import budgets as making
from tests import factories

ASKERS, TIMES, FEN = 8, 6, 100
AFFORDABLE = 25


def answers(askers: list[subprocess.Popen[str]]) -> list[str]:
    lines = []
    for asker in askers:
        assert asker.stdout is not None
        lines.append(asker.stdout.readline().strip())
    return lines


def test_a_line_promises_exactly_what_it_has(app: Flask, session: Session) -> None:
    settings: Settings = app.config["PORTAL_SETTINGS"]
    with writing() as writer:
        project = factories.project(writer)
    (line,) = making.budget(project, 助学金=AFFORDABLE * FEN + FEN // 2)
    known = [str(one) for one in (project.id, line.id, TIMES, FEN)]
    command = [sys.executable, "-m", "tests.projects.asker", settings.database_url, *known]
    db.session.rollback()
    askers = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(ASKERS)
    ]
    assert answers(askers) == ["ready"] * ASKERS
    for asker in askers:
        assert asker.stdin is not None
        asker.stdin.write("go\n")
        asker.stdin.flush()
    assert sum(map(int, answers(askers))) == AFFORDABLE
    for asker in askers:
        assert asker.wait(timeout=60) == 0
    assert making.line(line.id).committed_fen == AFFORDABLE * FEN
    account = budgets.account_of(db.session(), project.id)
    assert (account.waiting, account.committed_fen) == (AFFORDABLE, AFFORDABLE * FEN)
