from __future__ import annotations

import pytest

from promptguard.model import Path
from promptguard.redaction.guesses import guessed_pieces, kind_of, name_of


@pytest.mark.parametrize(
    ("message", "kind"),
    [({"type": "a", "event": "b"}, "a"), ({"event": "b"}, "b"), ({"type": 1}, ""), ({}, ""), (["type"], ""), ("x", "")],
)
def test_kind_of_a_message(message: object, kind: str) -> None:
    assert kind_of(message) == kind


@pytest.mark.parametrize(("path", "name"), [(("a", 0, "b"), "b"), (("a", 0, 1), "a"), ((0,), ""), ((), "")])
def test_name_of_a_string(path: Path, name: str) -> None:
    assert name_of(path) == name


def test_tells_texts_apart_by_path_and_index() -> None:
    first, other = ({"type": "t", "index": index, "say": ["x"]} for index in (0, 1))
    pieces = [*guessed_pieces(first, "f"), *guessed_pieces(first, "f"), *guessed_pieces(other, "f")]
    said = [piece for piece in pieces if piece.path == ("say", 0)]
    assert said[0].key == said[1].key != said[2].key
    assert {getattr(piece, "kind", None) for piece in said} == {("f", "t", "say")}
