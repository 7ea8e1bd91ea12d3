import codecs
from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.rotation import ROTATED

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("zl " + codecs.encode("password: hunter2", "rot13"), "zl password: hunter2"),
        ("see " + codecs.encode("ghp_abc", "rot13") + "\nabc", "see ghp_abc\nabc"),
        ("the tuc is a union", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(ROTATED, text) == reading
