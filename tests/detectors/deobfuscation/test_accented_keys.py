import unicodedata

import pytest

from promptguard.detectors.deobfuscation.views import views

KEY = "AKIA" + "3KV7QWZ5TJ2NDLX6"


@pytest.mark.parametrize("value", [KEY, "ghp_" + "pLIix6MEOLeMa61EqJomTEI1JEzO3j3luGwJ", "4539148803436467"])
@pytest.mark.parametrize("mark", ["\u0301", "\u0336", "\u0323\u0308"])
def test_marks_are_taken_off_keys(value: str, mark: str) -> None:
    every = "".join(character + mark for character in value)
    for hidden in (every, unicodedata.normalize("NFC", every), f"{value[:6]}{mark}{value[6:]}"):
        assert f"key {value}." in [view.text for view in views(f"key {hidden}.")]


@pytest.mark.parametrize(
    "text", ["Cafe\u0301 2024", "re\u0301sume\u03012_final.pdf", "ti\u0300m 10 ngu\u031bo\u031b\u0300i"]
)
def test_words_keep_their_accents(text: str) -> None:
    assert views(text) == []
