"""Whatever a voucher or photo tells of people and places stays inside: no page, file, head or log line has it."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from portal.db import writing
from portal.evidence import publishing
from portal.registry.models import Fund
from tests import factories, gifts, people
from tests.disclosure.test_privacy import found
from tests.evidence import papers, pieces

pytestmark = pytest.mark.one_engine

NOTE = "王小明签收"
REASON = "Canary 家长要求"


@pytest.fixture
def fund(session: Session) -> Fund:
    """A fund with a payout that has a photo, a paper and a photo that was taken down."""
    with writing() as writer:
        made = factories.fund(writer)
    gifts.posted_gift(made, 100_000)
    payout = gifts.posted_payout(made, 60_000)
    pieces.published(payout)
    pieces.published(payout, papers.pdf(), "1 0 10 100 15\n2 0 10 100 15")
    gone = pieces.published(payout, papers.photo((3, 90, 3)))
    publishing.withdraw(gone.id, people.clerk(), REASON)
    pieces.redacted(payout, papers.photo((90, 3, 90)))
    return made


def test_nothing_that_was_planted_reaches_a_public_surface(
    fund: Fund, client: FlaskClient, tmp_path: Path
) -> None:
    assert found(client, fund, tmp_path, NOTE, REASON, *papers.PLANTED) == []


def test_the_files_on_the_public_page_hold_nothing_that_was_planted(fund: Fund, client: FlaskClient) -> None:
    [entry] = client.get("/api/v1/ledger?direction=out").json["entries"]
    page = client.get(f"/ledger/{entry['entry_no']}").text
    names = set(re.findall(r"/evidence/([0-9a-f]{64})", page))
    assert len(names) == 4  # two files and their small pictures
    for name in names:
        answer = client.get(f"/evidence/{name}")
        assert answer.status_code == 200
        assert papers.traces(answer.data) == [] and papers.traces(str(answer.headers).encode()) == []
        assert b"Exif" not in answer.data and b"/Info" not in answer.data
