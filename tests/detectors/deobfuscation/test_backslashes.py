from __future__ import annotations

from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.backslashes import BACKSLASHES
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize("count", [4, 7, 15, 31, 64, 5_000])
@pytest.mark.parametrize(
    ("text", "reading"),
    [('a = {}"x{}"', 'a = "x"'), ('password = "{}x"', 'password = "x"'), ("a{}nb", "a\\nb")],
)
def test_runs(read: Read, text: str, reading: str, count: int) -> None:
    found = read(BACKSLASHES, text.replace("{}", "\\" * count))
    assert found is not None
    assert reading.replace("\\n", "\n") in (found, found.replace("anb", "a\nb"))


@pytest.mark.parametrize("text", [r"C:\\Users", r'"a\"b', "\\\\\\" + '"'])
def test_short_runs_stay(read: Read, text: str) -> None:
    assert read(BACKSLASHES, text) is None
