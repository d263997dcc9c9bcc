"""Go's transparency log and OpenSSL, which we did not write, accept what we publish and refuse what is forged."""

import base64
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.translog import tree
from portal.translog.checkpoints import Checkpoint
from portal.translog.notes import COSIGNATURE, Note, Signature, SigningKey
from portal.translog.tiles import Tile
from portal.translog.tree import Frontier, leaf_hash

pytestmark = pytest.mark.one_engine

Claim = dict[str, Any]
Judge = Callable[[list[Claim]], list[str]]
"""Answers each claim with nothing where it accepts it, else with what is wrong."""

SOURCE = Path(__file__).parent / "go" / "judge.go"
GO_PATH = Path("/usr/share/gocode")  # where Debian keeps golang.org/x/mod
SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 64, 65, 127, 255, 256, 257, 300]
LEAVES = [f'{{"seq":{number},"v":1}}'.encode() for number in range(SIZES[-1])]
KEY = SigningKey("books.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
STRANGER = SigningKey("books.example/log", Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
WITNESS = SigningKey("w.example", Ed25519PrivateKey.from_private_bytes(bytes(range(2, 34))), COSIGNATURE)


def stored() -> dict[tuple[int, int], bytes]:
    """The perfect subtrees over all leaves, as appending them finds them."""
    hashes, frontier = {}, Frontier.empty()
    for index, leaf in enumerate(LEAVES):
        hashes[0, index] = leaf_hash(leaf)
        hashes.update(((level, at), one) for level, at, one in frontier.append(leaf_hash(leaf)))
    return hashes


STORED = stored()


def subtrees(level: int, index: int) -> bytes:
    return STORED[level, index]


def root_at(size: int) -> bytes:
    return tree.root_at(size, subtrees)


def in_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def checkpoint(size: int, *keys: SigningKey) -> Note:
    text = Checkpoint("books.example/log", size, root_at(size)).text()
    return Note(text, tuple(key.sign(text) for key in keys))


def note_claim(note: Note, /, **forged: object) -> Claim:
    claim = {"kind": "note", "key": KEY.verifier.line(), "note": note.render(), "text": note.text}
    return {**claim, **forged}


def record_claim(index: int, size: int, /, **forged: object) -> Claim:
    path = [in_base64(one) for one in tree.inclusion_proof(index, size, subtrees)]
    claim = {"kind": "record", "index": index, "size": size, "proof": path}
    return {**claim, "leaf": in_base64(STORED[0, index]), "root": in_base64(root_at(size)), **forged}


def consistency_claim(old: int, size: int, /, **forged: object) -> Claim:
    proof = [in_base64(one) for one in tree.consistency_proof(old, size, subtrees)]
    claim = {"kind": "consistency", "old": old, "size": size, "proof": proof}
    return {**claim, "oldRoot": in_base64(root_at(old)), "root": in_base64(root_at(size)), **forged}


def tree_claim(size: int, /, **forged: object) -> Claim:
    leaves = [in_base64(leaf) for leaf in LEAVES[:size]]
    return {"kind": "tree", "leaves": leaves, "size": size, "root": in_base64(root_at(size)), **forged}


def tile_claim(tile: Tile, /, **forged: object) -> Claim:
    claim = {"kind": "tile", "path": tile.path, "level": tile.level, "index": tile.index, "width": tile.width}
    return {**claim, **forged}


def indexes(size: int) -> list[int]:
    return sorted({*range(0, size, 1 + size // 16), size // 2, size - 1})


def forged_proofs(proof: list[str]) -> Iterator[list[str]]:
    """With each hash changed, each taken out, and one more."""
    for at, one in enumerate(proof):
        other = base64.b64decode(one)
        yield [*proof[:at], in_base64(other[:-1] + bytes([other[-1] ^ 1])), *proof[at + 1 :]]
        yield proof[:at] + proof[at + 1 :]
    yield [*proof, in_base64(bytes(32))]


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """The judge, built from its source; where Go or its library is missing, this fails."""
    build = tmp_path_factory.mktemp("judge")
    go = {
        "GO111MODULE": "off",
        "GOPATH": str(GO_PATH),
        "GOCACHE": str(build / "cache"),
        "GOFLAGS": "",
        "GOENV": "off",
    }
    environment = {**os.environ, **go, "GOPROXY": "off", "CGO_ENABLED": "0"}
    made = subprocess.run(
        ["go", "build", "-o", build / "judge", SOURCE],
        env=environment, cwd=build, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr

    def ask(claims: list[Claim]) -> list[str]:
        asked = json.dumps(claims)
        answer = subprocess.run(
            [build / "judge"], input=asked, capture_output=True, text=True, check=True, timeout=60
        )
        verdicts: list[str] = json.loads(answer.stdout)
        assert len(verdicts) == len(claims) > 0
        return verdicts

    return ask


def test_go_opens_our_checkpoints(judge: Judge) -> None:
    assert not any(judge([note_claim(checkpoint(size, KEY)) for size in SIZES]))


def test_go_opens_a_checkpoint_that_another_key_and_a_witness_signed_too(judge: Judge) -> None:
    note = checkpoint(300, STRANGER, KEY)
    note = note.with_signatures([WITNESS.cosign(note.text, 1_700_000_000)])
    keys = [KEY.verifier.line(), STRANGER.verifier.line()]
    assert judge([note_claim(note, key=key) for key in keys]) == ["", ""]


def test_go_refuses_every_forged_checkpoint(judge: Judge) -> None:
    note = checkpoint(300, KEY)
    rendered = note.render()
    forged = [
        note_claim(note, note=rendered.replace("\n300\n", "\n299\n")),
        note_claim(note, note=rendered.replace("books", "looks", 1)),
        note_claim(note, note=rendered.replace("\n\n", "\nmore\n\n", 1)),
        note_claim(note, text=checkpoint(299, KEY).text),
        note_claim(note, key=STRANGER.verifier.line()),
        note_claim(checkpoint(300, STRANGER)),
        note_claim(Note(checkpoint(299, KEY).text, note.signatures)),
        note_claim(Note(note.text, (Signature(KEY.name, KEY.verifier.key_id, bytes(64)),))),
        note_claim(note, key=WITNESS.verifier.line()),
        note_claim(note, note=rendered.rstrip("\n")),
    ]
    assert all(judge(forged))


def test_go_finds_our_roots_from_our_leaves(judge: Judge) -> None:
    assert not any(judge([tree_claim(size) for size in SIZES]))


def test_go_refuses_every_forged_root(judge: Judge) -> None:
    claims = [tree_claim(size, root=in_base64(root_at(size + 1))) for size in SIZES[:-1]]
    assert all(judge([*claims, tree_claim(13, leaves=tree_claim(12)["leaves"])]))


def test_go_accepts_our_inclusion_proofs(judge: Judge) -> None:
    assert not any(judge([record_claim(index, size) for size in SIZES for index in indexes(size)]))


def test_go_refuses_every_forged_inclusion_proof(judge: Judge) -> None:
    strange = in_base64(leaf_hash(b"strange"))
    forged = []
    for size in SIZES:
        for index in indexes(size):
            proof = record_claim(index, size)["proof"]
            forged += [record_claim(index, size, proof=other) for other in forged_proofs(proof)]
            forged += [record_claim(index, size, leaf=strange), record_claim(index, size, root=strange)]
            forged += [record_claim(index, size, index=other) for other in (index - 1, index + 1, index ^ 2)]
    assert all(judge(forged))


def test_go_accepts_our_consistency_proofs(judge: Judge) -> None:
    assert not any(judge([consistency_claim(at + 1, size) for size in SIZES for at in indexes(size)]))


def test_go_refuses_every_forged_consistency_proof(judge: Judge) -> None:
    strange = in_base64(leaf_hash(b"strange"))
    forged = []
    for size in SIZES:
        for old in (at + 1 for at in indexes(size)):
            proof = consistency_claim(old, size)["proof"]
            forged += [consistency_claim(old, size, proof=other) for other in forged_proofs(proof)]
            forged += [consistency_claim(old, size, **{which: strange}) for which in ("root", "oldRoot")]
    assert all(judge(forged))


def test_go_reads_our_paths_of_tiles_as_the_same_tiles(judge: Judge) -> None:
    numbers = [0, 7, 999, 1_000, 1_234_067, 999_999_999, 1_000_000_000]
    tiles = [Tile(level, index, width) for level in (0, 3, 7) for index in numbers for width in (1, 255, 256)]
    assert not any(judge([tile_claim(tile) for tile in tiles]))


def test_go_refuses_every_other_path_of_a_tile(judge: Judge) -> None:
    tile = Tile(0, 1_234_067, 17)
    paths = [
        "0/1234067",
        "0/001/234/067",
        "0/x000/x001/x234/067",
        f"0{tile.path}",
        f"{tile.path}0",
        "0/000.p/256",
    ]
    claims = [tile_claim(tile, path=path) for path in paths]
    assert all(judge([*claims, tile_claim(tile, index=1_234_068), tile_claim(tile, width=18)]))


def test_go_judges_nothing_that_it_does_not_know(judge: Judge) -> None:
    assert all(judge([record_claim(0, 1, kind="unknown"), {"kind": ""}]))


def openssl_accepts(folder: Path, key: bytes, signed: bytes, signature: bytes) -> bool:
    """Whether OpenSSL finds that this public key signed these bytes."""
    public = Ed25519PublicKey.from_public_bytes(key)
    (folder / "key.pem").write_bytes(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (folder / "signed").write_bytes(signed)
    (folder / "signature").write_bytes(signature)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature"
    answer = subprocess.run(
        command.split(), cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    accepted = answer.returncode == 0
    assert (
        "Signature Verified Successfully" if accepted else "Signature Verification Failure"
    ) in answer.stdout
    return accepted


def test_openssl_accepts_the_signature_of_our_checkpoint(tmp_path: Path) -> None:
    note = checkpoint(300, KEY)
    assert openssl_accepts(tmp_path, KEY.verifier.public, note.text.encode(), note.signatures[0].value)


def test_openssl_refuses_a_changed_checkpoint_key_or_signature(tmp_path: Path) -> None:
    note = checkpoint(300, KEY)
    text, signature = note.text.encode(), note.signatures[0].value
    changed = bytes([signature[0] ^ 1, *signature[1:]])
    assert not openssl_accepts(tmp_path, KEY.verifier.public, text.replace(b"\n300\n", b"\n299\n"), signature)
    assert not openssl_accepts(tmp_path, KEY.verifier.public, text.removesuffix(b"\n"), signature)
    assert not openssl_accepts(tmp_path, STRANGER.verifier.public, text, signature)
    assert not openssl_accepts(tmp_path, KEY.verifier.public, text, changed)


def test_openssl_accepts_a_co_signature_over_its_time_and_our_checkpoint(tmp_path: Path) -> None:
    text = checkpoint(300).text
    value, signed = WITNESS.cosign(text, 1_700_000_000).value, f"cosignature/v1\ntime 1700000000\n{text}"
    assert int.from_bytes(value[:8]) == 1_700_000_000
    assert openssl_accepts(tmp_path, WITNESS.verifier.public, signed.encode(), value[8:])


def test_openssl_refuses_a_co_signature_over_another_time(tmp_path: Path) -> None:
    text = checkpoint(300).text
    value, signed = WITNESS.cosign(text, 1_700_000_000).value, f"cosignature/v1\ntime 1700000001\n{text}"
    assert not openssl_accepts(tmp_path, WITNESS.verifier.public, signed.encode(), value[8:])
