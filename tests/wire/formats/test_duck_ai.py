"""duck.ai's conversations and events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.wire.formats.samples.duck_ai import BODY, SAMPLE
from tests.wire.formats.samples.tables import lines, reading_of

from promptguard.model import Notice, Request
from promptguard.wire.formats import Format, Formats

NOTICE = Notice("pg-1", "Nothing was sent", "Stopped.")
KEY = "x-Y_9z" * 57


@pytest.mark.parametrize(
    ("key", "standing"),
    [
        (KEY, "sealed"),
        ("A" * 342, "sealed"),
        ("A" * 341, "fixed"),
        ("A" * 1_025, "fixed"),
        (KEY + ".", "fixed"),
        ("jo.miller@" + "fabrikam-sample.com", "fixed"),
    ],
    ids=["a key", "the shortest", "too short", "too long", "another letter", "a value"],
)
def test_only_a_key_is_sealed(key: str, standing: str) -> None:
    body = {**BODY, "durableStream": {"publicKey": {"n": key}}}
    (line,) = [line for line in lines(reading_of(SAMPLE, SAMPLE.request(body))) if line.endswith("publicKey.n")]
    assert line.split()[0] == standing


def test_the_newest_message_is_new_and_the_rest_is_history(
    formats: Formats, voices: Callable[[Format, Any], dict[str, tuple[str, str]]]
) -> None:
    said = [("user", "one"), ("assistant", "two"), ("user", "three")]
    body = {"model": "m", "messages": [{"role": role, "content": text} for role, text in said]}
    found = voices(formats["duck_ai"], body)
    assert [found[text] for _, text in said] == [("user", "history"), ("assistant", "history"), ("user", "new")]


def test_events_make_up_the_answer(formats: Formats, assembled: Callable[[Format, list[Any]], dict[Any, str]]) -> None:
    events = [{"role": "assistant", "message": ""}, {"message": "Wri"}, {"id": "x"}, {"message": "te"}, {"message": 1}]
    assert assembled(formats["duck_ai"], events) == {("text", 0): "Write"}


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/duckchat/v1/chat", True),
        ("/DuckChat/v1/chat/", True),
        ("/duckchat/v1/status", False),
        ("/duckchat/v1/chat/x", False),
        ("/", False),
    ],
)
def test_the_notice_is_an_answer_where_one_is_asked_for(formats: Formats, path: str, answers: bool) -> None:
    request = Request("POST", SAMPLE.host, path, "", {}, b"")
    answer = formats["duck_ai"].refuse_stream(request, None, NOTICE)
    assert (answer is not None) is answers
    if answer is not None:
        first, last = answer.body.decode().strip().split("\n\n")
        assert json.loads(first.removeprefix("data: ")) == {"message": "Stopped."}
        assert last == "data: [DONE]"
