"""Pi's messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.wire.formats.samples.pi_chat import SAMPLE
from tests.wire.formats.samples.tables import lines, reading_of

from promptguard.wire.formats import Format, Formats


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"text": "a", "conversation": "c", "mode": "BASE"}, ["text"]),
        ({"text": ["a", {"b": "c"}]}, ["text[0]", "text[1].b"]),
        ({"text": "a", "note": "b", "conversation": {"title": "c"}}, ["text", "note", "conversation.title"]),
    ],
    ids=["a message", "a message of parts", "what is not known"],
)
def test_texts(body: dict[str, Any], expected: list[str]) -> None:
    found = lines(reading_of(SAMPLE, SAMPLE.request(body)))
    assert [line.split()[-1] for line in found if line.startswith("text") and "{" not in line] == expected


def test_events_make_up_the_answer(formats: Formats, assembled: Callable[[Format, list[Any]], dict[Any, str]]) -> None:
    events = [{"sid": "s"}, {"text": "Wri"}, {"text": None}, {"title": "no text"}, {"text": "te"}]
    assert assembled(formats["pi_chat"], events) == {("text", 0): "Write"}


@pytest.mark.parametrize("message", [None, [], "text", {"text": 1}, {"text": ["a"]}])
def test_what_is_no_piece(formats: Formats, message: Any) -> None:
    assert list(formats["pi_chat"].pieces(message)) == []
