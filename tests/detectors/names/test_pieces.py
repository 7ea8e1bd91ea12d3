from __future__ import annotations

import pytest

from promptguard.detectors.names.pieces import pieces
from promptguard.detectors.names.spans import LOCATION, PERSON, Span

TABLE = "Hello all, this is the list:\n\nname;city\nRoe, Jane;Salem\nMiller, Bob;Springfield\n"


def digest(text: str) -> bytes:
    return text.encode()


@pytest.mark.parametrize(
    ("text", "seldom_prose", "looked_at"),
    [
        ("We met Jane Roe.", False, ["We met Jane Roe."]),
        ("jane_roe", True, []),
        ("Please tell Jane Roe that we are late today.", True, ["Please tell Jane Roe that we are late today."]),
        ("", False, []),
    ],
)
def test_what_is_looked_at(text: str, seldom_prose: bool, looked_at: list[str]) -> None:
    found = pieces(text, digest, seldom_prose=seldom_prose)
    assert [piece.chunk.text for piece in found] == looked_at
    assert [piece.digest for piece in found] == list(map(digest, looked_at))


def test_rows_of_tables_are_read_by_cell_and_found_where_they_stand() -> None:
    prose, cells = pieces(TABLE, digest)
    assert "Miller" not in prose.chunk.text
    start = cells.chunk.text.index("Jane Roe")
    (span,) = cells.located(Span(start, start + 8, PERSON, 0.9, "test"))
    assert TABLE[span.start : span.end] == "Roe, Jane"
    start = cells.chunk.text.index("Salem")
    (span,) = cells.located(Span(start, start + 5, PERSON, 0.9, "test"))
    assert (TABLE[span.start : span.end], span.entity_type) == ("Salem", LOCATION)


def test_of_names_in_code_only_full_ones_of_persons_count() -> None:
    text = 'def greet():\n    author = "Jane Roe"\n    return author\n'
    piece = next(piece for piece in pieces(text, digest) if piece.of_code)
    start = piece.chunk.text.index("Jane Roe")
    assert list(piece.located(Span(start, start + 8, PERSON, 0.9, "test")))
    assert not list(piece.located(Span(start, start + 4, PERSON, 0.9, "test")))
    assert not list(piece.located(Span(start, start + 8, LOCATION, 0.9, "test")))
