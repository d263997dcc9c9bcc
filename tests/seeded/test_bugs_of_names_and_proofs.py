"""Bugs about names and proofs, planted one by one, each turn their test red."""

from pathlib import Path

import pytest

from tests.seeded.bugs import OF_NAMES_AND_PROOFS, Bug
from tests.seeded.planting import copy_code, require_caught

pytestmark = pytest.mark.one_engine


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the code."""
    folder = tmp_path_factory.mktemp("seeded")
    copy_code(folder)
    return folder


@pytest.mark.parametrize("bug", OF_NAMES_AND_PROOFS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught(copy: Path, bug: Bug) -> None:
    require_caught(copy, bug)
