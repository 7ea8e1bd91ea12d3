from collections.abc import Callable

import pytest

from promptguard.detectors.deobfuscation.interface import Obfuscation
from promptguard.detectors.deobfuscation.parameter_pieces import PARAMETER_PIECES


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ('a; title*0="abc"; title*1="def"; title*2="ghi"', 'a; title*0="abcdefghi"'),
        ("a; title*0=abc ;\r\n title*1=def", "a; title*0=abcdef"),
        ("a; title*0*=utf-8''abc; title*1*=d%65f", "a; title*0*=utf-8''abcd%65f"),
        ('a; title*1="def"', None),
        ("area = side*2=x; y", None),
        ("for (;;) x*0=1; y*2=3", None),
    ],
)
def test_pieces_of_a_parameter_are_one(
    read: Callable[[Obfuscation, str], str | None], text: str, reading: str | None
) -> None:
    assert read(PARAMETER_PIECES, text) == reading
