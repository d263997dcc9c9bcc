"""Every checkpoint that was seen in the run must be true of today's leaves, to our code and to the stand-alone one."""

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from bench.soak.scene import Scene
from portal.config import PROJECT
from portal.translog import notes, reading, tree
from portal.translog.checkpoints import Checkpoint
from portal.translog.notes import NoteError
from portal.translog.publishing import publish
from portal.translog.signing import SignerRefusal

VERIFIER = PROJECT / "portal" / "translog" / "verify.py"
_SAMPLE = 3
"""Old checkpoints that the stand-alone verifier is shown after a round: it takes tens of milliseconds for each."""


def broken_promises(scene: Scene, session: Session, seen: Sequence[str], *, all_alone: bool) -> Iterator[str]:
    """Checkpoints among those ever seen that today's leaves do not bear out.

    ``all_alone`` shows all of them to the stand-alone verifier, not only a sample.
    """
    try:
        newest = publish(scene.signer)
    except SignerRefusal as no:
        yield f"the signer refuses: {type(no).__name__}: {no}"
        newest = reading.latest_checkpoint(session)
    session.rollback()
    try:
        leaves = list(reading.leaves(session, 0, reading.log_size(session)))
    except LookupError as problem:
        yield str(problem)
        return
    yield from _not_borne_out(scene, leaves, seen)
    if newest is not None and VERIFIER.exists():
        old = seen if all_alone else random.sample(list(seen), min(_SAMPLE, len(seen)))
        yield from _not_verified(scene, leaves, [newest.note, *old])
    session.rollback()


def _not_borne_out(scene: Scene, leaves: Sequence[bytes], seen: Sequence[str]) -> Iterator[str]:
    keys = scene.signer.verifier_keys()

    @cache
    def subtrees(level: int, index: int) -> bytes:
        if level == 0:
            return tree.leaf_hash(leaves[index])
        return tree.node_hash(subtrees(level - 1, 2 * index), subtrees(level - 1, 2 * index + 1))

    for rendered in seen:
        try:
            note = notes.parse(rendered)
            notes.verify(note, keys)
            head = Checkpoint.parse(note)
        except NoteError as problem:
            yield f"a checkpoint that was seen is not one: {problem}"
            continue
        if head.size > len(leaves):
            yield f"a checkpoint of {head.size} leaves was seen, there are {len(leaves)}"
        elif tree.root_at(head.size, subtrees) != head.root:
            yield f"the first {head.size} leaves are not those of the checkpoint that was seen"


def _not_verified(scene: Scene, leaves: Sequence[bytes], checkpoints: Sequence[str]) -> Iterator[str]:
    with TemporaryDirectory(prefix="portal-export-") as name:
        folder = Path(name)
        (folder / "key").write_text("".join(f"{key.line()}\n" for key in scene.signer.verifier_keys()))
        (folder / "entries.jsonl").write_bytes(b"".join(leaf + b"\n" for leaf in leaves))
        for number, note in enumerate(checkpoints):
            (folder / str(number)).write_text(note)
        newest, *old = (str(number) for number in range(len(checkpoints)))
        done = subprocess.run(
            [sys.executable, "-I", VERIFIER, "key", newest, "entries.jsonl", *old],
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    if done.returncode:
        yield f"the stand-alone verifier says: {(done.stdout + done.stderr).strip()[:500]}"
