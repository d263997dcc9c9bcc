"""Notes and keys that are not written as the format says: refused, whatever they hold, and always as ``NoteError``."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from portal.translog import notes
from portal.translog.notes import NoteError, SigningKey, VerifierKey

pytestmark = pytest.mark.one_engine

ME = SigningKey("log.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
KEY = ME.verifier.line()
NAME, KEY_ID, ENCODED = KEY.split("+", 2)
TEXT = "log.example\n1\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
LINE = ME.sign(TEXT).line()
SIGNED = LINE.split(" ")[2].strip()
NOTE = f"{TEXT}\n{LINE}"

ANYTHING = st.text(st.characters(), max_size=6)  # surrogates too: JSON can hold them
TELLING = st.sampled_from(
    ["\n", "\n\n", "\r", "\0", "\t", " ", "\u00a0", "\u2003", "—", "-", "+", "=", "é", "\ud800"]
)
PIECES = st.one_of(TELLING, ANYTHING, st.sampled_from([LINE, TEXT, NAME, SIGNED, "AAAA", "A==="]))


def changed(rendered: str) -> st.SearchStrategy[str]:
    """A text with a few pieces of it cut out and others put in."""
    at = st.integers(0, len(rendered))
    edit = st.tuples(at, st.sampled_from([0, 0, 1, 1, 2, 9]), PIECES)

    def apply(edits: list[tuple[int, int, str]]) -> str:
        text = rendered
        for start, length, piece in edits:
            text = text[:start] + piece + text[start + length :]
        return text

    return st.lists(edit, min_size=1, max_size=3).map(apply)


NOTES = {
    "nothing": "",
    "only newlines": "\n\n\n",
    "no signature": f"{TEXT}\n",
    "no text": f"\n\n{LINE}",
    "no empty line": f"{TEXT}{LINE}",
    "no last newline": NOTE.rstrip("\n"),
    "another character for the last newline": f"{NOTE[:-1]}x",
    "an empty line behind": f"{NOTE}\n",
    "an empty line between signatures": f"{NOTE}\n{LINE}\n",
    "something between signatures": f"{NOTE}hello\n{LINE}",
    "a carriage return": NOTE.replace("\n", "\r\n"),
    "a tab in the text": f"\t{NOTE}",
    "a null in the text": f"\0{NOTE}",
    "no UTF-8": f"\ud800{NOTE}",
    "a hyphen for the dash": NOTE.replace("—", "-"),
    "two spaces before the name": NOTE.replace("— ", "—  "),
    "two spaces behind the name": NOTE.replace(f"{NAME} ", f"{NAME}  "),
    "a space behind": NOTE.replace(SIGNED, f"{SIGNED} "),
    "no name": NOTE.replace(f"— {NAME}", "— "),
    "a plus in the name": NOTE.replace(f"— {NAME}", f"— {NAME}+1"),
    "a wide space in the name": NOTE.replace(f"— {NAME}", f"— {NAME}\u30001"),
    "no signature behind the name": NOTE.replace(SIGNED, ""),
    "only a key id": NOTE.replace(SIGNED, base64.b64encode(b"1234").decode()),
    "base64 without padding": NOTE.replace(SIGNED, SIGNED.rstrip("=")),
    "base64 with too much padding": NOTE.replace(SIGNED, base64.b64encode(bytes(69)).decode() + "="),
    "base64 for addresses": NOTE.replace(SIGNED, base64.urlsafe_b64encode(b"\xff" * 68).decode()),
    "base64 with stray bits": NOTE.replace(SIGNED, base64.b64encode(bytes(68)).decode()[:-2] + "B="),
    "letters that are not ASCII": NOTE.replace(SIGNED, f"é{SIGNED[1:]}"),
}


@pytest.mark.parametrize("rendered", NOTES.values(), ids=NOTES.keys())
def test_a_malformed_note_is_refused(rendered: str) -> None:
    assert rendered != NOTE
    with pytest.raises(NoteError):
        notes.parse(rendered)


@given(changed(NOTE))
def test_a_note_is_refused_or_rendered_as_it_was_read(rendered: str) -> None:
    try:
        note = notes.parse(rendered)
    except NoteError:
        return
    assert note.render() == rendered


@given(changed(NOTE))
def test_whatever_verifies_is_the_text_that_was_signed(rendered: str) -> None:
    try:
        note = notes.parse(rendered)
        notes.verify(note, [ME.verifier])
    except NoteError:
        return
    assert note.text == TEXT


@given(st.text(st.characters(), max_size=60))
def test_any_text_is_refused_as_a_note_or_rendered_as_it_was_read(rendered: str) -> None:
    try:
        note = notes.parse(rendered)
    except NoteError:
        return
    assert note.render() == rendered


KEYS = {
    "nothing": "",
    "only a name": NAME,
    "no key": f"{NAME}+{KEY_ID}",
    "an empty key": f"{NAME}+{KEY_ID}+",
    "no name": f"+{KEY_ID}+{ENCODED}",
    "another name": f"{NAME}2+{KEY_ID}+{ENCODED}",
    "a space in the name": f"log example+{KEY_ID}+{ENCODED}",
    "another key id": f"{NAME}+00000000+{ENCODED}",
    "a key id in capitals": f"{NAME}+{KEY_ID.upper()}+{ENCODED}",
    "a key id without a digit": f"{NAME}+{KEY_ID[1:]}+{ENCODED}",
    "another key": f"{NAME}+{KEY_ID}+{base64.b64encode(bytes([1, *bytes(32)])).decode()}",
    "another kind": f"{NAME}+{KEY_ID}+{base64.b64encode(bytes([4, *ME.verifier.public])).decode()}",
    "no base64": f"{NAME}+{KEY_ID}+!{ENCODED[1:]}",
    "letters that are not ASCII": f"{NAME}+{KEY_ID}+é{ENCODED[1:]}",
    "two keys": f"{KEY}\n{KEY}",
}


@pytest.mark.parametrize("line", KEYS.values(), ids=KEYS.keys())
def test_a_malformed_verifier_key_is_refused(line: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(line)


@given(changed(KEY))
def test_a_verifier_key_is_refused_or_written_as_it_was_read(line: str) -> None:
    try:
        key = VerifierKey.parse(line)
    except NoteError:
        return
    assert key.line() == line.strip()


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\0b", "a\x7fb", "\ud800"])
def test_a_key_with_a_name_that_cannot_stand_in_a_note_is_refused(name: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey(name, bytes(32))


@pytest.mark.parametrize(
    "other", [{"public": bytes(31)}, {"public": bytes(33)}, {"kind": 0}, {"kind": 2}, {"kind": 6}]
)
def test_a_key_of_another_length_or_kind_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(NoteError):
        VerifierKey(**{"name": NAME, "public": bytes(32), **other})
