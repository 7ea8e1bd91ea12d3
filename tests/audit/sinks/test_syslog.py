"""Syslog as a sink: what a server on loopback receives."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.audit.sinks.conftest import Authority

from promptguard.audit.export import export
from promptguard.audit.sinks.interface import SinkFailed
from promptguard.audit.sinks.syslog import Protocol, SyslogSink, SyslogSinkSettings


@pytest.fixture
def records(installation: Any, events: list[Any]) -> list[dict[str, Any]]:
    return list(export(installation.store))


def make(tmp_path: Path, server: socket.socket, **settings: Any) -> SyslogSink:
    host, port = server.getsockname()
    return SyslogSink(SyslogSinkSettings(kind="syslog", address=f"{host}:{port}", **settings), tmp_path)


HEAD = re.compile(
    r'<(\d+)>1 (\S+) \S+ promptguard - (\w+) \[origin [^\]]+\]\[meta sequenceId="(\d+)"\] (.*)', re.DOTALL
)


def read(message: bytes) -> tuple[int, str, int, str]:
    match = HEAD.fullmatch(message.decode())
    assert match is not None
    return int(match[1]), match[3], int(match[4]), match[5]


def test_datagrams(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        sink = make(tmp_path, server, protocol=Protocol.UDP)
        sink.deliver(records)
        received = [read(server.recv(65536)) for _ in records]
        sink.close()
    assert [action for _, action, _, _ in received] == [record["action"] for record in records]
    assert [number for _, _, number, _ in received] == [1, 2, 3]
    assert [priority for priority, _, _, _ in received] == [13 * 8 + 6, 13 * 8 + 5, 13 * 8 + 4]
    assert [json.loads(text)["hash"] for *_, text in received] == [record["hash"] for record in records]


@pytest.mark.parametrize(("form", "start"), [("jsonl", "{"), ("cef", "CEF:")])
def test_a_connection_with_counted_octets(tmp_path: Path, records: list[dict[str, Any]], form: str, start: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sink = make(tmp_path, server, form=form)
        sink.deliver(records)
        connection, _ = server.accept()
        sink.close()
        with connection, connection.makefile("rb") as stream:
            received = []
            while length := stream.read(1):
                while not length.endswith(b" "):
                    length += stream.read(1)
                received.append(read(stream.read(int(length))))
    assert [number for _, _, number, _ in received] == [1, 2, 3]
    assert all(text.startswith(start) for *_, text in received)


def test_a_server_that_is_not_there_is_said(tmp_path: Path, records: list[dict[str, Any]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sink = make(tmp_path, server)
    with pytest.raises(SinkFailed, match=r"127\.0\.0\.1"):
        sink.deliver(records)


def test_tls_with_a_ca_of_ones_own(tmp_path: Path, records: list[dict[str, Any]], authority: Authority) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.certificate)
    received: list[bytes] = []

    def serve(server: socket.socket) -> None:
        for _ in range(2):
            connection, _ = server.accept()
            with contextlib.suppress(ssl.SSLError, OSError), context.wrap_socket(connection, server_side=True) as tls:
                received.append(tls.makefile("rb").read())

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        with pytest.raises(SinkFailed) as failed:
            make(tmp_path, server, protocol=Protocol.TLS).deliver(records)
        assert "`ca_file`" in failed.value.remedy
        sink = make(tmp_path, server, protocol=Protocol.TLS, ca_file=authority.ca_file, form="ocsf")
        sink.deliver(records)
        sink.close()
        thread.join(10)
    (content,) = received
    assert [record["id"].encode() in content for record in records] == [True] * 3
