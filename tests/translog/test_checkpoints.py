"""Checkpoints: the published example, and every other spelling refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.translog.checkpoints import Checkpoint, number
from portal.translog.notes import Note, NoteError

pytestmark = pytest.mark.one_engine

# From c2sp.org/tlog-checkpoint.
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
TEXT = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"


def read(text: str) -> Checkpoint:
    return Checkpoint.parse(Note(text, ()))


def test_the_published_checkpoint_is_read_and_written_again() -> None:
    head = read(TEXT)
    assert head == Checkpoint("example.com/behind-the-sofa", 20_852_163, base64.b64decode(ROOT))
    assert head.text() == TEXT


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_every_checkpoint_is_read_as_it_was_written(size: int, root: bytes) -> None:
    head = Checkpoint("log.example", size, root)
    assert read(head.text()) == head


def test_further_lines_are_passed_over() -> None:
    assert read(f"{TEXT}more\nand more\n") == read(TEXT)


MALFORMED = {
    "nothing": "",
    "an empty line": "\n",
    "only an origin": "log.example\n",
    "no root": "log.example\n5\n",
    "an empty root": "log.example\n5\n\n",
    "no origin": f"\n5\n{ROOT}\n",
    "an empty line before": f"\n{TEXT}",
    "an empty line behind": f"{TEXT}\n",
    "an empty further line": f"{TEXT}more\n\nmore\n",
    "a short root": f"log.example\n5\n{base64.b64encode(bytes(31)).decode()}\n",
    "a long root": f"log.example\n5\n{base64.b64encode(bytes(33)).decode()}\n",
    "a root in hexadecimal": f"log.example\n5\n{bytes(32).hex()}\n",
    "a root without padding": f"log.example\n5\n{ROOT[:-1]}\n",
    "a root with stray bits": f"log.example\n5\n{ROOT.replace('q2I=', 'q2J=')}\n",
    "a root with a space behind": f"log.example\n5\n{ROOT} \n",
    "a root in base64 for addresses": f"log.example\n5\n{ROOT.replace('/', '_')}\n",
    "a root that is not ASCII": f"log.example\n5\né{ROOT[1:]}\n",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read(text)


NO_NUMBERS = [
    "",
    " 5",
    "5 ",
    *"00 05 +5 -5 -0 5.0 5_0 0x5 5e3 ５ ٥ ² Ⅴ".split(),
    str(2**63),
    str(2**64),
    "1" * 5_000,
]


@pytest.mark.parametrize("size", NO_NUMBERS, ids=lambda size: size[:20])
def test_a_size_in_another_spelling_is_refused(size: str) -> None:
    with pytest.raises(NoteError):
        read(f"log.example\n{size}\n{ROOT}\n")


@given(st.text(st.characters(), max_size=20))
def test_any_text_is_refused_as_a_number_or_is_its_only_spelling(text: str) -> None:
    try:
        value = number(text)
    except NoteError:
        return
    assert str(value) == text


@given(st.lists(st.sampled_from(["\n", "\n", "a", "5", "0", ROOT, "=", "é", "\ud800", " "]), max_size=9))
def test_any_text_is_refused_as_a_checkpoint_or_begins_with_its_only_spelling(pieces: list[str]) -> None:
    text = "".join(pieces)
    try:
        head = read(f"{text}\n")
    except NoteError:
        return
    assert f"{text}\n".startswith(head.text())
