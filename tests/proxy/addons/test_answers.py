"""Answers on their way through a real mitmproxy."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from promptguard.model import Action, Decision, Event, Restoration, Verdict
from promptguard.wire.formats import load_formats

PLACEHOLDER = "[EMAIL_ADDRESS_BCDFGHJK]"
EVENT = Event(**{**dict.fromkeys(Event.__dataclass_fields__, ""), "format": "openai_chat"})  # type: ignore[arg-type]
REDACTED = Verdict(
    Decision(Action.REDACT, "rule", "reason"),
    EVENT,
    restoration=Restoration({PLACEHOLDER: "jane@orchard-lane.com"}),
    shape=load_formats()["openai_chat"],
    observed=True,
)
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
JSON = b'{"choices":[{"message":{"content":"To %s"}}]}' % PLACEHOLDER.encode()
RESTORED = JSON.replace(PLACEHOLDER.encode(), b"jane@orchard-lane.com")


async def redact(*_: Any, **__: Any) -> Verdict:
    return REDACTED


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK") -> bytes:
    return b"\r\n".join([b"HTTP/1.1 " + status, b"content-type: application/json", *headers, b"", body])


@pytest.mark.parametrize(
    ("method", "first"),
    [
        ("POST", answer(b"", status=b"204 No Content")),
        ("GET", answer(b"", b"etag: x", status=b"304 Not Modified")),
        ("HEAD", answer(b"", b"content-length: 99")),
        ("POST", answer(b"", b"content-length: 0")),
    ],
    ids=["204", "304", "HEAD", "empty"],
)
async def test_after_an_answer_without_a_body_the_connection_goes_on(
    proxied: Any, wire: Any, method: str, first: bytes
) -> None:
    upstream = wire.Scripted([first, OK])
    async with wire.listening(upstream.serve) as target, proxied(redact, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        request = b" http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\ncontent-length: 2\r\n\r\n{}"
        writer.write(method.encode() + request)
        await wire.read_answer(reader, to=method)
        writer.write(b"POST" + request)
        head, body = await wire.read_answer(reader)
        assert head.startswith(b"HTTP/1.1 200") and body.replace(b"2\r\n", b"").startswith(b"ok")
        writer.close()


async def test_clients_are_not_led_past_the_proxy(proxied: Any, wire: Any) -> None:
    offer = b'alt-svc: h3=":443"; ma=86400'
    upstream = wire.Scripted([answer(b"{}", b"content-length: 2", offer)] * 2)
    async with wire.listening(upstream.serve) as target, proxied(redact, port=target) as (_, port):
        for host, offered in (("api.openai.com", False), ("intranet.example", True)):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET http://{host}/x HTTP/1.1\r\nhost: {host}\r\n\r\n".encode())
            assert (offer in (await wire.read_answer(reader))[0]) is offered
            writer.close()


async def test_what_the_service_sent_is_what_is_learned_from(proxied: Any, wire: Any) -> None:
    upstream = wire.Scripted([answer(JSON, b"content-length: %d" % len(JSON))])
    async with wire.listening(upstream.serve) as target, proxied(redact, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        _, body = await wire.read_answer(reader)
        assert RESTORED in body
        writer.close()
        assert proxied.service.observed == [{"content_type": "application/json", "content_encoding": "", "body": JSON}]


async def test_an_answer_that_breaks_off_is_learned_from_as_far_as_it_came(proxied: Any, wire: Any) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(b'5\r\n{"a":\r\n', b"content-type: application/x", b"transfer-encoding: chunked"))
        await writer.drain()
        writer.close()

    async with wire.listening(serve) as target, proxied(redact, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://api.openai.com/v1/x HTTP/1.1\r\nhost: api.openai.com\r\n\r\n")
        await reader.read()
        writer.close()
        assert len(proxied.service.observed) == 1


async def test_a_client_of_http_1_0_gets_no_chunks(proxied: Any, wire: Any) -> None:
    upstream = wire.Scripted([answer(JSON, b"content-length: %d" % len(JSON))])
    async with wire.listening(upstream.serve) as target, proxied(redact, port=target) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET http://api.openai.com/v1/x HTTP/1.0\r\nhost: api.openai.com\r\n\r\n")
        assert (await reader.read()).partition(b"\r\n\r\n")[2] == RESTORED
        writer.close()
