"""Signed notes: the examples of Go's documentation, a checkpoint of a public log with its witnesses, and forgeries."""

import base64
import struct

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal.translog import notes
from portal.translog.notes import COSIGNATURE, ED25519, Note, NoteError, Signature, SigningKey, VerifierKey

pytestmark = pytest.mark.one_engine

# From the documentation of golang.org/x/mod/sumdb/note.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
BY_NEUMANN = f"— PeterNeumann {SIGNED}\n"
BY_ROOT = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
PUBLISHED = f"{TEXT}\n{BY_NEUMANN}"

# A checkpoint of a public log: signed in two ways under one name, and co-signed by witnesses.
LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
WITNESSED_AT = 1779573024
WITNESSED = """arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
"""  # noqa: E501 - signatures are as long as they are

ME = SigningKey("log.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = SigningKey("log.example", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
WATCHER = SigningKey("w.example/1", Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))), COSIGNATURE)


def key(line: str) -> VerifierKey:
    return VerifierKey.parse(line)


def signed_by(note: Note, known: VerifierKey) -> Signature:
    (found,) = [one for one in note.signatures if (one.name, one.key_id) == (known.name, known.key_id)]
    return found


def test_the_published_note_verifies_and_its_text_keeps_the_last_newline() -> None:
    note = notes.parse(PUBLISHED)
    assert notes.verify(note, [key(NEUMANN)]) == [key(NEUMANN)]
    assert note.text == TEXT


def test_the_published_key_signs_as_published() -> None:
    secret = base64.b64decode(NEUMANN_SECRET)
    signing = SigningKey("PeterNeumann", Ed25519PrivateKey.from_private_bytes(secret[1:]), secret[0])
    assert (signing.verifier.line(), signing.sign(TEXT).line()) == (NEUMANN, BY_NEUMANN)


def test_the_published_note_with_two_signatures_verifies() -> None:
    note = notes.parse(PUBLISHED + BY_ROOT)
    enoch = VerifierKey(
        "EnochRoot", Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    )
    assert notes.verify(note, [key(NEUMANN), enoch]) == [key(NEUMANN), enoch]


def test_a_public_log_verifies_though_it_signed_in_another_way_under_the_same_name() -> None:
    assert notes.verify(notes.parse(WITNESSED), [key(LOG)]) == [key(LOG)]


def test_the_co_signature_of_a_public_witness_verifies_and_has_its_time() -> None:
    note, witness = notes.parse(WITNESSED), key(WITNESS)
    assert witness.verify(note.text, signed_by(note, witness)) == WITNESSED_AT


@pytest.mark.parametrize(
    "rendered", [PUBLISHED, PUBLISHED + BY_ROOT, WITNESSED, f"\n\n{PUBLISHED}", f"a\n\n\n{BY_ROOT}"]
)
def test_a_note_is_rendered_as_it_was_read(rendered: str) -> None:
    assert notes.parse(rendered).render() == rendered


@pytest.mark.parametrize("line", [NEUMANN, LOG, WITNESS])
def test_a_key_is_written_as_it_was_read(line: str) -> None:
    assert key(f"  {line}\n").line() == line


def test_a_text_may_hold_empty_lines_and_ends_before_the_last() -> None:
    text = f"one\n\n{BY_ROOT}\n\ntwo\n"
    note = Note(text, (ME.sign(text),))
    assert notes.parse(note.render()) == note
    notes.verify(notes.parse(note.render()), [ME.verifier])


def test_no_changed_character_of_a_text_verifies() -> None:
    note, known = notes.parse(PUBLISHED), key(NEUMANN)
    for at in range(len(TEXT)):
        forged = Note(f"{TEXT[:at]}{chr(ord(TEXT[at]) ^ 1)}{TEXT[at + 1 :]}", note.signatures)
        with pytest.raises(NoteError):
            notes.verify(forged, [known])


def test_no_changed_bit_of_a_signature_verifies() -> None:
    known = key(NEUMANN)
    (one,) = notes.parse(PUBLISHED).signatures
    for bit in range(8 * 64):
        value = (int.from_bytes(one.value) ^ 1 << bit).to_bytes(64)
        with pytest.raises(NoteError):
            known.verify(TEXT, Signature(one.name, one.key_id, value))


@pytest.mark.parametrize("length", [0, 1, 63, 65, 72])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(NoteError):
        ME.verifier.verify(TEXT, Signature(ME.name, ME.verifier.key_id, (ME.sign(TEXT).value * 2)[:length]))


def test_signatures_of_unknown_keys_are_passed_over() -> None:
    nobody = Signature("nobody.example", b"none", bytes(64))
    same_id = Signature("nobody.example", ME.verifier.key_id, bytes(64))
    same_name = Signature(ME.name, b"none", bytes(64))
    note = Note(TEXT, (nobody, same_id, same_name, ME.sign(TEXT)))
    assert notes.verify(note, [ME.verifier]) == [ME.verifier]


