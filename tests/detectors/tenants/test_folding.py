import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from promptguard.detectors.tenants.folding import tokenise, words_of


def tokens_of(text: str) -> list[tuple[str, str]]:
    """Each folded word with the text that it stands for."""
    tokens = tokenise(text)
    ends = np.cumsum(tokens.lengths)
    words = [
        "".join(map(chr, tokens.codes[end - length : end])) for end, length in zip(ends, tokens.lengths, strict=True)
    ]
    return [(word, text[start:end]) for word, start, end in zip(words, tokens.starts, tokens.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme, Inc.", [("acme", "Acme"), ("inc", "Inc")]),
        ("Mu\u0308ller", [("muller", "Mu\u0308ller")]),
        ("Müller straße", [("muller", "Müller"), ("strasse", "straße")]),
        ("cafe\u0301 x", [("cafe", "cafe\u0301"), ("x", "x")]),
        ("Łódź ĐÀ Æsir", [("lodz", "Łódź"), ("da", "ĐÀ"), ("aesir", "Æsir")]),
        ("ＱＮ１２", [("qn12", "ＱＮ１２")]),
        ("Acme™ m² №", [("acme", "Acme"), ("m", "m")]),
        ("Quarz\u00adwerke", [("quarzwerke", "Quarz\u00adwerke")]),
        ("a\u200bb", [("ab", "a\u200bb")]),
        ("٣٤", [("34", "٣٤")]),
        ("山田 商", [("山", "山"), ("田", "田"), ("商", "商")]),
        ("삼성은", [("삼", "삼"), ("성", "성"), ("은", "은")]),
        ("𝐀𝐜𝐦𝐞", [("acme", "𝐀𝐜𝐦𝐞")]),
        ("\ud800x\0y", [("x", "x"), ("y", "y")]),
        ("snake_case", [("snake", "snake"), ("case", "case")]),
        ("Привет", [("привет", "Привет")]),
        ("!?", []),
        ("", []),
    ],
)
def test_words_and_their_places(text: str, expected: list[tuple[str, str]]) -> None:
    assert tokens_of(text) == expected
    assert words_of(text) == [word for word, _ in expected]


@given(st.text(st.characters() | st.sampled_from("aäßÅ\u0308\u200b山ガ한ﷺ 0٣-_.😀"), max_size=60))
def test_both_foldings_are_one(text: str) -> None:
    assert [word for word, _ in tokens_of(text)] == words_of(text)


@given(st.text(max_size=60))
def test_places_are_in_order_and_within_the_text(text: str) -> None:
    tokens = tokenise(text)
    assert (tokens.starts >= 0).all() and (tokens.ends <= len(text)).all() and (tokens.starts < tokens.ends).all()
    assert (np.diff(tokens.starts) >= 0).all()


def test_what_stands_behind_a_word() -> None:
    assert [chr(code) for code in tokenise("a-b ü.c").followers] == ["-", " ", ".", "\0"]
