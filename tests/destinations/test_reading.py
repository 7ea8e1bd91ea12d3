from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from typing import Any

import pytest

from promptguard.destinations.reading import Reading, read
from promptguard.errors import NotRewritable, Unreadable
from promptguard.model import Destination, Kind, Position, Purpose, Request, Role, Route, Segment, Status
from promptguard.wire.formats import Formats, load_formats

LIMIT = 10_000_000
CHAT = Route("/v1/chat/completions", "openai_chat")
UPLOAD = Route("/v1/files", "generic", Purpose.UPLOAD)
DESTINATION = Destination(
    "example", "Example", ("api.example.org",), Kind.API, Status.APPROVED, (CHAT, UPLOAD), key_parameters=("key",)
)
BODY = {
    "model": "gpt-5",
    "messages": [{"role": "user", "content": "I am jo@example.org"}],
    "conversation_id": "c-1",
    "stream": True,
}


@pytest.fixture(scope="module")
def formats() -> Formats:
    return load_formats()


def request(body: Any = b"", query: str = "", path: str = "/v1/chat/completions", **headers: str) -> Request:
    data = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("POST", "api.example.org", path, query, {"content-type": "application/json", **named}, data)


def texts(reading: Reading) -> list[str]:
    return [segment.text for segment in reading.prompt.segments]


def of_body(reading: Reading) -> list[Segment]:
    """What stands in the body: what stands in the head has no path."""
    return [segment for segment in reading.prompt.segments if segment.path or segment.role in (Role.USER, Role.FILE)]


def test_a_chat(formats: Formats) -> None:
    prompt = read(request(BODY), DESTINATION, CHAT, formats, LIMIT).prompt
    assert (prompt.format, prompt.purpose) == ("openai_chat", Purpose.PROMPT)
    segment = next(segment for segment in prompt.segments if "@" in segment.text)
    assert (segment.role, segment.position) == (Role.USER, Position.NEW)
    assert segment.path == ("messages", 0, "content")


def test_without_a_route_the_destinations_format_is_used(formats: Formats) -> None:
    prompt = read(request(BODY), replace(DESTINATION, format="generic"), None, formats, LIMIT).prompt
    assert prompt.format == "generic"


def test_query_head_and_body_are_read_in_this_order(formats: Formats) -> None:
    where = request({"prompt": "three"}, "q=one&key=own-key", "/files/two%40example.org")
    reading = read(where, DESTINATION, None, formats, LIMIT)
    assert [(segment.text, segment.role) for segment in reading.prompt.segments] == [
        ("q", Role.URL),
        ("one", Role.URL),
        ("files", Role.URL),
        ("two@example.org", Role.URL),
        ("application/json", Role.HEADER),
        ("three", Role.USER),
    ]


def test_a_request_without_text_has_no_segments(formats: Formats) -> None:
    reading = read(Request("GET", "api.example.org", "/"), DESTINATION, None, formats, LIMIT)
    assert reading.prompt.segments == ()
    assert reading.document.replace({}) == (None, None)


def test_texts_are_written_back_where_they_stood(formats: Formats) -> None:
    source = request(BODY, "q=my+name&alt=sse")
    reading = read(source, DESTINATION, CHAT, formats, LIMIT)
    query_index = texts(reading).index("my name")
    body_index = texts(reading).index("I am jo@example.org")
    body = source.body.replace(b"jo@example.org", b"[E]")
    assert reading.document.replace({body_index: "I am [E]"}) == (body, None)
    assert reading.document.replace({query_index: "[N]"}) == (None, "q=%5BN%5D&alt=sse")
    assert reading.document.replace({query_index: "[N]", body_index: "I am [E]"}) == (body, "q=%5BN%5D&alt=sse")


def test_the_path_cannot_be_rewritten(formats: Formats) -> None:
    reading = read(request({"a": "x"}, path="/users/jo@example.org"), DESTINATION, None, formats, LIMIT)
    with pytest.raises(NotRewritable):
        reading.document.replace({texts(reading).index("jo@example.org"): "[E]"})


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("key=AIza-1_2&alt=sse", ["sse"]),
        ("alt=sse&key=AIza-1_2", ["sse"]),
        ("key=AIza-1_2&key=other", ["other"]),
        ("key=AIza-1_2&Key=other", ["Key", "other"]),
        ("key=AIza-1_2&%6bey=other", ["other"]),
        ("%6bey=other", ["other"]),
        ("key=jo@example.org", ["jo@example.org"]),
        ("key=my+key+is+x&key=other", ["my key is x"]),
    ],
)
def test_one_key_of_its_own_is_the_services(formats: Formats, query: str, listed: list[str]) -> None:
    reading = read(request(query=query, path="/"), DESTINATION, None, formats, LIMIT)
    known = {"key", "alt", "application/json"}
    assert [text for text in texts(reading) if text not in known] == listed


