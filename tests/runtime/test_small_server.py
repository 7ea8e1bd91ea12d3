from __future__ import annotations

import socket
from collections.abc import Iterator

import httpx
import pytest

from promptguard.errors import PromptGuardError
from promptguard.runtime import small_server
from promptguard.runtime.small_server import MAX_AT_ONCE, SmallAnswer, SmallServer


@pytest.fixture
def server() -> Iterator[SmallServer]:
    running = SmallServer(
        ("127.0.0.1", 0), lambda path: SmallAnswer("200 OK", "text/plain", b"a") if path == "/a" else None, "a.listen"
    )
    running.start()
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [("GET", "/a", 200, b"a"), ("HEAD", "/a", 200, b""), ("GET", "/b", 404, b"{}"), ("PUT", "/a", 405, b"{}")],
)
def test_answers(server: SmallServer, method: str, path: str, status: int, body: bytes) -> None:
    answer = httpx.request(method, f"http://127.0.0.1:{server.port}{path}")
    assert (answer.status_code, answer.content, answer.headers["cache-control"]) == (status, body, "no-store")


@pytest.mark.parametrize("asked", [b"GET /a HTTP/1.0\r\n\r\n", b"GET /a b HTTP/1.0\r\n\r\n"])
def test_no_answer_tells_versions(server: SmallServer, asked: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(asked)
        with client.makefile("rb") as answer:
            told = answer.read().lower()
    assert b"server: promptguard" in told and b"python" not in told


def test_one_who_is_slow_to_ask_keeps_nobody_waiting(server: SmallServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"GET /a HT")
        assert httpx.get(f"http://127.0.0.1:{server.port}/a").status_code == 200


def test_one_who_asks_letter_by_letter_is_cut_off(server: SmallServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small_server, "MAX_SECONDS", 0.0)
    with socket.create_connection(("127.0.0.1", server.port)) as slow:
        slow.sendall(b"GET /a HT")
        slow.settimeout(30)
        assert slow.recv(1) == b""


def test_an_address_that_is_taken_is_told_with_its_setting(server: SmallServer) -> None:
    with pytest.raises(PromptGuardError, match=rf"^b.listen: nothing can listen on 127.0.0.1:{server.port}: "):
        SmallServer(("127.0.0.1", server.port), lambda _: None, "b.listen")


def test_an_answer_to_head_has_no_body(server: SmallServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"HEAD /a HTTP/1.0\r\n\r\n")
        with client.makefile("rb") as answer:
            assert answer.read().endswith(b"\r\n\r\n")


def test_those_beyond_the_bound_are_turned_away(server: SmallServer) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(MAX_AT_ONCE)]
    try:
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            assert client.recv(1) == b""
    finally:
        for each in slow:
            each.close()


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_listens_on_an_address_of_ipv6() -> None:
    running = SmallServer(("::1", 0), lambda _: SmallAnswer("200 OK", "text/plain", b"a"), "a.listen")
    running.start()
    try:
        assert httpx.get(f"http://[::1]:{running.port}/").text == "a"
    finally:
        running.stop()
