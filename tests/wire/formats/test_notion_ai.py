"""Notion AI's transcripts."""

from __future__ import annotations

from typing import Any

import pytest
from tests.wire.formats.samples.notion_ai import SAMPLE
from tests.wire.formats.samples.tables import lines, reading_of

from promptguard.wire.formats import Formats


def standings(step: dict[str, Any]) -> list[str]:
    found = lines(reading_of(SAMPLE, SAMPLE.request({"transcript": [step]})))
    return [f"{line.split()[0]} {line.split()[-1].removeprefix('transcript[0].')}" for line in found if "{" not in line]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ({"type": "user", "value": [["a"]]}, ["protocol type", "text value[0][0]"]),
        ({"type": "user", "value": [["a", [["b"]]]]}, ["protocol type", "text value[0][0]", "text value[0][1][0][0]"]),
        ({"type": "config", "value": {"model": "m"}}, ["protocol type", "text value.model"]),
        ({"type": "context", "value": {"userName": "a"}}, ["protocol type", "text value.userName"]),
        ({"id": "x", "userId": "y", "type": "user"}, ["protocol id", "protocol userId", "protocol type"]),
    ],
    ids=["runs", "runs with a format", "settings", "who asks", "ids"],
)
def test_values_of_steps_are_text_whatever_they_are(step: dict[str, Any], expected: list[str]) -> None:
    assert standings(step) == expected


@pytest.mark.parametrize("message", [{"type": "patch", "v": [{"o": "a", "p": "/s", "v": "x"}]}, None, [], "x", 1])
def test_no_member_of_an_answer_is_sure_to_be_a_piece(formats: Formats, message: Any) -> None:
    assert list(formats["notion_ai"].pieces(message)) == []
