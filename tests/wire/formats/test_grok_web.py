"""Grok's lines, on grok.com and on X."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.wire.formats.samples.grok_web import SAMPLE
from tests.wire.formats.samples.interface import MAIL
from tests.wire.formats.samples.tables import lines, reading_of

from promptguard.wire.formats import Format, Formats

X = {
    "responses": [{"message": f"Write to {MAIL}", "sender": 1, "promptSource": "", "fileAttachments": []}],
    "systemPromptName": "",
    "grokModelOptionId": "grok-3-latest",
    "modelMode": "MODEL_MODE_FAST",
    "conversationId": "1995000000000000000",
    "promptMetadata": {"promptSource": "NATURAL", "action": "INPUT"},
    "requestFeatures": {"eagerTweets": True, "serverHistory": True},
    "toolOverrides": {},
}


def token(text: str, thinking: bool = False) -> dict[str, Any]:
    return {"result": {"response": {"token": text, "isThinking": thinking}}}


@pytest.mark.parametrize(
    ("messages", "texts"),
    [
        (
            [token("Let", True), token(" me", True), token("Wri"), token("te"),
             {"result": {"response": {"modelResponse": {"message": "Write"}}}}, token("New")],
            {("reasoning", 0): "Let me", ("text", 0): "Write", ("text", 1): "New"},
        ),
        ([{"result": {"token": "Wri"}}, {"result": {"token": "te"}}], {("text", 0): "Write"}),
        (
            [{"result": {"message": "Let me", "isThinking": True}}, {"result": {"message": "Wri"}},
             {"result": {"message": "te", "isDone": True}}, {"result": {"message": "New"}}],
            {("reasoning", 0): "Let me", ("text", 0): "Write", ("text", 1): "New"},
        ),
        ([{"result": {"title": {"newTitle": "A letter"}}}, {"error": {"code": 8, "message": "Too many"}}], {}),
    ],
)  # fmt: skip
def test_tokens_make_up_texts(
    formats: Formats,
    assembled: Callable[[Format, list[Any]], dict[Any, str]],
    messages: list[Any],
    texts: dict[Any, str],
) -> None:
    assert assembled(formats["grok_web"], messages) == texts


def test_x_sends_json_as_plain_text() -> None:
    sample = replace(SAMPLE, host="grok.x.com", headers={"content-type": "text/plain;charset=UTF-8"})
    reading = reading_of(sample, sample.request(X))
    assert [line.split()[-1] for line in lines(reading) if line.startswith("text ")] == ["responses[0].message"]
    index = next(i for i, each in enumerate(reading.prompt.segments) if MAIL in each.text)
    body, _ = reading.document.replace({index: "Write to [EMAIL_ADDRESS_1]"})
    assert body == sample.request(X).body.replace(MAIL.encode(), b"[EMAIL_ADDRESS_1]")
