from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.bidirectional import BIDIRECTIONAL
from promptguard.detectors.deobfuscation.interface import Obfuscation

type Read = Callable[[Obfuscation, str], str | None]

OVERRIDE, POP = "\u202e", "\u202c"


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        (f"card {OVERRIDE}7646343088419354{POP} ok", "card 4539148803436467 ok"),
        (f"password: {OVERRIDE}9Qx2Xretnuh{POP}", "password: hunterX2xQ9"),
        (f"{OVERRIDE}moc.osotnoc@nhoj", "john@contoso.com"),
        (f"{OVERRIDE}cba\nd {OVERRIDE}fe{POP}g", "abc\nd efg"),
        (f"{OVERRIDE}a{POP}", None),
        (f"a\u200bb {POP}cba", None),
    ],
)
def test_readings(read: Read, text: str, reading: str | None) -> None:
    assert read(BIDIRECTIONAL, text) == reading
