from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.unicode_forms import CONTROLS, UNICODE

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("obfuscation", "text", "reading"),
    [
        (UNICODE, "AK\u200bIA\xadX", "AKIAX"),
        (UNICODE, "ＡＫＩＡ１：２", "AKIA1:2"),
        (UNICODE, "АKIА", "AKIA"),
        (UNICODE, "Московское время 5", None),
        (UNICODE, "\U0001d400\U0001d7d7 a", "A9 a"),
        (UNICODE, "١٢٣٤", "1234"),
        (UNICODE, "4539\u00a01488\u20110343", "4539 1488-0343"),
        (UNICODE, "A\u0336K\u0336", "AK"),
        (UNICODE, "Mu\u0308ller", None),
        (UNICODE, "x\U000e0041\U000e0042\U000e0043\U000e0044y", "x ABCD y"),
        (UNICODE, "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
        (UNICODE, "Größe, 10–12 Uhr".replace("10–12", "zehn"), None),
        (CONTROLS, "A\0K\x1b[31mI\x07A", "AKIA"),
        (CONTROLS, "tab\tand\r\nline", None),
    ],
)
def test_readings(read: Read, obfuscation: Obfuscation, text: str, reading: str | None) -> None:
    assert read(obfuscation, text) == reading
