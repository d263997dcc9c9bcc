"""The signer: it extends what it signed, keeps it on the disk before it signs, and refuses everything else."""

import json
import stat
import threading
from pathlib import Path

import pytest

from portal.translog import keys, notes, socket_signer
from portal.translog.checkpoints import Checkpoint
from portal.translog.signing import FileSigner, OutOfStep, SignerRefusal
from portal.translog.tree import Frontier, leaf_hash

pytestmark = pytest.mark.one_engine

LEAVES = [f"leaf {number}".encode() for number in range(20)]


def root_of(leaves: list[bytes]) -> bytes:
    frontier = Frontier.empty()
    frontier.extend(map(leaf_hash, leaves))
    return frontier.root()


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    """A key file with one key."""
    file = tmp_path / "signing.key"
    keys.write(file, [keys.generate("books.example")])
    return file


def test_a_signed_head_verifies_and_names_size_and_root(key_file: Path) -> None:
    signer = FileSigner(key_file)
    note = signer.extend(0, LEAVES[:7], root_of(LEAVES[:7]))
    notes.verify(note, signer.verifier_keys())
    assert Checkpoint.parse(note) == Checkpoint("books.example", 7, root_of(LEAVES[:7]))


def test_it_continues_what_it_signed_even_after_a_restart(key_file: Path) -> None:
    FileSigner(key_file).extend(0, LEAVES[:7], root_of(LEAVES[:7]))
    note = FileSigner(key_file).extend(7, LEAVES[7:], root_of(LEAVES))
    assert Checkpoint.parse(note).size == len(LEAVES)


def test_it_signs_the_same_head_again_when_asked_with_nothing_new(key_file: Path) -> None:
    signer = FileSigner(key_file)
    first = signer.extend(0, LEAVES, root_of(LEAVES))
    assert signer.extend(len(LEAVES), [], root_of(LEAVES)).text == first.text


@pytest.mark.parametrize("first", [0, 3, 9])
def test_leaves_that_do_not_begin_where_it_stands_are_refused(key_file: Path, first: int) -> None:
    signer = FileSigner(key_file)
    signer.extend(0, LEAVES[:7], root_of(LEAVES[:7]))
    with pytest.raises(OutOfStep):
        signer.extend(first, LEAVES[first:], root_of(LEAVES))
    assert signer.signed().size == 7


def test_leaves_that_lead_to_another_root_are_refused_and_nothing_is_kept(key_file: Path) -> None:
    signer = FileSigner(key_file)
    signer.extend(0, LEAVES[:7], root_of(LEAVES[:7]))
    with pytest.raises(SignerRefusal):
        signer.extend(7, [b"another", *LEAVES[8:]], root_of(LEAVES))
    assert signer.signed().size == 7


def test_its_state_is_kept_before_it_signs(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    sign = notes.SigningKey.sign

    def looking(key: notes.SigningKey, text: str) -> notes.Signature:
        state = key_file.with_name("signing.key.state")
        kept.append(json.loads(state.read_text())["size"])
        return sign(key, text)

    monkeypatch.setattr(notes.SigningKey, "sign", looking)
    FileSigner(key_file).extend(0, LEAVES, root_of(LEAVES))
    assert kept == [len(LEAVES)]


def test_key_and_state_are_for_their_owner_alone(key_file: Path) -> None:
    FileSigner(key_file).extend(0, LEAVES, root_of(LEAVES))
    for file in (key_file, key_file.with_name("signing.key.state")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key_file.chmod(0o644)
    with pytest.raises(keys.KeyFileError, match="chmod"):
        keys.read(key_file)


def test_two_keys_both_sign_while_a_rotation_runs(key_file: Path) -> None:
    keys.write(key_file, [*keys.read(key_file), keys.generate("books.example")])
    note = FileSigner(key_file).extend(0, LEAVES, root_of(LEAVES))
    old, new = FileSigner(key_file).verifier_keys()
    assert notes.verify(note, [old]) and notes.verify(note, [new])


def test_many_at_once_never_sign_two_heads_of_one_size(key_file: Path) -> None:
    heads: dict[int, set[str]] = {}

    def extend(other: int) -> None:
        for size in range(1, len(LEAVES)):
            leaves = [*LEAVES[: size - 1], f"{other}-{size}".encode()]
            try:
                note = FileSigner(key_file).extend(size - 1, leaves[-1:], root_of(leaves))
            except SignerRefusal:
                continue
            heads.setdefault(size, set()).add(note.text)

    threads = [threading.Thread(target=extend, args=(other,)) for other in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert heads and all(len(texts) == 1 for texts in heads.values())


@pytest.fixture
def by_socket(key_file: Path, tmp_path: Path) -> socket_signer.SocketSigner:
    """The signer behind a socket, in a thread of this process."""
    path = tmp_path / "signer.sock"
    ready = threading.Event()
    thread = threading.Thread(
        target=socket_signer.serve, args=(key_file, path), kwargs={"ready": ready.set}, daemon=True
    )
    thread.start()
    assert ready.wait(5)
    return socket_signer.SocketSigner(path)


def test_a_signer_of_its_own_answers_like_one_in_the_process(
    by_socket: socket_signer.SocketSigner, key_file: Path
) -> None:
    note = by_socket.extend(0, LEAVES, root_of(LEAVES))
    notes.verify(note, by_socket.verifier_keys())
    assert by_socket.signed() == FileSigner(key_file).signed()
    with pytest.raises(OutOfStep):
        by_socket.extend(0, LEAVES, root_of(LEAVES))


def test_a_second_signer_of_the_same_key_is_refused(
    by_socket: socket_signer.SocketSigner, key_file: Path, tmp_path: Path
) -> None:
    with pytest.raises(BlockingIOError):
        socket_signer.serve(key_file, tmp_path / "another.sock")


def test_a_signer_that_is_away_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(socket_signer.SignerAway):
        socket_signer.SocketSigner(tmp_path / "nobody.sock").signed()
