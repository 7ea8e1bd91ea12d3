"""character.ai's turns."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.wire.formats.samples.character_ai import SAMPLE
from tests.wire.formats.samples.tables import lines, reading_of

from promptguard.model import Notice
from promptguard.wire.formats import Format, Formats

NOTICE = Notice("pg-1", "Nothing was sent", "Stopped.")


def texts(payload: Any) -> list[str]:
    body = {"command": "create_and_generate_turn", "payload": payload}
    found = lines(reading_of(SAMPLE, SAMPLE.request(body)))
    return [line.split()[-1] for line in found if line.startswith("text")]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ({"turn": {"candidates": [{"raw_content": "a"}, {"raw_content": "b"}]}}, [0, 1]),
        ({"turn": {"candidates": [{"candidate_id": "x", "raw_content": "a"}]}}, [0]),
        ({"turn": {"primary_candidate_id": "x", "candidates": []}}, []),
        ({"chat": {"chat_id": "x", "creator_id": "y", "visibility": "v", "type": "t", "character_id": "z"}}, []),
    ],
)
def test_candidates_are_text_and_ids_are_not(payload: Any, expected: list[int]) -> None:
    assert texts(payload) == [f"payload.turn.candidates[{number}].raw_content" for number in expected]


def test_what_is_not_known_is_text() -> None:
    assert texts({"turn": {"note": "a"}, "greeting": "b"})[-1] == "payload.greeting"


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"request_id": "r"}, {"request_id": "r"}),
        ({"request_id": 7}, {}),
        ({}, {}),
        (None, {}),
        (["request_id"], {}),
    ],
)
def test_the_notice_answers_the_request(formats: Formats, message: Any, error: dict[str, str]) -> None:
    (told,) = formats["character_ai"].refuse_message(message, NOTICE)
    assert json.loads(told) == {"command": "neo_error", "comment": "Stopped.", **error}


def test_answers_that_repeat_all_so_far_have_no_pieces(
    formats: Formats, assembled: Callable[[Format, list[Any]], dict[Any, str]]
) -> None:
    message = {"command": "update_turn", "turn": {"candidates": [{"raw_content": "Write to"}]}}
    assert assembled(formats["character_ai"], [message, message]) == {}
