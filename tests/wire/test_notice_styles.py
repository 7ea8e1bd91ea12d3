"""In which style a notice is said."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest

from promptguard.model import Notice, Request
from promptguard.wire.formats import load_formats
from promptguard.wire.notice_styles import refuse

FORMATS = load_formats()
NOTICE = Notice("pg-1234", "Nothing was sent", "Stopped: 100 % für Sie.\nNothing was sent.")


def request(content_type: str, path: str = "/v1/x") -> Request:
    return Request("POST", "api.example.org", path, headers={"content-type": content_type})


@pytest.mark.parametrize("content_type", ["application/grpc", "application/grpc+proto", "application/grpc+json"])
def test_grpc_says_it_in_trailers(content_type: str) -> None:
    answer = refuse(FORMATS["generic"], request(content_type), None, NOTICE)
    assert (answer.status, answer.body, answer.headers["content-type"]) == (200, b"", content_type)
    assert answer.trailers["grpc-status"] == "7"
    assert answer.trailers["grpc-message"].isascii()
    assert answer.trailers["grpc-message"].isprintable()
    assert unquote(answer.trailers["grpc-message"]) == NOTICE.text


@pytest.mark.parametrize("content_type", ["application/grpc-web+proto", "application/grpc-web-text"])
def test_grpc_web_says_it_in_a_last_frame(content_type: str) -> None:
    answer = refuse(FORMATS["generic"], request(content_type), None, NOTICE)
    frame = base64.b64decode(answer.body) if "-text" in content_type else answer.body
    assert (answer.status, frame[0], int.from_bytes(frame[1:5])) == (200, 0x80, len(frame) - 5)
    trailers = dict(line.split(": ", 1) for line in frame[5:].decode().splitlines())
    assert unquote(trailers["grpc-message"]) == NOTICE.text


@pytest.mark.parametrize("content_type", ["application/connect+json", "application/connect+proto; x=y"])
def test_connect_says_it_in_the_end_of_the_stream(content_type: str) -> None:
    answer = refuse(FORMATS["generic"], request(content_type), None, NOTICE)
    assert (answer.status, answer.body[0], int.from_bytes(answer.body[1:5])) == (200, 2, len(answer.body) - 5)
    assert json.loads(answer.body[5:])["error"]["message"] == NOTICE.text


@pytest.mark.parametrize("content_type", ["application/json", "application/proto"])
@pytest.mark.parametrize("wire_format", ["generic", "openai_chat"])
def test_connect_says_it_in_json_where_one_message_is_answered(wire_format: str, content_type: str) -> None:
    headers = {"content-type": content_type, "connect-protocol-version": "1"}
    answer = refuse(FORMATS[wire_format], replace(request(content_type), headers=headers), None, NOTICE)
    assert (answer.status, answer.headers["content-type"]) == (400, "application/json")
    assert json.loads(answer.body) == {"code": "permission_denied", "message": NOTICE.text}


@pytest.mark.parametrize(
    "call",
    [
        request("application/proto"),
        Request("GET", "api.example.org", "/a.B/C", "message=%7B%7D&connect=v1&encoding=json"),
    ],
)
def test_connect_is_known_by_its_media_type_or_its_query(call: Request) -> None:
    answer = refuse(FORMATS["generic"], call, None, NOTICE)
    assert json.loads(answer.body) == {"code": "permission_denied", "message": NOTICE.text}


@pytest.mark.parametrize(
    ("path", "body", "is_graphql"),
    [
        ("/graphql", {"query": "{ me }"}, True),
        ("/api/graphql/", [{"operationName": "Ask", "query": "query Ask { me }"}], True),
        ("/api/graphql", [("doc_id", "1"), ("variables", "{}")], True),
        ("/graphql", {"prompt": "hello"}, False),
        ("/v1/query", {"query": "hello"}, False),
        ("/graphql", None, False),
    ],
)
def test_graphql_says_it_among_its_errors(path: str, body: object, is_graphql: bool) -> None:
    answer = refuse(FORMATS["generic"], request("application/json", path), body, NOTICE)
    errors = json.loads(answer.body).get("errors")
    assert answer.status == 400
    assert errors == ([{"message": NOTICE.text, "extensions": {"code": NOTICE.code}}] if is_graphql else None)


@pytest.mark.parametrize(
    ("call", "place"),
    [
        ("BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate", (4, 0, 1, 0)),
        ("LabsTailwindUi/data/google.internal.labs.tailwind.v1.Service/GenerateFreeFormStreamed", (0, 0)),
    ],
)
def test_a_format_may_answer_as_its_service_would(call: str, place: tuple[int, ...]) -> None:
    sent = request("application/x-www-form-urlencoded", f"/_/{call}")
    answer = refuse(FORMATS["google_web"], sent, None, NOTICE)
    guard, _, rest = answer.body.partition(b"\n\n")
    length, _, frame = rest.partition(b"\n")
    assert (answer.status, guard) == (200, b")]}'")
    assert int(length) == len(("\n" + frame.decode()).encode("utf-16-le")) // 2
    envelope = json.loads(frame)[0]
    assert envelope[0] == "wrb.fr"
    said = json.loads(envelope[2])
    for step in place:
        said = said[step]
    assert said == NOTICE.text


def test_all_others_get_the_providers_own_error() -> None:
    answer = refuse(FORMATS["anthropic_messages"], request("application/json"), {}, NOTICE)
    assert answer == FORMATS["anthropic_messages"].refuse(NOTICE)


LINK = "https://guard.example.com:8443/p/bcdfghjklmnpqrstvwxzbcdfghjklm#zxwvtsrqpnmlkjhgfdcbzxwvtsrqpn"
LINKED = replace(NOTICE, text=f"{NOTICE.text}\n\nWhat happened: {LINK}", link=LINK)


@pytest.mark.parametrize("wire_format", sorted(FORMATS))
def test_a_link_stands_whole_in_the_notice_of_every_format(wire_format: str) -> None:
    made = FORMATS[wire_format]
    for body in (None, {}, {"stream": True}):
        answer = refuse(made, request("application/json"), body, LINKED)
        plain = refuse(made, request("application/json"), body, NOTICE)
        told = answer.body + "".join(answer.trailers.values()).encode()
        assert LINK.encode() in told or b"Stopped: 100" not in plain.body
        assert (answer.status, answer.headers.keys()) == (plain.status, plain.headers.keys())


@pytest.mark.parametrize("content_type", ["application/grpc", "application/grpc-web+proto", "application/connect+json"])
def test_a_link_stands_whole_in_the_notice_of_every_protocol(content_type: str) -> None:
    answer = refuse(FORMATS["generic"], request(content_type), None, LINKED)
    told = [answer.body.decode("latin-1"), *answer.headers.values(), *answer.trailers.values()]
    assert any(LINK in unquote(each) for each in told)


BUSY = replace(NOTICE, code="promptguard_busy", retry_after=7)


@pytest.mark.parametrize(
    ("id", "status", "says"),
    [
        ("openai_chat", 503, lambda body: (body["error"]["type"], body["error"]["message"])),
        ("openai_responses", 503, lambda body: (body["error"]["type"], body["error"]["message"])),
        ("anthropic_messages", 529, lambda body: (body["error"]["type"], body["error"]["message"])),
        ("gemini", 503, lambda body: (body["error"]["status"], body["error"]["message"])),
        ("cohere", 503, lambda body: ("", body["message"])),
        ("bedrock", 503, lambda body: ("", body["message"])),
        ("ollama", 503, lambda body: ("", body["error"])),
    ],
)
def test_programs_are_told_to_send_again_as_their_service_says_it(
    id: str, status: int, says: Callable[[Any], tuple[str, str]]
) -> None:
    answer = refuse(FORMATS[id], request("application/json"), {}, BUSY)
    assert (answer.status, answer.headers["retry-after"], answer.headers["x-should-retry"]) == (status, "7", "true")
    kind, text = says(json.loads(answer.body))
    assert text == NOTICE.text
    assert kind in {"", "server_error", "overloaded_error", "UNAVAILABLE"}
    assert refuse(FORMATS[id], request("application/json"), {}, NOTICE).status == 400


@pytest.mark.parametrize("id", ["generic", "chatgpt_web", "claude_web"])
def test_persons_are_shown_the_notice_whatever_it_is_about(id: str) -> None:
    answer = refuse(FORMATS[id], request("application/json"), {}, BUSY)
    assert answer == refuse(FORMATS[id], request("application/json"), {}, replace(BUSY, retry_after=0))
    assert "retry-after" not in answer.headers
