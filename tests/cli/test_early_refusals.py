"""A stranger's long body is refused by its head, while the server still waits for the body."""

import socket
import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from portal.cli.kept_connections import listen
from portal.config import Settings
from portal.staff.session_tokens import cookie_name, is_ours, new_token
from portal.staff.uploads import FORM_BYTES

pytestmark = pytest.mark.one_engine

LONG = 300 * 1024 * 1024


@pytest.fixture
def port(app: Flask) -> Iterator[int]:
    """A server of the app, on a port of its own."""
    app.config["WTF_CSRF_ENABLED"] = True
    server = listen(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.close()


def answer_to(port: int, *head: str, body: bytes = b"") -> str:
    """What the server says to a head, within a moment; nothing when it waits for more."""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as line:
        said = "\r\n".join(
            (*head, "Host: 127.0.0.1", "Content-Type: multipart/form-data; boundary=x", "", "")
        )
        line.sendall(said.encode() + body)
        heard = b""
        try:
            while more := line.recv(65_536):
                heard += more
        except (TimeoutError, ConnectionResetError):
            pass
        return heard.decode(errors="replace")


@pytest.mark.parametrize("address", ["/desk/imports/new", "/desk/login", "/", "/nowhere", "/my-gift"])
@pytest.mark.parametrize("more", [(), ("Expect: 100-continue",)])
def test_a_strangers_long_body_is_refused_by_its_length_before_it_is_read(
    port: int, address: str, more: tuple[str, ...]
) -> None:
    heard = answer_to(port, f"POST {address} HTTP/1.1", f"Content-Length: {LONG}", *more, body=b"x" * 200_000)
    assert heard.startswith("HTTP/1.1 4") and "100 Continue" not in heard
    assert heard.count("HTTP/1.1 ") == 1, "what follows is no request of its own"
    if address == "/desk/imports/new":
        assert heard.startswith("HTTP/1.1 413") and "文件太大了" in heard


def test_of_a_body_without_a_length_no_more_than_a_form_is_read(port: int) -> None:
    piece = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    heard = answer_to(
        port,
        "POST /desk/imports/new HTTP/1.1",
        "Transfer-Encoding: chunked",
        body=piece * (FORM_BYTES // 0x8000 + 2),
    )
    assert heard == "" or heard.startswith("HTTP/1.1 413")


def test_a_long_body_with_a_session_of_ours_is_waited_for_where_files_are_taken(
    port: int, settings: Settings
) -> None:
    ours = f"Cookie: {cookie_name(settings)}={new_token(settings)}"
    length = f"Content-Length: {2 * FORM_BYTES}"
    assert answer_to(port, "POST /desk/imports/new HTTP/1.1", length, ours) == ""
    assert answer_to(port, "POST /desk/donations/new HTTP/1.1", length, ours).startswith("HTTP/1.1 413")
    forged = f"Cookie: {cookie_name(settings)}=x.{'0' * 22}"
    assert answer_to(port, "POST /desk/imports/new HTTP/1.1", length, forged).startswith("HTTP/1.1 413")


def test_nobody_makes_a_token_without_the_key(settings: Settings) -> None:
    token = new_token(settings)
    assert is_ours(token, settings) and not is_ours(token[1:], settings) and not is_ours("", settings)
