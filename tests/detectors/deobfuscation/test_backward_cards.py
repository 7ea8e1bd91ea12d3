from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.backward_cards import BACKWARD_CARDS
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("my card: 7646343088419354", "my card: 4539148803436467"),
        ("7646343088419354 is reversed", "4539148803436467 is reversed"),
        ("rückwärts gelesen: 7646343088419354.", "rückwärts gelesen: 4539148803436467."),
        ("my card: 7646343088419355", None),
        ("order 7646343088419354", None),
        ("my card is 3.7646343088419354", None),
        ("discard 7646343088419354", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(BACKWARD_CARDS, text) == reading
