from __future__ import annotations

import uuid

import pytest

from promptguard.model import Nature
from promptguard.wire.formats.members import FIXED, PROTOCOL, SEALED, Standing
from promptguard.wire.heads.interface import decoded, said, without_ids, words_in

WORDS = "my card is four and so on"


@pytest.mark.parametrize(
    ("text", "label", "standing"),
    [
        ("gpt-4o", "", PROTOCOL),
        ("v1.2.3", "", PROTOCOL),
        (WORDS, "", FIXED),
        (str(uuid.UUID(int=7 << 100 | 0x1234ABCD)), "", SEALED),
        ("123456789012", "", SEALED),
        ("12345678901234567:done", "", SEALED),
        ("4111" + "111111111111", "", PROTOCOL),
        ("hunter2", "password", FIXED),
        ("hunter2", "db_pwd", FIXED),
        ("hunter2", "X-Kennwort", FIXED),
        ("hunter2", "spinner", PROTOCOL),
    ],
)
def test_standing(text: str, label: str, standing: Standing) -> None:
    assert said(text, label=label).standing == standing


def test_nobody_can_rewrite_a_head() -> None:
    assert FIXED.nature is Nature.TEXT and FIXED.fixed


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"job {'9f86d081' * 4} of 3", "job id of 3"),
        ("a" * 15, "a" * 15),
        ("4111" * 4, "4111" * 4),
        (WORDS, WORDS),
        (WORDS.encode().hex(), WORDS.encode().hex()),
    ],
)
def test_ids_drawn_by_chance(text: str, left: str) -> None:
    assert without_ids(text) == left


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("john-smith-4111-1111", ["john smith 4111 1111"]),
        ("john_smith_born_1984", ["john smith born 1984"]),
        ("gpt-4o", ["gpt 4o"]),
        ("plain-words-only", []),
        ("a-" * 200 + "1", []),
    ],
)
def test_words_joined_by_hyphens(text: str, words: list[str]) -> None:
    assert [each.text for each in words_in(text)] == words


@pytest.mark.parametrize(
    ("text", "read"),
    [("a%20b", "a b"), ("%C3%A9", "é"), ("%E9", "é"), ("%zz", "%zz"), ("100%", "100%"), ("plain", "plain")],
)
def test_percent_encoding(text: str, read: str) -> None:
    assert decoded(text) == read
