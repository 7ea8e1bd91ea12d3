"""The same attacks in HTTP/2, whose parts have other borders."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence

import h2.config
import h2.connection
import h2.events
import pytest
from harness.attack import Attack
from harness.requests import CHAT_PATH, chat

type Fields = list[tuple[str, str]]

HOST = "api.openai.com"
_SECONDS = 2.5


def fields(*more: tuple[str, str], **pseudo: str) -> Fields:
    """A request's fields; `pseudo` replaces the ones whose names begin with a colon."""
    start = {"method": "POST", "scheme": "https", "authority": HOST, "path": CHAT_PATH, **pseudo}
    return [*((f":{name}", value) for name, value in start.items()), ("content-type", "application/json"), *more]


def body(value: str) -> bytes:
    return chat(f"aws_access_key_id = {value}")


class Script:
    """One HTTP/2 connection that says what it is told, right or wrong."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        configuration = h2.config.H2Configuration(
            header_encoding="utf-8",
            validate_outbound_headers=False,
            normalize_outbound_headers=False,
        )
        self.h2 = h2.connection.H2Connection(configuration)
        self.h2.initiate_connection()
        self.statuses: list[str] = []
        self.ended = 0

    def flush(self) -> None:
        self._connection.sendall(self.h2.data_to_send())

    def send(self, headers: Fields, *pieces: bytes, trailers: Sequence[tuple[str, str]] = ()) -> int:
        stream: int = self.h2.get_next_available_stream_id()
        self.h2.send_headers(stream, headers, end_stream=not pieces and not trailers)
        for index, piece in enumerate(pieces):
            self.h2.send_data(stream, piece, end_stream=index == len(pieces) - 1 and not trailers)
        if trailers:
            self.h2.send_headers(stream, trailers, end_stream=True)
        self.flush()
        return stream

    def read(self, answers: int = 1) -> None:
        """Until so many answers have ended, or the connection has, or nothing comes."""
        self._connection.settimeout(_SECONDS)
        while self.ended < answers:
            try:
                data = self._connection.recv(65536)
            except (TimeoutError, OSError):
                return
            if not data:
                return
            for event in self.h2.receive_data(data):
                if isinstance(event, h2.events.ResponseReceived):
                    self.statuses.append(dict(event.headers)[":status"])
                if isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
                    self.ended += 1
                if isinstance(event, h2.events.ConnectionTerminated):
                    return
            self.flush()


def play(attack: Attack, write: Callable[[Script, str], object], kind: str = "key", answers: int = 1) -> Script:
    """Run a script with a planted value, and hold that it did not arrive."""
    value = attack.plant(kind)
    with attack.client.tunnel(f"{HOST}:443", protocols=["h2"]) as connection:
        script = Script(connection)
        try:
            write(script, value)
            script.read(answers)
        except (ConnectionError, OSError, h2.exceptions.ProtocolError):
            pass
    attack.nothing_arrived()
    return script


SCRIPTS: dict[str, Callable[[Script, str], object]] = {
    "body": lambda s, v: s.send(fields(), body(v)),
    "body in pieces": lambda s, v: s.send(fields(), *(body(v)[at : at + 3] for at in range(0, len(body(v)), 3))),
    "empty pieces": lambda s, v: s.send(fields(), b"", body(v), b""),
    "short length": lambda s, v: s.send(fields(("content-length", "3")), body(v)),
    "long length": lambda s, v: s.send(fields(("content-length", "99999")), body(v)),
    "two lengths": lambda s, v: s.send(fields(("content-length", "0"), ("content-length", str(len(body(v))))), body(v)),
    "chunked": lambda s, v: s.send(
        fields(("transfer-encoding", "chunked")), b"0\r\n\r\nPOST / HTTP/1.1\r\n\r\n" + body(v)
    ),
    "connection": lambda s, v: s.send(fields(("connection", "transfer-encoding")), body(v)),
    "line break in a value": lambda s, v: s.send(fields(("x-a", f"b\r\nx-note: {v}")), chat("hello")),
    "line feed in a value": lambda s, v: s.send(fields(("x-a", f"b\nx-note: {v}")), chat("hello")),
    "line break in a name": lambda s, v: s.send(fields((f"x-a: b\r\nx-{v}", "1")), chat("hello")),
    "colon in a name": lambda s, v: s.send(fields((f"x-a: {v}", "1")), chat("hello")),
    "request in a value": lambda s, v: s.send(
        fields(("x-a", f"b\r\n\r\nPOST {CHAT_PATH} HTTP/1.1\r\nhost: {HOST}\r\nx-note: {v}\r\n\r\n")), chat("hello")
    ),
    "line break in the path": lambda s, v: s.send(fields(path=f"/ HTTP/1.1\r\nx-note: {v}\r\nx: "), chat("hello")),
    "space in the path": lambda s, v: s.send(fields(path=f"/v1/{v} HTTP/1.1"), chat("hello")),
    "line break in the method": lambda s, v: s.send(fields(method=f"GET / HTTP/1.1\r\nx: {v}\r\n"), chat("hello")),
    "method": lambda s, v: s.send(fields(method=v), chat("hello")),
    "scheme": lambda s, v: s.send(fields(scheme=f"http://{v}"), chat("hello")),
    "authority": lambda s, v: s.send(fields(authority=f"{v}@{HOST}"), chat("hello")),
    "path": lambda s, v: s.send(fields(method="GET", path=f"/v1/files/{v}")),
    "query": lambda s, v: s.send(fields(method="GET", path=f"/v1/threads?q={v}")),
    "absolute path": lambda s, v: s.send(fields(path=f"https://{HOST}/{v}"), chat("hello")),
    "path without a slash": lambda s, v: s.send(fields(path=f"{v}"), chat("hello")),
    "header": lambda s, v: s.send(fields(("x-note", v)), chat("hello")),
    "header name in capitals": lambda s, v: s.send(fields((v, "1")), chat("hello")),
    "cookie crumbs": lambda s, v: s.send(fields(("cookie", "a=1"), ("cookie", f"b={v}")), chat("hello")),
    "host beside authority": lambda s, v: s.send(fields(("host", "example.com")), body(v)),
    "second path": lambda s, v: s.send([*fields(), (":path", f"/{v}")], chat("hello")),
    "second authority": lambda s, v: s.send([(":authority", "chatgpt.com"), *fields()], body(v)),
    "unknown pseudo-header": lambda s, v: s.send([(":note", v), *fields()], chat("hello")),
    "protocol": lambda s, v: s.send([*fields(method="CONNECT")[:4], (":protocol", "websocket"), ("x-note", v)]),
    "trailers": lambda s, v: s.send(fields(), chat("hello"), trailers=[("x-note", v)]),
    "name of a trailer": lambda s, v: s.send(fields(), chat("hello"), trailers=[(v.lower(), "1")]),
    "pseudo-header in trailers": lambda s, v: s.send(fields(), chat("hello"), trailers=[(":path", f"/{v}")]),
    "GET with a body": lambda s, v: s.send(fields(method="GET"), body(v)),
    "expect": lambda s, v: s.send(fields(("expect", "100-continue")), body(v)),
    "te": lambda s, v: s.send(fields(("te", f"trailers, {v}")), chat("hello")),
    "priority": lambda s, v: s.send(fields(("priority", v)), chat("hello")),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_requests(name: str, attack: Attack) -> None:
    play(attack, SCRIPTS[name])


def test_number_as_the_name_of_a_header(attack: Attack) -> None:
    """Names are in lower case, which leaves digits as they are."""
    play(attack, lambda script, value: script.send(fields((value, "1")), chat("hello")), kind="card")


def test_many_at_once(attack: Attack) -> None:
    """Thirty streams, whose bodies come interleaved; one of them carries the value."""

    def write(script: Script, value: str) -> None:
        streams = [script.h2.get_next_available_stream_id() + 2 * number for number in range(30)]
        bodies = [body(value) if number == 17 else chat("hello") for number in range(30)]
        for stream in streams:
            script.h2.send_headers(stream, fields())
        for at in range(0, 200, 40):
            for stream, content in zip(streams, bodies, strict=True):
                script.h2.send_data(stream, content[at : at + 40], end_stream=at == 160)
        script.flush()

    script = play(attack, write, answers=30)
    assert script.statuses.count("200") == 29
    assert script.statuses.count("400") == 1


def test_a_stream_that_is_reset(attack: Attack) -> None:
    def write(script: Script, value: str) -> None:
        stream = script.h2.get_next_available_stream_id()
        script.h2.send_headers(stream, fields())
        script.h2.send_data(stream, body(value))
        script.h2.reset_stream(stream)
        script.flush()
        script.send(fields(), chat("hello"))

    play(attack, write, answers=1)


def test_ping(attack: Attack) -> None:
    """A ping ends at the proxy."""

    def write(script: Script, value: str) -> None:
        for at in range(0, len(value) - 7, 8):
            script.h2.ping(value[at : at + 8].encode())
        script.send(fields(), chat("hello"))

    play(attack, write)


def test_clean_arrives(attack: Attack) -> None:
    script = play(attack, lambda s, v: s.send(fields(("x-a", "b")), chat("hello")))
    assert script.statuses == ["200"]
    assert chat("hello") in attack.upstream.requests[0].body