def test_names_of_members_are_keys(formats: Formats) -> None:
    reading = read(request({"jo@example.org": {"password": "x"}}), DESTINATION, CHAT, formats, LIMIT)
    assert [(segment.text, segment.role, segment.label) for segment in of_body(reading)] == [
        ("jo@example.org", Role.KEY, ""),
        ("password", Role.KEY, "jo@example.org"),
        ("x", Role.USER, "password"),
    ]


@pytest.mark.parametrize(("route", "role"), [(UPLOAD, Role.FILE), (None, Role.USER)])
def test_a_plain_text_body(formats: Formats, route: Route | None, role: Role) -> None:
    reading = read(request(b"name,iban\n", content_type="text/csv"), DESTINATION, route, formats, LIMIT)
    assert [(segment.text, segment.role) for segment in of_body(reading)] == [("name,iban\n", role)]


def test_compressed_bodies(formats: Formats) -> None:
    plain = request(BODY)
    packed = replace(plain, body=gzip.compress(plain.body), headers={**plain.headers, "content-encoding": "gzip"})
    reading = read(packed, DESTINATION, CHAT, formats, LIMIT)
    assert of_body(reading) == of_body(read(plain, DESTINATION, CHAT, formats, LIMIT))
    index = texts(reading).index("gpt-5")
    assert reading.document.replace({index: "gpt-6"}) == (plain.body.replace(b"gpt-5", b"gpt-6"), None)


@pytest.mark.parametrize(
    "bad",
    [
        request(BODY, content_encoding="snappy"),
        request(b"\0" * 100),
        request(b'{"a":1,"a":2}'),
        request(b"{" * 100_000),
        request(b'{"truncated":"'),
        request(b"--x", content_type="multipart/form-data; boundary=y"),
        request(b"x" * (LIMIT + 1)),
    ],
)
def test_what_cannot_be_read_in_full_is_unreadable(formats: Formats, bad: Request) -> None:
    with pytest.raises(Unreadable):
        read(bad, DESTINATION, CHAT, formats, LIMIT)


def test_files_stand_beside_the_texts(formats: Formats) -> None:
    png = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(png).decode()}"}}
    turns = [
        {"role": "user", "content": [part]},
        {"role": "assistant", "content": "A picture."},
        {"role": "user", "content": [{"type": "text", "text": "I am jo@example.org"}, part]},
    ]
    source = request({"messages": turns})
    reading = read(source, DESTINATION, CHAT, formats, LIMIT)
    assert [(file.path[1], file.data, file.media_type, file.position) for file in reading.files] == [
        (0, png, "image/png", Position.HISTORY),
        (2, png, "image/png", Position.NEW),
    ]
    index = texts(reading).index("I am jo@example.org")
    body = source.body.replace(b"jo@example.org", b"[E]")
    assert reading.document.replace({index: "I am [E]"}) == (body, None)
    with pytest.raises(NotRewritable, match=r"rewrite\.in_file"):
        reading.document.replace({len(reading.prompt.segments): "[X]"})


def test_a_raw_upload_is_a_file(formats: Formats) -> None:
    reading = read(request(b"%PDF-1.7 \xff", content_type="application/pdf"), DESTINATION, UPLOAD, formats, LIMIT)
    assert of_body(reading) == []
    assert [(file.data, file.media_type, file.position) for file in reading.files] == [
        (b"%PDF-1.7 \xff", "application/pdf", Position.NEW)
    ]


def test_many_headers_and_long_names_are_read(formats: Formats) -> None:
    many = {f"x-{number}": "v" for number in range(100_000)}
    source = replace(request({"k" * 1_000_000: "v"}), headers={**many, "content-type": "application/json"})
    reading = read(source, DESTINATION, CHAT, formats, LIMIT)
    assert len(of_body(reading)) == 2
    assert any("x-99999: v" in text for text in texts(reading)) and len(texts(reading)) < 1000


def test_an_unknown_format_is_an_error(formats: Formats) -> None:
    with pytest.raises(KeyError):
        read(request(BODY), DESTINATION, Route("/*", "no_such_format"), formats, LIMIT)
