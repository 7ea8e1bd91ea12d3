"""All framings: what goes in comes out, however it is cut, and a payload written back is read again."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.wire.framings import (
    Frame,
    Framing,
    first_bytes_may_decide,
    framing_for,
    framing_of_message,
    load_framings,
)
from promptguard.wire.framings.aws_eventstream import message
from promptguard.wire.framings.envelope import envelope

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
MESSAGES = st.lists(
    st.dictionaries(TEXTS, st.one_of(TEXTS, st.lists(TEXTS, max_size=2)), min_size=1, max_size=3),
    min_size=1,
    max_size=5,
)


def compact(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def units(source: bytes) -> int:
    return len(source.decode().encode("utf-16-le")) // 2


def prefixed(payloads: Sequence[bytes]) -> bytes:
    return b")]}'\n\n" + b"".join(b"%d\n%b\n" % (units(payload) + 2, payload) for payload in payloads)


def header(name: bytes, value: bytes) -> bytes:
    return bytes((len(name),)) + name + b"\x07" + len(value).to_bytes(2) + value


HEADERS = header(b":message-type", b"event") + header(b":event-type", b"chunk") + b"\x03:on\x00"

WRITERS: dict[str, Callable[[Sequence[bytes]], bytes]] = {
    "sse": lambda payloads: b": hi\n\n" + b"".join(b"event: e\r\ndata: %b\r\n\r\n" % each for each in payloads),
    "ndjson": lambda payloads: b"\n".join(b"0:" + each for each in payloads),
    "json_lines": lambda payloads: b"".join(b"\x1e" + each + b"\n" for each in payloads),
    "json_array": lambda payloads: b"\n[" + b",\r\n".join(payloads) + b"\n]\n",
    "json_protobuf": lambda payloads: b"[[[" + b"],[".join(payloads) + b"]],1]",
    "json_document": lambda payloads: payloads[0],
    "text": lambda payloads: b"".join(payloads),
    "signalr": lambda payloads: b"".join(each + b"\x1e" for each in payloads),
    "socket_io": lambda payloads: b"42" + payloads[0],
    "websocket_message": lambda payloads: payloads[0],
    "connect": lambda payloads: b"".join(map(envelope, payloads)) + envelope(b"{}", 2),
    "grpc": lambda payloads: (
        b"".join(envelope(gzip.compress(each), 1) for each in payloads) + envelope(b"grpc-status: 0\r\n", 0x80)
    ),
    "aws_eventstream": lambda payloads: b"".join(message(HEADERS, each) for each in payloads),
    "length_prefixed": prefixed,
    "protobuf": lambda payloads: payloads[0],
    "data_gateway": lambda payloads: b"".join(
        b"\x0d\x01\x00" + (len(each) + 2).to_bytes(3, "little") + b"\x07\x80" + each for each in payloads
    ),
}


def cut(body: bytes, places: Sequence[int]) -> list[bytes]:
    ends = sorted({place % (len(body) + 1) for place in places} | {len(body)})
    return [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def read(framing: Framing, pieces: Sequence[bytes]) -> list[Frame]:
    decoder = framing.decoder()
    return [frame for piece in pieces for frame in decoder.feed(piece)] + decoder.finish()


def payloads_of(frames: Sequence[Frame]) -> list[bytes]:
    return [frame.payload for frame in frames if frame.payload is not None]


def test_every_framing_is_found_and_tried() -> None:
    assert set(load_framings()) == set(WRITERS)
    assert all(framing.id == id for id, framing in load_framings().items())


@pytest.mark.parametrize("id", WRITERS)
@given(messages=MESSAGES, places=st.lists(st.integers(min_value=0), max_size=8))
def test_nothing_is_lost_and_cuts_do_not_matter(id: str, messages: list[object], places: list[int]) -> None:
    framing = load_framings()[id]
    body = WRITERS[id]([compact(each) for each in messages])
    whole = framing.frames(body)
    assert b"".join(frame.source for frame in whole) == body
    for pieces in (cut(body, places), [bytes([byte]) for byte in body]):
        frames = read(framing, pieces)
        assert b"".join(frame.source for frame in frames) == body
        if not framing.running_text:
            assert payloads_of(frames) == payloads_of(whole)
            assert [frame.family for frame in frames if frame.payload] == [
                each.family for each in whole if each.payload
            ]


@pytest.mark.parametrize("id", sorted(WRITERS.keys() - {"text"}))
@given(messages=MESSAGES)
def test_each_message_is_a_payload(id: str, messages: list[object]) -> None:
    expected = [compact(each) for each in messages]
    found = payloads_of(load_framings()[id].frames(WRITERS[id](expected)))
    if id == "json_protobuf":
        expected = [b"[" + each + b"]" for each in expected] + [b"1"]
    if id == "connect":
        expected.append(b"{}")
    assert found == expected[: len(found)]
    assert len(found) >= (1 if id in ("json_document", "socket_io", "websocket_message", "protobuf") else len(expected))


@pytest.mark.parametrize("id", sorted(WRITERS.keys() - {"text"}))
@given(messages=MESSAGES, other=MESSAGES)
def test_another_payload_in_the_same_frame(id: str, messages: list[object], other: list[object]) -> None:
    framing = load_framings()[id]
    frames = framing.frames(WRITERS[id]([compact(each) for each in messages]))
    payload = compact([other[0]])
    written = b"".join(frame.source if frame.payload is None else frame.with_payload(payload) for frame in frames)
    again = framing.frames(written)
    assert set(payloads_of(again)) == {payload}
    assert [each.family for each in again if each.payload] == [each.family for each in frames if each.payload]


@pytest.mark.parametrize(
    "id", sorted(WRITERS.keys() - {"text", "json_document", "socket_io", "websocket_message", "protobuf"})
)
@given(messages=MESSAGES)
def test_a_further_frame_before_another_or_at_the_end(id: str, messages: list[object]) -> None:
    framing = load_framings()[id]
    frames = framing.frames(WRITERS[id]([compact(each) for each in messages]))
    first = next(frame for frame in frames if frame.payload is not None)
    further = b'["further"]'
    for position, following in enumerate(frames):
        if position <= frames.index(first) or (following.payload is None and not following.ends):
            continue
        before = b"".join(frame.source for frame in frames[:position])
        after = b"".join(frame.source for frame in frames[position:])
        found = payloads_of(framing.frames(before + first.another(further, following) + after))
        assert found.count(further) == 1
        assert len(found) == len(payloads_of(frames)) + 1


@given(body=st.binary(max_size=60), places=st.lists(st.integers(min_value=0), max_size=4))
@pytest.mark.parametrize("id", WRITERS)
def test_whatever_comes_is_handed_on(id: str, body: bytes, places: list[int]) -> None:
    assert b"".join(frame.source for frame in read(load_framings()[id], cut(body, places))) == body


@dataclass
class Case:
    content_type: str
    body: bytes
    framing: str | None
    named: str = ""


CASES = [
    Case("text/event-stream; charset=utf-8", b"", "sse"),
    Case("", b"data: x", "sse"),
    Case("application/json", b"\xef\xbb\xbfevent: x", "sse"),
    Case("application/x-ndjson", b"", "ndjson"),
    Case("text/plain", b'0:"hello"', "ndjson"),
    Case("text/plain", b'a0:"hello"', "ndjson"),
    Case("text/plain", b"12:30 is a time", "text"),
    Case("application/x-jsonl", b"", "json_lines"),
    Case("application/json-seq", b"", "json_lines"),
    Case("application/json", b' {"a"', "json_document"),
    Case("application/vnd.acme+json", b'{"a"', "json_document"),
    Case("application/json", b" [\n", "json_array"),
    Case("application/json", b"[", None),
    Case("text/plain", b"[EMAIL_ADDRESS_", "text"),
    Case("application/json+protobuf", b"[[[", "json_protobuf"),
    Case("application/json; charset=utf-8", b")]}'\n", "length_prefixed"),
    Case("application/connect+json", b"", "connect"),
    Case("application/proto", b"", "protobuf"),
    Case("application/grpc", b"", "grpc"),
    Case("application/grpc-web+json", b"", "grpc"),
    Case("application/vnd.amazon.eventstream", b"", "aws_eventstream"),
    Case("", b"hello", "text"),
    Case("", b"", "text"),
    Case("application/octet-stream", b"hello", None),
    Case("text/html", b"data: x", None),
    Case("image/png", b"{", None),
    Case("text/plain", b'{"a":1}\n', "json_lines", "json_lines"),
    Case("text/plain", b"hello", "text", "sse"),
]


@pytest.mark.parametrize("case", CASES)
def test_the_framing_of_a_body(case: Case) -> None:
    framing = framing_for(case.content_type, case.body, case.named)
    assert (framing.id if framing else None) == case.framing


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/event-stream", b"", False),
        ("image/png", b"", False),
        ("", b"", True),
        ("", b" \n", True),
        ("", b"dat", True),
        ("", b"data:", False),
        ("", b"day", False),
        ("", b"[", True),
        ("", b"[A", False),
        ("application/json", b")]}", True),
        ("application/json", b" " * 2000, False),
    ],
)
def test_whether_more_bytes_may_decide(content_type: str, body: bytes, expected: bool) -> None:
    assert first_bytes_may_decide(content_type, body) is expected


@pytest.mark.parametrize(
    ("content", "framing"),
    [
        (b'{"type":6}\x1e', "signalr"),
        (b'42["message",{}]', "socket_io"),
        (b'{"a":1}', "websocket_message"),
        (b"2", "websocket_message"),
        (b"", "websocket_message"),
        (b"12345", "websocket_message"),
    ],
)
def test_the_framing_of_a_message(content: bytes, framing: str) -> None:
    assert framing_of_message(content).id == framing
