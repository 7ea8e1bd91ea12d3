import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from promptguard.detectors.patterns.ascii_projection import ascii_projection, image


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain\ttext\x1f", b"plain\ttext\x1f"),
        ("Größe", b"Gr__e"),
        ("٣४", b"34"),
        ("a\u00a0b\u2003", b"a\x0bb\x0b"),
        ("\u212aelvin ſ", b"kelvin s"),
        ("😀–\ud800", b"\x1f\x1f\x1f"),
        ("𠀀\U000e0001", b"_\x1f"),
    ],
)
def test_ascii_projection(text: str, expected: bytes) -> None:
    assert ascii_projection(text) == expected


@given(st.text(st.characters()))
def test_classes_of_characters_are_kept(text: str) -> None:
    cast = ascii_projection(text).decode("ascii")
    assert len(cast) == len(text)
    for expression in (r"\w", r"\d", r"\s", r"\b"):
        found = [match.start() for match in regex.finditer(expression, text)]
        assert found == [match.start() for match in regex.finditer(expression, cast)]


def test_image_of_a_class() -> None:
    assert image(regex.compile("[a-cé]+")) == {*b"abc_"}
    assert image(regex.compile(r"\d+")) == {*b"0123456789"}
