from __future__ import annotations

import pytest

from promptguard.detectors.names.languages.unknown_scripts import MIN_LETTERS, UNDETERMINED, unknown_scripts


@pytest.mark.parametrize(
    ("letter", "language"),
    [("ក", "km"), ("ກ", "lo"), ("က", "my"), ("ཀ", "bo"), ("ᠠ", "mn-Mong"), ("ހ", "dv"), ("Ꭰ", "chr"), ("ⴰ", "zgh"),
     ("ᒪ", "iu-Cans"), ("ꀀ", "ii"), ("𐊀", UNDETERMINED)],
)  # fmt: skip
def test_letters_count_from_some_on(letter: str, language: str) -> None:
    assert unknown_scripts(f"Names: {letter * MIN_LETTERS}") == {language}
    assert unknown_scripts(f"Names: {letter * (MIN_LETTERS - 1)}") == frozenset()


@pytest.mark.parametrize(
    "letter", ["a", "ß", "ж", "α", "ა", "ա", "ع", "ש", "अ", "ก", "中", "ア", "あ", "한", "ㄅ", "𝐱", "🙂", "１"]
)
def test_known_scripts_and_signs_do_not(letter: str) -> None:
    assert unknown_scripts(letter * MIN_LETTERS) == frozenset()
