"""The signer as a process of its own, under a user of its own: JSON lines over a Unix socket.

One request, one answer: ``{"do": "signed"}``, ``{"do": "keys"}``, or ``{"do": "extend", "first", "leaves", "root"}``
with leaves in base64 and the root in hexadecimal. A refusal answers ``{"refused": kind, "message"}``.
"""

import base64
import json
import os
import socket
import socketserver
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from portal.translog import notes
from portal.translog.files import locked
from portal.translog.notes import Note, VerifierKey
from portal.translog.signing import FileSigner, OutOfStep, Signed, Signer, SignerRefusal

_PATIENCE_SECONDS = 30


class SignerAway(SignerRefusal):
    """The signer does not answer; what is posted meanwhile is signed when it is back."""


class SocketSigner:
    """A signer behind a socket."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def signed(self) -> Signed:
        """How far it has signed."""
        answer = self._ask({"do": "signed"})
        return Signed(answer["size"], bytes.fromhex(answer["root"]))

    def verifier_keys(self) -> list[VerifierKey]:
        """The public halves of its keys."""
        return [VerifierKey.parse(line) for line in self._ask({"do": "keys"})["keys"]]

    def extend(self, first: int, leaves: Sequence[bytes], root: bytes) -> Note:
        """Have it sign the tree that these leaves make of what it signed."""
        encoded = [base64.b64encode(leaf).decode() for leaf in leaves]
        answer = self._ask({"do": "extend", "first": first, "leaves": encoded, "root": root.hex()})
        return notes.parse(answer["note"])

    def _ask(self, question: Mapping[str, Any]) -> Any:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(_PATIENCE_SECONDS)
                line.connect(str(self._path))
                line.sendall(json.dumps(question).encode() + b"\n")
                with line.makefile("rb") as answers:
                    answer = json.loads(answers.readline())
        except (OSError, ValueError) as problem:
            raise SignerAway(f"the signer at {self._path} does not answer") from problem
        if "refused" in answer:
            kind = OutOfStep if answer["refused"] == "out_of_step" else SignerRefusal
            raise kind(answer["message"])
        return answer


def serve(key_file: Path, path: Path, ready: Callable[[], None] = lambda: None) -> None:
    """Answer on a socket until stopped, and say when it is ready; only this user and its group may connect.

    Raises:
        BlockingIOError: another signer already serves this key.
    """
    signer = FileSigner(key_file)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            question = self.rfile.readline()
            if question:
                self.wfile.write(json.dumps(_answer(signer, json.loads(question))).encode() + b"\n")

    with locked(key_file.with_name(f"{key_file.name}.serving"), wait=False):
        path.unlink(missing_ok=True)
        mask = os.umask(0o117)
        try:
            server = socketserver.UnixStreamServer(str(path), Handler)
        finally:
            os.umask(mask)
        with server:
            ready()
            server.serve_forever()


def _answer(signer: Signer, question: Mapping[str, Any]) -> dict[str, Any]:
    try:
        match question["do"]:
            case "signed":
                signed = signer.signed()
                return {"size": signed.size, "root": signed.root.hex()}
            case "keys":
                return {"keys": [key.line() for key in signer.verifier_keys()]}
            case "extend":
                leaves = [base64.b64decode(leaf) for leaf in question["leaves"]]
                note = signer.extend(question["first"], leaves, bytes.fromhex(question["root"]))
                return {"note": note.render()}
            case unknown:
                return {"refused": "unknown", "message": f"no such question: {unknown}"}
    except SignerRefusal as refusal:
        kind = "out_of_step" if isinstance(refusal, OutOfStep) else "refused"
        return {"refused": kind, "message": str(refusal)}
