"""Proof files: written as specified, verified offline, and refused after any change."""

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from portal.translog.checkpoints import Checkpoint
from portal.translog.notes import COSIGNATURE, Note, NoteError, SigningKey
from portal.translog.proofs import Proof
from portal.translog.tree import ProofError
from tests.translog.textbook import Textbook

pytestmark = pytest.mark.one_engine

LOG = SigningKey("log.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = SigningKey("log.example", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
WITNESS = SigningKey("w.example", Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))), COSIGNATURE)
KEYS = [LOG.verifier]
BOOK = Textbook([f"leaf {number}".encode() for number in range(13)])


def note_of(size: int, root: bytes, *keys: SigningKey) -> Note:
    text = Checkpoint("log.example", size, root).text()
    return Note(text, tuple(key.sign(text) for key in keys))


def proof_of(index: int, size: int = len(BOOK.leaves), *keys: SigningKey) -> Proof:
    note = note_of(size, BOOK.root(size), *(keys or [LOG]))
    return Proof(BOOK.leaves[index], index, BOOK.path(index, 0, size), note)


def holds(rendered: bytes) -> bool:
    """Whether a file is one, and shows what it says. Anything but a refusal fails the test."""
    try:
        Proof.parse(rendered.decode("utf-8", "surrogateescape")).verify(KEYS)
    except (NoteError, ProofError):
        return False
    return True


def test_a_proof_is_written_as_specified() -> None:
    proof = proof_of(2, 3)
    beside, root = (base64.b64encode(one).decode() for one in (BOOK.mth(0, 2), BOOK.root(3)))
    head = f"c2sp.org/tlog-proof@v1\nextra bGVhZiAy\nindex 2\n{beside}\n\n"
    assert proof.render() == f"{head}log.example\n3\n{root}\n\n{LOG.sign(proof.note.text).line()}"


def test_the_only_leaf_of_a_log_needs_no_hashes() -> None:
    assert "index 0\n\nlog.example\n1\n" in proof_of(0, 1).render()


@pytest.mark.parametrize("size", range(1, 14))
def test_every_proof_is_read_as_it_was_written_and_verifies(size: int) -> None:
    for index in range(size):
        proof = Proof.parse(proof_of(index, size).render())
        assert proof == proof_of(index, size)
        assert proof.verify(KEYS) == KEYS


@given(st.binary(max_size=200))
def test_a_leaf_of_any_bytes_travels_with_its_proof(leaf: bytes) -> None:
    note = note_of(1, Textbook([leaf]).root(1), LOG)
    assert Proof.parse(Proof(leaf, 0, [], note).render()).leaf == leaf


def test_a_proof_names_the_head_it_leads_to() -> None:
    assert proof_of(4, 9).checkpoint() == Checkpoint("log.example", 9, BOOK.root(9))


def test_a_proof_keeps_the_signatures_of_witnesses_and_says_who_signed() -> None:
    proof = proof_of(5)
    note = proof.note.with_signatures([WITNESS.cosign(proof.note.text, 1_700_000_000)])
    again = Proof.parse(replace(proof, note=note).render())
    assert again.verify([LOG.verifier, WITNESS.verifier]) == [LOG.verifier, WITNESS.verifier]


def test_no_file_with_a_changed_bit_holds() -> None:
    rendered = proof_of(5).render().encode()
    assert holds(rendered)
    for bit in range(8 * len(rendered)):
        assert not holds((int.from_bytes(rendered) ^ 1 << bit).to_bytes(len(rendered)))


def test_no_file_with_a_line_missing_doubled_or_moved_holds() -> None:
    lines = proof_of(5).render().encode().splitlines(keepends=True)
    for at, line in enumerate(lines):
        rest = lines[:at] + lines[at + 1 :]
        for to in range(len(lines)):
            moved = [*rest[:to], line, *rest[to:]]
            assert holds(b"".join(moved)) == (moved == lines)
        assert not holds(b"".join(rest))
        # A signature may stand twice; it is the same signature.
        assert holds(b"".join([*lines[:at], line, *lines[at:]])) == (at == len(lines) - 1)


def test_no_file_that_is_cut_short_holds() -> None:
    rendered = proof_of(5).render().encode()
    assert not any(holds(rendered[:length]) for length in range(len(rendered)))


@pytest.mark.parametrize("index", [0, 5, 12])
def test_a_proof_does_not_show_another_leaf(index: int) -> None:
    for leaf in (b"forged", BOOK.leaves[3], BOOK.mth(index, index + 1)):
        with pytest.raises(ProofError):
            replace(proof_of(index), leaf=leaf).verify(KEYS)


@pytest.mark.parametrize("index", [0, 5, 12])
def test_a_proof_does_not_show_another_place(index: int) -> None:
    for other in {*range(-1, 20)} - {index}:
        with pytest.raises(ProofError):
            replace(proof_of(index), index=other).verify(KEYS)


@pytest.mark.parametrize("size", range(1, 13))
def test_a_proof_does_not_lead_to_another_head(size: int) -> None:
    with pytest.raises(ProofError):
        replace(proof_of(0), note=proof_of(0, size).note).verify(KEYS)


