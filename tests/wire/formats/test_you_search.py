"""you.com's queries and events."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.wire.formats.samples.tables import reading_of
from tests.wire.formats.samples.you_search import SAMPLE

from promptguard.model import Nature, Notice, Request
from promptguard.wire.formats import Format, Formats

NOTICE = Notice("pg-1", "Nothing was sent", "Stopped.")


@pytest.mark.parametrize(
    ("name", "nature"),
    [
        ("q", Nature.TEXT),
        ("chat", Nature.TEXT),
        ("userFiles", Nature.TEXT),
        ("pastChatLength", Nature.TEXT),
        ("domain", Nature.PROTOCOL),
        ("selectedChatMode", Nature.PROTOCOL),
        ("selectedAiModel", Nature.PROTOCOL),
        ("conversationTurnId", Nature.PROTOCOL),
        ("chatId", Nature.PROTOCOL),
    ],
)
def test_parameters(name: str, nature: Nature) -> None:
    request = SAMPLE.request([(name, "pelican7")])
    (segment,) = [each for each in reading_of(SAMPLE, request).prompt.segments if each.text == "pelican7"]
    assert segment.nature is nature


def test_a_question_in_a_body_is_read_too() -> None:
    request = Request("POST", SAMPLE.host, SAMPLE.path, urlencode({"q": "one"}), {}, b'{"q":"two"}')
    texts = {each.text for each in reading_of(SAMPLE, request).prompt.segments if each.nature is Nature.TEXT}
    assert {"one", "two"} <= texts


def test_events_make_up_the_answer(formats: Formats, assembled: Callable[[Format, list[Any]], dict[Any, str]]) -> None:
    events = [{"youChatUpdate": {"t": "x"}}, {"youChatToken": "Wri"}, {"youChatToken": "te"}, {"youChatToken": 1}]
    assert assembled(formats["you_search"], events) == {("text", 0): "Write"}


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        ("/api/streamingSearch", True),
        ("/API/streamingsearch/", True),
        ("/api/streamingSavedChat", False),
        ("/", False),
    ],
)
def test_the_notice_is_an_answer_where_one_is_asked_for(formats: Formats, path: str, answers: bool) -> None:
    answer = formats["you_search"].refuse_stream(Request("GET", SAMPLE.host, path, "", {}, b""), None, NOTICE)
    assert (answer is not None) is answers
    if answer is not None:
        event, data = answer.body.decode().strip().split("\n")[:2]
        assert event == "event: youChatToken"
        assert json.loads(data.removeprefix("data: ")) == {"youChatToken": "Stopped."}
