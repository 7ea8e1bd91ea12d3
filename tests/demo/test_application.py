from __future__ import annotations

import json
from typing import Any

import pytest

from promptguard.demo.application import Application, Received


class Connection:
    """A client of an ASGI application, without a server in between."""

    def __init__(self, *incoming: dict[str, Any]) -> None:
        self.incoming = list(incoming)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        return self.incoming.pop(0)

    async def send(self, message: Any) -> None:
        self.sent.append(message)


def scope(kind: str, path: str = "/", host: str = "api.openai.com", query: str = "") -> dict[str, Any]:
    return {
        "type": kind,
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(b"host", host.encode()), (b"x-one", b"1"), (b"x-one", b"2")],
        "http_version": "2",
    }


async def post(application: Application, path: str, *parts: bytes, **where: str) -> list[dict[str, Any]]:
    incoming = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    connection = Connection(*incoming, {"type": "http.request", "body": b"", "more_body": False})
    await application(scope("http", path, **where), connection.receive, connection.send)
    return connection.sent


async def test_request_is_kept_as_it_arrived() -> None:
    application = Application()
    await post(application, "/v1/%41", b"\x00on", b"e\xff", host="any.fabrikam.com", query="q=1&q=%20")
    assert application.received == [
        Received(
            method="POST",
            host="any.fabrikam.com",
            path="/v1/%41",
            query="q=1&q=%20",
            headers=(("host", "any.fabrikam.com"), ("x-one", "1"), ("x-one", "2")),
            body=b"\x00one\xff",
            http_version="2",
        )
    ]
    assert application.received[0].header("X-One") == "1, 2"
    assert application.received[0].header("x-none") == ""


async def test_unknown_path_echoes_what_it_received() -> None:
    sent = await post(Application(), "/somewhere", "grüße".encode(), host="api.anthropic.com")
    answer = json.loads(b"".join(message.get("body", b"") for message in sent))
    assert (answer["path"], answer["host"], answer["body"]) == ("/somewhere", "api.anthropic.com", "grüße")


async def test_unknown_host_is_answered_in_the_dialect_of_its_path() -> None:
    body = b'{"messages":[{"role":"user","content":"hi"}]}'
    sent = await post(Application(), "/v1/chat/completions", body, host="api.mistral.ai")
    assert b"You wrote: hi" in sent[1]["body"]


async def test_client_that_goes_away_is_no_request() -> None:
    application = Application()
    connection = Connection({"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"})
    await application(scope("http"), connection.receive, connection.send)
    assert application.received == []
    assert connection.sent == []


@pytest.mark.parametrize(("chunk_size", "longest"), [(1, 1), (7, 7)])
async def test_stream_is_cut_into_chunks(chunk_size: int, longest: int) -> None:
    body = b'{"stream":true,"messages":[{"role":"user","content":"hello there"}]}'
    whole = await post(Application(), "/v1/chat/completions", body)
    cut = await post(Application(chunk_size=chunk_size), "/v1/chat/completions", body)
    assert max(len(message["body"]) for message in cut[1:]) == longest
    assert b"".join(message["body"] for message in cut[1:]) == b"".join(message["body"] for message in whole[1:])


@pytest.mark.parametrize(
    ("message", "answers"),
    [
        ({"text": "grüße"}, ["You wrote: grüße"]),
        ({"text": None, "bytes": b"raw"}, ["You wrote: raw"]),
    ],
)
async def test_socket_answers_each_message(message: dict[str, Any], answers: list[str]) -> None:
    application = Application()
    connection = Connection(
        {"type": "websocket.connect"}, {"type": "websocket.receive", **message}, {"type": "websocket.disconnect"}
    )
    await application(scope("websocket"), connection.receive, connection.send)
    assert [sent.get("text") for sent in connection.sent] == [None, *answers]
    assert [request.method for request in application.received] == ["WEBSOCKET"]


async def test_socket_streams_a_response() -> None:
    frame = json.dumps({"type": "response.create", "model": "m", "input": "hi"})
    connection = Connection(
        {"type": "websocket.connect"}, {"type": "websocket.receive", "text": frame}, {"type": "websocket.disconnect"}
    )
    await Application()(scope("websocket", "/v1/responses"), connection.receive, connection.send)
    events = [json.loads(sent["text"]) for sent in connection.sent[1:]]
    assert events[0]["type"] == "response.created"
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == "You wrote: hi"
    assert "".join(event.get("delta", "") for event in events) == "You wrote: hi"


async def test_lifespan_is_acknowledged() -> None:
    connection = Connection({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    await Application()(scope("lifespan"), connection.receive, connection.send)
    assert [sent["type"] for sent in connection.sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
