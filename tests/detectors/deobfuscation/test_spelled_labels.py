from __future__ import annotations

from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.spelled_labels import SPELLED_LABELS

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("my p a s s w o r d is x", "my password is x"),
        ("P.A.S.S.W.O.R.D: x", "PASSWORD: x"),
        ("t-o-k-e-n x", "token x"),
        ("a p a s s i n g word", None),
        ("xp a s s w o r d", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(SPELLED_LABELS, text) == reading
