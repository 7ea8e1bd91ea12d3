from __future__ import annotations

import random

import pytest

from promptguard.detectors.names.chunks import MAX_LENGTH, Chunk, chunks, without_surrogates


def sentences(count: int, seed: int = 1) -> str:
    rng = random.Random(seed)
    words = ["alpha", "beta", "gamma", "delta", "epsilon"]
    return "\n".join(" ".join(rng.choices(words, k=rng.randint(3, 15))).capitalize() + "." for _ in range(count))


@pytest.mark.parametrize(
    "text",
    [
        "Jane",
        sentences(200),
        "word " * 3_000,
        "x" * 5_000,
        "a.b.c." * 2_000,
        "One!\n\n\nTwo? Three... Four",
        "\n" * 5_000,
    ],
)
def test_every_character_is_in_a_chunk_of_bounded_size(text: str) -> None:
    covered = set()
    for chunk in chunks(text, [(0, len(text))]):
        assert 0 < len(chunk.text) <= MAX_LENGTH + 1
        for start, end in chunk.locate(0, len(chunk.text)):
            covered.update(range(start, end))
    assert covered == set(range(len(text)))


def test_a_place_in_a_chunk_is_found_again_in_the_text() -> None:
    text = "Dear Jane. XX Your Bob XX is here."
    (chunk,) = chunks(text, [(0, 11), (14, 23), (25, 34)])
    assert chunk.text == "Dear Jane. \nYour Bob \n is here."
    at = chunk.text.index("Bob")
    assert [text[start:end] for start, end in chunk.locate(at, at + 3)] == ["Bob"]
    assert [text[start:end] for start, end in chunk.locate(5, len(chunk.text) - 6)] == ["Jane. ", "Your Bob ", " is"]


def test_a_range_within_one_piece_is_one_range() -> None:
    assert list(Chunk("ab\ncd", (0, 3), (10, 20)).locate(3, 5)) == [(20, 22)]
    assert list(Chunk("ab\ncd", (0, 3), (10, 20)).locate(2, 3)) == []


def test_an_edit_changes_few_chunks() -> None:
    text = sentences(600)
    middle = text.index("\n", len(text) // 2)
    edited = text[:middle] + "\nOne more sentence.\nAnd another." + text[middle:]
    before = {chunk.text for chunk in chunks(text, [(0, len(text))])}
    after = {chunk.text for chunk in chunks(edited, [(0, len(edited))])}
    assert len(before) > 20
    assert len(after - before) <= 3


def test_words_are_whole_on_one_side_of_a_hard_cut() -> None:
    text = "Jane Roe " * 1_000
    found = {start for chunk in chunks(text, [(0, len(text))]) for start, _ in chunk.locate(0, len(chunk.text))}
    assert len(found) > 3
    assert all(start == 0 or text[start - 1 : start + 1].count(" ") == 1 for start in found)


def test_lone_surrogates_are_replaced_one_for_one() -> None:
    assert without_surrogates("a\ud800b\udfffc😀") == "a\ufffdb\ufffdc😀"
