"""A real HAProxy before a proxy: whose request it is, and what comes past it."""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from support.deadline import wait_until
from support.haproxy import EXECUTABLE, HAProxy
from support.watch import Watch
from support.wire import SECONDS, exchange, request_bytes, tunnel

from promptguard.demo.proxy_process import PromptGuardProcess, free_port
from promptguard.keys import Keys
from promptguard.runtime.record import open_record

pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason="needs HAProxy (Debian: haproxy)")

ANNA, BALANCER = "127.0.0.2", "127.0.0.1"


def asking(text: str) -> bytes:
    return request_bytes(json.dumps({"messages": [{"role": "user", "content": text}]}).encode())


@pytest.fixture(scope="module")
def health() -> int:
    return free_port()


def identities(config: Path) -> None:
    """Anna is at one address, and nobody else is known."""
    people = {"users": {"anna": []}, "addresses": {ANNA: "anna"}}
    (config / "identities.yaml").write_text(yaml.safe_dump(people))


@pytest.fixture(scope="module")
def balanced(start_proxy: Callable[..., PromptGuardProcess], health: int) -> PromptGuardProcess:
    """A proxy that believes HAProxy alone."""
    settings = {
        "names": {"enabled": False},
        "proxy": {"load_balancers": [BALANCER], "drain_s": 30},
        "monitoring": {"listen": f"127.0.0.1:{health}"},
    }
    return start_proxy(settings, edit=identities)


@pytest.fixture(params=["send-proxy", "send-proxy-v2"])
def haproxy(request: pytest.FixtureRequest, balanced: PromptGuardProcess, health: int) -> Iterator[HAProxy]:
    with HAProxy({f"127.0.0.1:{balanced.port}": health}, header=request.param) as running:
        yield running


def test_requests_are_those_of_the_clients_behind_it(
    haproxy: HAProxy, balanced: PromptGuardProcess, watch: Watch
) -> None:
    answer = exchange(haproxy.port, balanced.authority, asking("What is a mutex?"), source=ANNA)
    assert answer.status == 200
    assert len(watch.requests) == 1
    with open_record(balanced.config, balanced.data) as reader:
        (event,) = reader.tail(1)
    assert event["pseudonym"] == Keys.load(balanced.data / "keys").pseudonym("anna")


@pytest.mark.parametrize("header", [b"", b"PROXY TCP4 127.0.0.2 127.0.0.1 1 99999\r\n"], ids=["none", "wrong"])
def test_nothing_comes_past_it_from_its_own_machine(balanced: PromptGuardProcess, watch: Watch, header: bytes) -> None:
    with socket.create_connection(("127.0.0.1", balanced.port), SECONDS) as client:
        client.sendall(header + b"GET http://api.openai.com/v1/models HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        with suppress(ConnectionResetError):
            assert client.recv(100) == b""
    assert not watch.requests


def test_who_is_no_balancer_cannot_say_who_they_are(balanced: PromptGuardProcess, watch: Watch) -> None:
    with socket.create_connection(("127.0.0.1", balanced.port), SECONDS, ("127.0.0.3", 0)) as client:
        client.sendall(b"PROXY TCP4 127.0.0.2 127.0.0.1 1 2\r\nGET http://api.openai.com/v1/models HTTP/1.1\r\n\r\n")
        assert b" 400 " in client.recv(1000)
    assert not watch.requests


@pytest.mark.parametrize("haproxy", ["send-proxy-v2"], indirect=True)
def test_it_is_drained(haproxy: HAProxy, balanced: PromptGuardProcess, health: int) -> None:
    """Told to end, it is ready no more, goes on until its answers are whole, and says goodbye."""
    wait_until(haproxy.up, "HAProxy has seen that it is ready")
    with tunnel(haproxy.port, "api.openai.com", balanced.authority, ANNA) as connection:
        payload = asking("What is a semaphore?")
        connection.sendall(payload[:-5])
        os.kill(balanced.pid, signal.SIGTERM)
        wait_until(lambda: not haproxy.up(), "HAProxy has seen that it is not")
        connection.sendall(payload[-5:])
        answer = b""
        while data := connection.recv(65536):
            answer += data
    assert answer.startswith(b"HTTP/1.1 200 ") and b"connection: close" in answer.lower()
    wait_until(lambda: not balanced.running, "it has ended")
    assert balanced.stop() == 0
