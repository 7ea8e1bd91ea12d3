from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.spelled import SPELLED_DIGITS, SPELLED_SIGNS

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("obfuscation", "text", "reading"),
    [
        (SPELLED_DIGITS, "four one, one one two-two three three", "41112233"),
        (SPELLED_DIGITS, "double four triple one five six seven", "44111567"),
        (SPELLED_DIGITS, "null eins zwei drei vier fünf sechs sieben", "01234567"),
        (SPELLED_DIGITS, "un deux trois quatre cinq six sept huit neuf", "123456789"),
        (SPELLED_DIGITS, "one two three", None),
        (SPELLED_SIGNS, "to john dot smith at contoso dot com, please", "to john.smith@contoso.com, please"),
        (SPELLED_SIGNS, "john (at) contoso (dot) co [dot] uk", "john@contoso.co.uk"),
        (SPELLED_SIGNS, "look at the dot com boom", None),
        (SPELLED_SIGNS, "they met at noon, dot", None),
    ],
)
def test_readings(read: Read, obfuscation: Obfuscation, text: str, reading: str | None) -> None:
    assert read(obfuscation, text) == reading
