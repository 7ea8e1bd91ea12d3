from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.backwards import BACKWARDS
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("2retnuh :drowssap", "password: hunter2"),
        ("ed.osotnoc@htims.nhoj", "john.smith@contoso.de"),
        ("it is em.osotnoc@htims", "it is smith@contoso.me"),
        ("x\nX2ELPMAT5GIRGE3QAIKA y", "x\nAKIAQ3EGRIG5TAMPLE2X y"),
        ("00 0310 2350 4400 4073 98ED", "DE89 3704 0044 0532 0130 00"),
        ("7646 3430 8841 9354", "4539 1488 0343 6467"),
        ("7646 3430 8841 9354\n7646 3430 8841 9355", None),
        (
            "-----YEK ETAVIRP DNE-----\nAAAA\n-----YEK ETAVIRP NIGEB-----",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
        ),
        ("ed. note: YEK ETAVIRP without an end", None),
        ("nothing to be seen here", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(BACKWARDS, text) == reading
