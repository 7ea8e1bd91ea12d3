from __future__ import annotations

import json
from typing import Any

import pytest

from promptguard.model import Notice, Request, Restoration
from promptguard.redaction.message_restorer import MessageRestorer
from promptguard.redaction.selection import restorer_for
from promptguard.wire.answers import read_answer
from promptguard.wire.documents import open_body
from promptguard.wire.formats import load_formats
from promptguard.wire.json_rpc import CODE, refuse_call, refuse_frames
from promptguard.wire.notice_styles import refuse, refuse_message

FORMATS = load_formats()
NOTICE = Notice("pg-1234", "Nothing was sent", "Stopped: nothing was sent.")
CALL = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "search", "arguments": {"q": "x"}}}
NOTIFICATION = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"data": "x"}}
RESULT = {"jsonrpc": "2.0", "id": 3, "result": {"content": {"type": "text", "text": "x"}}}
STREAMABLE = "application/json, text/event-stream"


def request(accept: str = STREAMABLE, query: str = "") -> Request:
    return Request("POST", "ai.example.org", "/anything", query, {"content-type": "application/json", "accept": accept})


def body(value: Any) -> Any:
    """As the proxy reads it: numbers that are not written as expected keep their digits."""
    return open_body(json.dumps(value, indent=1).encode(), "application/json").body


@pytest.mark.parametrize(
    ("value", "status", "ids"),
    [
        (CALL, 200, 7),
        ({**CALL, "id": "seven"}, 200, "seven"),
        ({**CALL, "id": 0}, 200, 0),
        ({**CALL, "id": 2**60}, 200, 2**60),
        ({**CALL, "id": 10**30}, 200, 10**30),
        ([{**CALL, "id": -(2**70)}, {**CALL, "id": 1.5}], 200, [-(2**70), 1.5]),
        ([CALL, NOTIFICATION, {**CALL, "id": "b"}], 200, [7, "b"]),
        (NOTIFICATION, 400, None),
        ([NOTIFICATION, RESULT], 400, [None]),
        (RESULT, 400, None),
        ({**CALL, "id": None}, 400, None),
    ],
)
@pytest.mark.parametrize("wire_format", ["generic", "openai_chat"])
def test_each_call_has_its_error(value: Any, status: int, ids: Any, wire_format: str) -> None:
    answer = refuse(FORMATS[wire_format], request(), body(value), NOTICE)
    said = json.loads(answer.body)
    errors = said if isinstance(value, list) else [said]
    assert (answer.status, answer.headers["content-type"]) == (status, "application/json")
    assert [error["id"] for error in errors] == (ids if isinstance(value, list) else [ids])
    assert {(error["jsonrpc"], error["error"]["code"], error["error"]["message"]) for error in errors} == {
        ("2.0", CODE, NOTICE.text)
    }
    assert refuse_message(FORMATS[wire_format], body(value), NOTICE) == (answer.body,)


@pytest.mark.parametrize(
    ("sent", "status", "content_type"),
    [
        (request("*/*"), 200, "application/json"),
        (request(""), 200, "application/json"),
        (request("text/event-stream"), 200, "text/event-stream; charset=utf-8"),
        (request("*/*", "sessionId=0b1e"), 400, "application/json"),  # the answer is looked for elsewhere
    ],
)
def test_in_the_way_that_the_caller_reads(sent: Request, status: int, content_type: str) -> None:
    answer = refuse_call(sent, body(CALL), NOTICE)
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (status, content_type)
    assert NOTICE.text in read_answer(answer.body, content_type, None).texts


@pytest.mark.parametrize(
    "value",
    [None, [], {}, "x", {"method": "x", "id": 1}, {**CALL, "jsonrpc": "1.0"}, {"jsonrpc": "2.0"}, [CALL, {"a": 1}]],
)
def test_what_is_no_json_rpc(value: Any) -> None:
    assert refuse_call(request(), value, NOTICE) is None
    assert refuse_frames(value, NOTICE) is None


PLACEHOLDER, ORIGINAL = "[EMAIL_ADDRESS_7KQ2M4XB]", "jane@example.com"


def result(text: str) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 7, "result": {"content": [{"type": "text", "text": text}]}}).encode()


def update(text: str) -> bytes:
    parts = [{"kind": "text", "text": text}]
    return json.dumps({"jsonrpc": "2.0", "id": 7, "result": {"kind": "status-update", "parts": parts}}).encode()


@pytest.mark.parametrize(
    ("content_type", "pieces"),
    [
        ("application/json", [result(f"It is {PLACEHOLDER}.")]),
        ("text/event-stream", [b"event: message\ndata: " + result(f"It is {PLACEHOLDER}.") + b"\n\n"]),
        (
            "text/event-stream",
            [
                b"data: " + update(f"It is {PLACEHOLDER[:9]}") + b"\n\n",
                b"data: " + update(f"{PLACEHOLDER[9:]}.") + b"\n\n",
            ],
        ),
    ],
)
@pytest.mark.parametrize("wire_format", ["generic", "openai_chat"])
def test_answers_are_restored(content_type: str, pieces: list[bytes], wire_format: str) -> None:
    restorer = restorer_for(content_type, FORMATS[wire_format], Restoration({PLACEHOLDER: ORIGINAL}), None)
    assert restorer is not None
    out = b"".join([*(each for piece in pieces for each in restorer.feed(piece)), *restorer.finish()])
    assert ORIGINAL.encode() in out
    assert PLACEHOLDER[:9].encode() not in out


def test_messages_of_a_websocket_are_restored() -> None:
    restorer = MessageRestorer(FORMATS["generic"], Restoration({PLACEHOLDER: ORIGINAL}))
    out = [*restorer.restore(result(f"It is {PLACEHOLDER}.")), *restorer.finish()]
    assert [json.loads(each)["id"] for each in out] == [7] * len(out)
    assert ORIGINAL.encode() in b"".join(out)