def test_a_head_signed_for_another_text_is_refused() -> None:
    borrowed = Note(proof_of(0).note.text, proof_of(0, 12).note.signatures)
    with pytest.raises(NoteError, match="does not fit"):
        replace(proof_of(0), note=borrowed).verify(KEYS)


def test_a_proof_whose_head_a_stranger_signed_is_refused() -> None:
    with pytest.raises(NoteError, match="no signature of a known key"):
        proof_of(5, 13, STRANGER).verify(KEYS)


def test_a_proof_is_not_verified_without_keys() -> None:
    with pytest.raises(NoteError, match="no signature of a known key"):
        proof_of(5).verify([])


def test_a_right_signature_does_not_make_up_for_a_wrong_path() -> None:
    with pytest.raises(ProofError):
        replace(proof_of(5), path=BOOK.path(4, 0, 13)).verify(KEYS)


HASH = base64.b64encode(bytes(32)).decode()
MANY = f"{HASH}\n" * 64
NOTE = proof_of(5).note.render()
HEADER = "c2sp.org/tlog-proof@v1\n"


MALFORMED = {
    "nothing": "",
    "only a note": NOTE,
    "no header": f"extra bGVhZiA1\nindex 5\n\n{NOTE}",
    "another version": f"c2sp.org/tlog-proof@v2\nextra bGVhZiA1\nindex 5\n\n{NOTE}",
    "no leaf": f"{HEADER}index 5\n\n{NOTE}",
    "no index": f"{HEADER}extra bGVhZiA1\n\n{NOTE}",
    "leaf and index swapped": f"{HEADER}index 5\nextra bGVhZiA1\n\n{NOTE}",
    "two leaves": f"{HEADER}extra bGVhZiA1\nextra bGVhZiA1\nindex 5\n\n{NOTE}",
    "a leaf that is not base64": f"{HEADER}extra leaf 5\nindex 5\n\n{NOTE}",
    "a leaf with stray bits": f"{HEADER}extra bGVhZh==\nindex 5\n\n{NOTE}",
    "a leaf that is not ASCII": f"{HEADER}extra é\nindex 5\n\n{NOTE}",
    "an index without a number": f"{HEADER}extra bGVhZiA1\nindex \n\n{NOTE}",
    "an index with a zero before": f"{HEADER}extra bGVhZiA1\nindex 05\n\n{NOTE}",
    "a negative index": f"{HEADER}extra bGVhZiA1\nindex -5\n\n{NOTE}",
    "an index in other digits": f"{HEADER}extra bGVhZiA1\nindex ５\n\n{NOTE}",
    "an index of 5000 digits": f"{HEADER}extra bGVhZiA1\nindex {'1' * 5_000}\n\n{NOTE}",
    "an index beyond all logs": f"{HEADER}extra bGVhZiA1\nindex {2**63}\n\n{NOTE}",
    "a short hash": f"{HEADER}extra bGVhZiA1\nindex 5\n{base64.b64encode(bytes(31)).decode()}\n\n{NOTE}",
    "a long hash": f"{HEADER}extra bGVhZiA1\nindex 5\n{base64.b64encode(bytes(33)).decode()}\n\n{NOTE}",
    "a hash in hexadecimal": f"{HEADER}extra bGVhZiA1\nindex 5\n{bytes(32).hex()}\n\n{NOTE}",
    "a hash with stray bits": f"{HEADER}extra bGVhZiA1\nindex 5\n{HASH[:-2]}B=\n\n{NOTE}",
    "more hashes than a log can be high": f"{HEADER}extra bGVhZiA1\nindex 5\n{MANY}\n{NOTE}",
    "no empty line": f"{HEADER}extra bGVhZiA1\nindex 5\n{NOTE}",
    "two empty lines": f"{HEADER}extra bGVhZiA1\nindex 5\n\n\n{NOTE}",
    "carriage returns": proof_of(5).render().replace("\n", "\r\n"),
    "no note": f"{HEADER}extra bGVhZiA1\nindex 5\n\n",
    "a head without signature": f"{HEADER}extra bGVhZiA1\nindex 5\n\n{proof_of(5).note.text}",
    "a note that is no head": f"{HEADER}extra bGVhZiA1\nindex 5\n\nhello\n\n{LOG.sign('hello').line()}",
}


@pytest.mark.parametrize("rendered", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_file_is_refused(rendered: str) -> None:
    with pytest.raises(NoteError):
        Proof.parse(rendered)


def test_as_many_hashes_as_the_highest_log_needs_are_read() -> None:
    proof = replace(proof_of(5), path=[bytes(32)] * 63)
    assert Proof.parse(proof.render()) == proof


@given(
    st.lists(
        st.tuples(st.integers(0, 600), st.integers(0, 3), st.text(st.characters(), max_size=3)), max_size=3
    )
)
def test_any_change_of_a_file_is_refused_or_read_as_it_was_written(edits: list[tuple[int, int, str]]) -> None:
    rendered = proof_of(5).render()
    for at, length, piece in edits:
        rendered = rendered[:at] + piece + rendered[at + length :]
    try:
        proof = Proof.parse(rendered)
    except NoteError:
        return
    assert proof.render() == rendered