def test_a_note_that_only_others_signed_is_refused() -> None:
    with pytest.raises(NoteError, match="no signature of a known key"):
        notes.verify(Note(TEXT, (OTHER.sign(TEXT),)), [ME.verifier])


def test_a_note_without_signature_or_a_check_without_keys_is_refused() -> None:
    for note, keys in [(Note(TEXT, ()), [ME.verifier]), (Note(TEXT, (ME.sign(TEXT),)), [])]:
        with pytest.raises(NoteError, match="no signature of a known key"):
            notes.verify(note, keys)


def test_another_key_under_the_name_and_id_of_a_known_one_is_refused() -> None:
    posed = Signature(ME.name, ME.verifier.key_id, OTHER.sign(TEXT).value)
    with pytest.raises(NoteError, match="does not fit"):
        notes.verify(Note(TEXT, (posed,)), [ME.verifier])


def test_one_wrong_signature_of_a_known_key_refuses_the_note_even_beside_a_right_one() -> None:
    wrong = Signature(OTHER.name, OTHER.verifier.key_id, ME.sign(TEXT).value)
    with pytest.raises(NoteError, match="does not fit"):
        notes.verify(Note(TEXT, (ME.sign(TEXT), wrong)), [ME.verifier, OTHER.verifier])


def test_a_key_does_not_verify_what_another_key_signed() -> None:
    with pytest.raises(NoteError, match="not a signature of"):
        ME.verifier.verify(TEXT, OTHER.sign(TEXT))


def test_a_signature_that_stands_twice_counts_once() -> None:
    note = Note(TEXT, (ME.sign(TEXT), ME.sign(TEXT)))
    assert notes.verify(note, [ME.verifier]) == [ME.verifier]


def test_sixteen_signatures_are_read() -> None:
    others = tuple(Signature(f"w{number}.example", b"none", bytes(72)) for number in range(15))
    note = notes.parse(Note(TEXT, (*others, ME.sign(TEXT))).render())
    assert notes.verify(note, [ME.verifier]) == [ME.verifier]


def test_a_further_signature_stands_behind_and_a_newer_one_of_the_same_key_replaces_it() -> None:
    first, later = WATCHER.cosign(TEXT, 1), WATCHER.cosign(TEXT, 2)
    note = Note(TEXT, (ME.sign(TEXT), first)).with_signatures([later, OTHER.sign(TEXT)])
    assert note.signatures == (ME.sign(TEXT), later, OTHER.sign(TEXT))


def test_a_co_signature_verifies_with_its_time() -> None:
    for time in (0, 1, 1_700_000_000, 2**63 - 1):
        line = WATCHER.cosign(TEXT, time).line().rstrip("\n")
        assert WATCHER.verifier.verify(TEXT, notes.signature(line)) == time


def test_a_plain_signature_has_no_time() -> None:
    assert ME.verifier.verify(TEXT, ME.sign(TEXT)) is None


def test_a_co_signature_does_not_verify_with_another_time_or_text() -> None:
    one = WATCHER.cosign(TEXT, 1_700_000_000)
    later = Signature(one.name, one.key_id, struct.pack(">Q", 1_700_000_001) + one.value[8:])
    for text, signature in [(TEXT, later), (f"{TEXT}more\n", one)]:
        with pytest.raises(NoteError, match="does not fit"):
            WATCHER.verifier.verify(text, signature)


def test_a_co_signature_from_after_the_end_of_time_is_refused() -> None:
    late = struct.pack(">Q", 2**63) + WATCHER.private.sign(f"cosignature/v1\ntime {2**63}\n{TEXT}".encode())
    with pytest.raises(NoteError, match="impossible time"):
        WATCHER.verifier.verify(TEXT, Signature(WATCHER.name, WATCHER.verifier.key_id, late))


@pytest.mark.parametrize("kind", [ED25519, COSIGNATURE])
def test_a_signature_of_one_kind_does_not_pass_for_the_other(kind: int) -> None:
    plain, witness = (SigningKey("both.example", ME.private, one) for one in (ED25519, COSIGNATURE))
    values = {ED25519: witness.cosign(TEXT, 0).value[8:], COSIGNATURE: bytes(8) + plain.sign(TEXT).value}
    known = {ED25519: plain.verifier, COSIGNATURE: witness.verifier}[kind]
    assert plain.verifier.key_id != witness.verifier.key_id
    with pytest.raises(NoteError, match="does not fit"):
        known.verify(TEXT, Signature(known.name, known.key_id, values[kind]))


def test_a_co_signature_without_its_time_is_refused() -> None:
    one = WATCHER.cosign(TEXT, 5)
    with pytest.raises(NoteError, match="malformed"):
        WATCHER.verifier.verify(TEXT, Signature(one.name, one.key_id, one.value[8:]))
