import pytest

from promptguard.detectors.deobfuscation.character_classes import unicode_classes


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("aZ5 -", b"aa0.."),
        ("ä\xa0\xad5ßñ", b"csi0.c"),
        ("А\u200bＡ\u0336\u2013\U000e0041\U000e0101", b"LiFmdti"),
        ("中\ud800\u0591", b"..."),
    ],
)
def test_classes(text: str, classes: bytes) -> None:
    assert unicode_classes(text) == classes
