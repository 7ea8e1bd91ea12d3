"""Le Chat's two calls."""

from __future__ import annotations

import json

import pytest
from tests.wire.formats.samples.interface import CARD, UUID
from tests.wire.formats.samples.le_chat import SAMPLE
from tests.wire.formats.samples.tables import lines, reading_of

from promptguard.model import Notice, Request
from promptguard.wire.formats import Formats

NOTICE = Notice("pg-1", "Nothing was sent", "Stopped.")
ERROR = {"error": {"json": {"message": "Stopped.", "code": -32600, "data": {"code": "BAD_REQUEST", "httpStatus": 400}}}}


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (f"Charge {CARD}", "0.json.content"),
        ([{"type": "text", "text": f"Charge {CARD}"}], "0.json.content[0].text"),
    ],
)
def test_a_new_chat_is_a_batch_of_trpc(content: object, path: str) -> None:
    body = {
        "0": {"json": {"chatId": UUID, "content": content, "rag": False}, "meta": {"values": {"chatId": ["undefined"]}}}
    }
    reading = reading_of(SAMPLE, SAMPLE.request(body))
    assert [line.split()[-1] for line in lines(reading) if line.startswith("text ")] == ["{0}", path]


@pytest.mark.parametrize(("calls", "errors"), [({"0": {}}, 1), ({"0": {}, "1": {}}, 2), (None, 1)])
def test_the_notice_of_a_batch_is_an_error_for_each_call(formats: Formats, calls: object, errors: int) -> None:
    request = Request("POST", SAMPLE.host, "/api/trpc/message.newChat", "batch=1", {}, b"")
    answer = formats["le_chat"].refuse_stream(request, calls, NOTICE)
    assert answer is not None
    assert answer.status == 400
    assert answer.headers["x-should-retry"] == "false"
    assert json.loads(answer.body) == [ERROR] * errors
