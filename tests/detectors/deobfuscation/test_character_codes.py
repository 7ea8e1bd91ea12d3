from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.character_codes import CHARACTER_CODES
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("x 68 65 6c 6c 6f 20 79 6f 75 y", "x hello you y"),
        ("68:65:6c:6c:6f:20:79:6f:75", "hello you"),
        ("{0x68, 0x65, 0x6c, 0x6c, 0x6f, 0x20, 0x79, 0x6f}", "{hello yo}"),
        ("[104, 101, 108, 108, 111, 32, 121, 111, 117]", "[hello you]"),
        (" ".join(f"{ord(c):08b}" for c in "hello you"), "hello you"),
        ("68 65 6c 6c", None),
        ("25, 30, 41, 55, 12, 300, 400, 55, 60", None),
        ("00:1a:2b:3c:4d:5e", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(CHARACTER_CODES, text) == reading
