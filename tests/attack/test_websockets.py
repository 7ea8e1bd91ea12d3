"""WebSockets: fragments, compression, control frames, reasons, and words spread over messages."""

from __future__ import annotations

import base64
import json
import os
import socket
import time
from collections.abc import Callable, Sequence

import pytest
from harness.attack import Attack
from harness.client import read_answer
from harness.planted import zipped_gzip
from harness.requests import raw
from harness.websocket import BINARY, CLOSE, PING, PONG, TEXT, deflated, frame

type Frames = Callable[[str], Sequence[bytes]]

OPENAI = ("api.openai.com", "/v1/responses")
COPILOT = ("copilot.microsoft.com", "/c/api/chat?api-version=2")
M365 = ("substrate.office.com", "/m365Copilot/Chathub/x")
UNKNOWN = ("api.elevenlabs.io", "/v1/ws")
_QUIET_SECONDS = 0.35


def handshake(host: str, path: str, headers: str = "", *, deflate: bool = False) -> bytes:
    """The request that opens a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    extension = "\nsec-websocket-extensions: permessage-deflate; client_max_window_bits" if deflate else ""
    return raw(
        f"GET {path} HTTP/1.1\nhost: {host}\nconnection: Upgrade\nupgrade: websocket\nsec-websocket-version: 13\n"
        f"sec-websocket-key: {key}{extension}{headers}"
    )


def said(text: str) -> bytes:
    """A turn of the Responses API over WebSocket."""
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    return json.dumps({"type": "response.create", "response": {"input": [item]}}).encode()


def text(value: str) -> str:
    return f"aws_access_key_id = {value}"


def halves(content: bytes) -> tuple[bytes, bytes]:
    middle = len(content) // 2
    return content[:middle], content[middle:]


def fragments(content: bytes, opcode: int = TEXT) -> list[bytes]:
    pieces = [content[at : at + 7] for at in range(0, len(content), 7)]
    return [frame(piece, 0 if index else opcode, final=index == len(pieces) - 1) for index, piece in enumerate(pieces)]


def between(frames: list[bytes], other: bytes) -> list[bytes]:
    """Another frame after each."""
    return [piece for one in frames for piece in (one, other)]


MESSAGES: dict[str, Frames] = {
    "text": lambda v: [frame(said(text(v)))],
    "text that is no JSON": lambda v: [frame(text(v).encode())],
    "binary": lambda v: [frame(said(text(v)), BINARY)],
    "fragments": lambda v: fragments(said(text(v))),
    "fragments of one byte": lambda v: [
        frame(bytes([c]), 0 if i else TEXT, final=i == len(said(text(v))) - 1) for i, c in enumerate(said(text(v)))
    ],
    "binary fragments": lambda v: fragments(said(text(v)), BINARY),
    "fragments with pings between": lambda v: (
        between(fragments(said(text(v)))[:-1], frame(b"", PING)) + fragments(said(text(v)))[-1:]
    ),
    "empty fragments between": lambda v: (
        between(fragments(said(text(v)))[:-1], frame(b"", 0, final=False)) + fragments(said(text(v)))[-1:]
    ),
    "fragments that never end": lambda v: [frame(said(text(v)), final=False)],
    "ping": lambda v: [frame(v.encode(), PING)],
    "pong": lambda v: [frame(v.encode(), PONG)],
    "many pings, a letter each": lambda v: [frame(c.encode(), PING) for c in v],
    "close": lambda v: [frame(b"\x03\xe8" + text(v).encode(), CLOSE)],
    "close with an odd code": lambda v: [frame(b"\x0f\xa0" + v.encode(), CLOSE)],
    "after close": lambda v: [frame(b"\x03\xe8", CLOSE), frame(said(text(v)))],
    "second message": lambda v: [frame(said("hello")), frame(said(text(v)))],
    "both in one packet": lambda v: [frame(said("hello")) + frame(said(text(v)))],
    "tenth message": lambda v: [*(frame(said("hello")) for _ in range(9)), frame(said(text(v)))],
    "reserved bit": lambda v: [frame(said(text(v)), compressed=True)],
    "unknown opcode": lambda v: [frame(said(text(v)), 3)],
    "unknown control frame": lambda v: [frame(v.encode(), 11)],
    "continuation of nothing": lambda v: [frame(said(text(v)), 0)],
    "not masked": lambda v: [frame(said(text(v)), mask=False)],
    "not UTF-8": lambda v: [frame(b"\xff" + text(v).encode())],
    "UTF-16": lambda v: [frame(text(v).encode("utf-16-le"), BINARY)],
    "gzip": lambda v: [frame(zipped_gzip(said(text(v))), BINARY)],
    "base64": lambda v: [frame(base64.b64encode(said(text(v))))],
    "two JSON values": lambda v: [frame(said("hello") + said(text(v)))],
    "lines of JSON": lambda v: [frame(said("hello") + b"\n" + said(text(v)))],
    "record separators": lambda v: [frame(said("hello") + b"\x1e" + said(text(v)) + b"\x1e")],
    "a record cut short": lambda v: [frame(said("hello") + b"\x1e" + said(text(v)))],
    "Socket.IO": lambda v: [frame(f'42["message",{json.dumps({"text": text(v)})}]'.encode())],
    "Socket.IO, a namespace": lambda v: [frame(f'42/{v},["message","hello"]'.encode())],
    "Socket.IO, binary": lambda v: [frame(b'451-["message",{"_placeholder":true,"num":0}]'), frame(v.encode(), BINARY)],
    "Engine.IO ping": lambda v: [frame(f"2probe {v}".encode())],
    "STOMP": lambda v: [frame(f"SEND\ndestination:/q\nnote:{v}\n\nhello\0".encode())],
    "Phoenix": lambda v: [frame(json.dumps(["1", "1", "room", "say", {"text": v}]).encode())],
    "GraphQL": lambda v: [frame(json.dumps({"type": "subscribe", "payload": {"query": f'{{a(b:"{v}")}}'}}).encode())],
    "MQTT": lambda v: [frame(bytes([0x30, len(v) + 3, 0, 1]) + b"t" + v.encode(), BINARY)],
    "audio in base64": lambda v: [
        frame(
            json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(v.encode()).decode()}).encode()
        )
    ],
    "name of a member": lambda v: [frame(json.dumps({"type": "response.create", v: 1}).encode())],
    "type of a message": lambda v: [frame(json.dumps({"type": v}).encode())],
}


def talk(
    attack: Attack, frames: Sequence[bytes], service: tuple[str, str], headers: str = "", *, deflate: bool = False
) -> bytes:
    """Open a WebSocket, send the frames, and return what came back until it is quiet."""
    host, path = service
    with attack.client.tunnel(f"{host}:443") as connection:
        connection.sendall(handshake(host, path, headers, deflate=deflate))
        answer = read_answer(connection)
        if b" 101 " not in answer.partition(b"\r\n")[0]:
            return answer
        try:
            for piece in frames:
                connection.sendall(piece)
            return answer + quiet(connection)
        except (ConnectionError, OSError):
            return answer


def quiet(connection: socket.socket) -> bytes:
    """What comes until nothing more does."""
    whole = b""
    connection.settimeout(_QUIET_SECONDS)
    while True:
        try:
            data = connection.recv(65536)
        except TimeoutError:
            return whole
        if not data:
            return whole
        whole += data


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("service", [OPENAI, UNKNOWN], ids=["known", "unknown"])
def test_messages(name: str, service: tuple[str, str], attack: Attack) -> None:
    talk(attack, MESSAGES[name](attack.plant("key")), service)
    attack.nothing_arrived()


M365_FRAMES: dict[str, Frames] = {
    "one": lambda v: [signalr({"type": 4, "target": "chat", "arguments": [{"message": {"text": text(v)}}]})],
    "second of a frame": lambda v: [
        signalr({"type": 6}) + signalr({"type": 4, "target": "chat", "arguments": [{"message": {"text": text(v)}}]})
    ],
    "without a separator": lambda v: [json.dumps({"type": 4, "arguments": [{"text": text(v)}]}).encode()],
    "as a target": lambda v: [signalr({"type": 1, "target": v, "arguments": []})],
    "as an invocation": lambda v: [signalr({"type": 1, "invocationId": v, "target": "chat", "arguments": []})],
    "in a handshake": lambda v: [signalr({"protocol": v, "version": 1})],
}


def signalr(content: object) -> bytes:
    return json.dumps(content).encode() + b"\x1e"


@pytest.mark.parametrize("name", M365_FRAMES)
def test_signalr(name: str, attack: Attack) -> None:
    talk(attack, [frame(content) for content in M365_FRAMES[name](attack.plant("key"))], M365)
    attack.nothing_arrived()


COMPRESSED: dict[str, Frames] = {
    "one": lambda v: [frame(deflated(said(text(v))), compressed=True)],
    "fragments": lambda v: [
        frame(halves(deflated(said(text(v))))[0], final=False, compressed=True),
        frame(halves(deflated(said(text(v))))[1], 0),
    ],
    "plain beside": lambda v: [frame(said(text(v)))],
    "with a tail": lambda v: [
        frame(deflated(said("hello")) + b"\0\0\xff\xff" + deflated(text(v).encode()), compressed=True)
    ],
    "ping compressed": lambda v: [frame(deflated(v.encode()), PING, compressed=True)],
    "broken": lambda v: [frame(b"\xff" + v.encode(), compressed=True)],
}


@pytest.mark.parametrize("name", COMPRESSED)
def test_compressed_messages(name: str, attack: Attack) -> None:
    talk(attack, COMPRESSED[name](attack.plant("key")), OPENAI, deflate=True)
    attack.nothing_arrived()


HANDSHAKES: dict[str, Callable[[str], tuple[str, str]]] = {
    "subprotocol": lambda v: ("/v1/responses", f"\nsec-websocket-protocol: realtime, {v}"),
    "subprotocol, a sentence": lambda v: ("/v1/responses", f"\nsec-websocket-protocol: x.aws_access_key_id.{v}"),
    "extension": lambda v: ("/v1/responses", f"\nsec-websocket-extensions: x-note; a={v}"),
    "key": lambda v: ("/v1/responses", f"\nsec-websocket-key: {v}"),
    "origin": lambda v: ("/v1/responses", f"\norigin: https://{v}.example"),
    "query": lambda v: (f"/v1/responses?note={v}", ""),
    "path": lambda v: (f"/v1/responses/{v}", ""),
    "user agent": lambda v: ("/v1/responses", f"\nuser-agent: x {v}"),
}


@pytest.mark.parametrize("name", HANDSHAKES)
def test_handshakes(name: str, attack: Attack) -> None:
    path, headers = HANDSHAKES[name](attack.plant("key"))
    talk(attack, [frame(said("hello"))], ("api.openai.com", path), headers)
    attack.nothing_arrived()


@pytest.mark.parametrize("name", HANDSHAKES)
def test_addresses_in_handshakes(name: str, attack: Attack) -> None:
    if name in {"key", "origin", "subprotocol, a sentence"}:
        pytest.skip("no place for an address")
    path, headers = HANDSHAKES[name](attack.plant("mail"))
    talk(attack, [frame(said("hello"))], ("api.openai.com", path), headers)
    attack.nothing_arrived()


def test_label_and_value_in_two_messages(attack: Attack) -> None:
    value = attack.plant("password")
    talk(attack, [frame(said("my password is")), frame(said(value))], OPENAI)
    attack.nothing_arrived()


def test_label_and_value_in_two_messages_of_no_known_form(attack: Attack) -> None:
    value = attack.plant("password")
    talk(attack, [frame(b'{"a":"my password is"}'), frame(json.dumps({"a": value}).encode())], UNKNOWN)
    attack.nothing_arrived()


def test_bytes_sent_with_the_handshake(attack: Attack) -> None:
    value = attack.plant("key")
    with attack.client.tunnel("api.openai.com:443") as connection:
        connection.sendall(handshake(*OPENAI) + frame(said(text(value))))
        read_answer(connection)
        quiet(connection)
    attack.nothing_arrived()


@pytest.mark.parametrize("service", [OPENAI, COPILOT, UNKNOWN], ids=["responses", "copilot", "unknown"])
@pytest.mark.parametrize("deflate", [False, True], ids=["plain", "compressed"])
def test_clean_messages_arrive_whole(service: tuple[str, str], deflate: bool, attack: Attack) -> None:
    contents = [said("hello"), b'{"type": "ping",\t"a": 1.0e3}', b"plain words"]
    attack.upstream.reply = b'{"type":"pong"}'
    answer = talk(
        attack,
        [frame(deflated(c), compressed=True) if deflate else frame(c) for c in contents],
        service,
        deflate=deflate,
    )
    wait_for(attack, len(contents))
    assert [content for opcode, content in attack.upstream.messages if opcode == TEXT] == contents
    assert answer.count(b"pong") == len(contents) or deflate


def wait_for(attack: Attack, count: int) -> None:
    deadline = time.monotonic() + 5
    while len(attack.upstream.messages) < count and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.mark.parametrize("service", [OPENAI, COPILOT, M365], ids=["responses", "copilot", "m365"])
def test_a_refusal_is_said_in_the_socket(service: tuple[str, str], attack: Attack) -> None:
    """The client hears of it before it is closed, and another socket still opens."""
    answer = talk(attack, [frame(said(text(attack.plant("key"))) + (b"\x1e" if service is M365 else b""))], service)
    assert b"pg-" in answer, answer
    attack.nothing_arrived()
